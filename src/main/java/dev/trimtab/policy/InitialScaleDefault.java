package dev.trimtab.policy;

/** How many pods a new revision starts with where the author wrote no initial-scale. */
public enum InitialScaleDefault implements PolicyTerm {
    /** As many as min-scale, at least what Knative allows. */
    MIN_REPLICAS,

    /** The cluster's own {@code initial-scale}, at most max-scale. */
    CLUSTER
}
