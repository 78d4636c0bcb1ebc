package dev.trimtab.policy;

/** What an object is to the author; {@code match.kinds} names these. */
public enum ServiceKind implements PolicyTerm {
    /** A Knative Service that someone wrote. */
    KNATIVE_SERVICE,

    /** An InferenceService of KServe, or the Knative Service that KServe renders for one. */
    INFERENCE_SERVICE,

    /** An InferenceGraph of KServe, or the Knative Service that KServe renders for one. */
    INFERENCE_GRAPH,

    /** A PodAutoscaler of AIBrix, for the target that it scales. */
    POD_AUTOSCALER
}
