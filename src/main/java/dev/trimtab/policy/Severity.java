package dev.trimtab.policy;

/** What is done where a check finds something. */
public enum Severity implements Term {
    /** The object is refused. */
    DENY("Deny"),

    /** Its author is told. */
    WARN("Warn"),

    /** Nothing. */
    IGNORE("Ignore");

    private final String term;

    Severity(String term) {
        this.term = term;
    }

    @Override
    public String term() {
        return term;
    }
}
