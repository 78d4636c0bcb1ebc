package dev.trimtab.policy;

/** What happens to an author's value that Knative would refuse or that would misbehave. */
public enum Conflicts implements Term {
    /** Move it to the nearest value that works, and warn. */
    CLAMP("Clamp"),

    /** Leave it, and warn. */
    WARN("Warn"),

    /** Refuse the object, and say why. */
    DENY("Deny");

    private final String term;

    Conflicts(String term) {
        this.term = term;
    }

    @Override
    public String term() {
        return term;
    }
}
