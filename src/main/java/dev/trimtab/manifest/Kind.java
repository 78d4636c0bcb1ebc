package dev.trimtab.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.List;

public enum Kind {
    KNATIVE_SERVICE("serving.knative.dev/v1", "Service"),
    INFERENCE_SERVICE("serving.kserve.io/v1beta1", "InferenceService"),
    INFERENCE_GRAPH("serving.kserve.io/v1alpha1", "InferenceGraph"),
    /** Only Deployments that KServe renders in Standard mode (RawDeployment). */
    DEPLOYMENT("apps/v1", "Deployment"),
    /** An object of AIBrix. It scales other workloads and starts no pods itself. */
    POD_AUTOSCALER("autoscaling.aibrix.ai/v1alpha1", "PodAutoscaler"),
    OTHER("", "");

    private static final List<Kind> ALL = List.of(values());
    private static final JsonPointer SPEC = Pointers.of("spec");

    private final String apiVersion;
    private final String name;

    Kind(String apiVersion, String name) {
        this.apiVersion = apiVersion;
        this.name = name;
    }

    public String displayName() {
        return this == OTHER ? "other" : name;
    }

    public String apiVersion() {
        return apiVersion;
    }

    /** The part of the object whose changes start new pods: {@code spec.template}, or all of {@code spec}. */
    public JsonPointer template() {
        return this == KNATIVE_SERVICE || this == DEPLOYMENT ? KnativeService.TEMPLATE : SPEC;
    }

    public boolean isRendered() {
        return this == INFERENCE_SERVICE || this == INFERENCE_GRAPH;
    }

    static Kind of(String apiVersion, String name) {
        for (Kind kind : ALL) {
            if (kind != OTHER && kind.apiVersion.equals(apiVersion) && kind.name.equals(name)) {
                return kind;
            }
        }
        return OTHER;
    }
}
