package dev.trimtab.policy;

/** What an object is to the author; {@code match.kinds} names these. */
public enum ServiceKind implements Term {
    /** A Knative Service that someone wrote. */
    KNATIVE_SERVICE("KnativeService"),

    /** An InferenceService of KServe, or the Knative Service that KServe renders for one. */
    INFERENCE_SERVICE("InferenceService"),

    /** An InferenceGraph of KServe, or the Knative Service that KServe renders for one. */
    INFERENCE_GRAPH("InferenceGraph"),

    /** A PodAutoscaler of AIBrix, for the target that it scales. */
    POD_AUTOSCALER("PodAutoscaler");

    private final String term;

    ServiceKind(String term) {
        this.term = term;
    }

    @Override
    public String term() {
        return term;
    }
}
