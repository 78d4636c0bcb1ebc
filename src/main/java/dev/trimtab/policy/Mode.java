package dev.trimtab.policy;

/** Whether Trimtab acts on what it decides. */
public enum Mode implements Term {
    /** Patch the object. */
    ENFORCE("Enforce"),

    /** Decide, warn and count, but fill and clamp nothing new. */
    AUDIT("Audit");

    private final String term;

    Mode(String term) {
        this.term = term;
    }

    @Override
    public String term() {
        return term;
    }
}
