package dev.trimtab.policy;

/** What max-scale becomes where the author wrote none. */
public enum MaxScaleWhenUnset implements PolicyTerm {
    /** No upper bound: {@code "0"}, or the cluster's {@code max-scale-limit} where there is one. */
    UNBOUNDED,

    /** The cluster's own {@code max-scale}, written out. */
    INHERIT
}
