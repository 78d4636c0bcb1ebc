package dev.trimtab.policy;

/** Whether initial-scale is written where Knative alone would start the same number. */
public enum InitialScaleWrite implements PolicyTerm {
    /** Write it: an explicit number does not follow later changes of the cluster's default. */
    ALWAYS,

    /** Write it only where Knative alone would start another number. */
    WHEN_NEEDED
}
