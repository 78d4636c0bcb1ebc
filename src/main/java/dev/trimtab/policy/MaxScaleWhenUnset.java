package dev.trimtab.policy;

/** What max-scale becomes where the author wrote none. */
public enum MaxScaleWhenUnset implements Term {
    /** No upper bound: {@code "0"}, or the cluster's {@code max-scale-limit} where there is one. */
    UNBOUNDED("Unbounded"),

    /** The cluster's own {@code max-scale}, written out. */
    INHERIT("Inherit");

    private final String term;

    MaxScaleWhenUnset(String term) {
        this.term = term;
    }

    @Override
    public String term() {
        return term;
    }
}
