package dev.trimtab.policy;

/** Whether the KServe of this cluster stops services itself. */
public enum NativeStop implements Term {
    /** Trimtab sees it by what KServe does. */
    AUTO("Auto"),

    /** It does: no guard and no status is written. */
    ALWAYS("Always"),

    /** It does not: Trimtab tears a stopped service down at once. */
    NEVER("Never");

    private final String term;

    NativeStop(String term) {
        this.term = term;
    }

    @Override
    public String term() {
        return term;
    }
}
