package dev.trimtab.policy;

/** How many pods the next revision of a running service starts with, where the author wrote no initial-scale. */
public enum InitialScaleOnUpdate implements PolicyTerm {
    /** As many as that of a new service. */
    KEEP,

    /** As many as carry the traffic now, times a factor, within min-scale and max-scale. */
    TRAFFIC_MATCHED
}
