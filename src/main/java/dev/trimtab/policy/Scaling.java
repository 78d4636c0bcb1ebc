package dev.trimtab.policy;

import java.math.BigDecimal;

public record Scaling(
        MaxScaleWhenUnset maxScaleWhenUnset,
        InitialScaleDefault initialScaleDefault,
        InitialScaleWrite initialScaleWrite,
        InitialScaleOnUpdate initialScaleOnUpdate,
        BigDecimal initialScaleFactor) {

    /** The max-scale if the author wrote none. */
    public enum MaxScaleWhenUnset implements PolicyTerm {
        /** No upper bound: {@code "0"}, or the cluster's {@code max-scale-limit} if it has one. */
        UNBOUNDED,

        /** The cluster's own {@code max-scale}, written out. */
        INHERIT
    }

    /** How many pods a new revision starts with if the author wrote no initial-scale. */
    public enum InitialScaleDefault implements PolicyTerm {
        /** As many as min-scale, at least what Knative allows. */
        MIN_REPLICAS,

        /** The cluster's own {@code initial-scale}, at most max-scale. */
        CLUSTER
    }

    /** Whether to write initial-scale if Knative alone would start the same number. */
    public enum InitialScaleWrite implements PolicyTerm {
        /** Write it: an explicit number does not follow later changes of the cluster's default. */
        ALWAYS,

        /** Write it only if Knative alone would start another number. */
        WHEN_NEEDED
    }

    /** How many pods the next revision of a running service starts with if the author wrote no initial-scale. */
    public enum InitialScaleOnUpdate implements PolicyTerm {
        /** As many as for a new service. */
        KEEP,

        /** As many as carry the traffic now, times a factor, within min-scale and max-scale. */
        TRAFFIC_MATCHED
    }
}
