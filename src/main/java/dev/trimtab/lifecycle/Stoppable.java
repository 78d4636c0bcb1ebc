package dev.trimtab.lifecycle;

import dev.trimtab.manifest.ResourceKind;
import java.util.Locale;

public enum Stoppable {
    INFERENCE_SERVICE(ResourceKind.INFERENCE_SERVICE, Stoppable.GROUP + "/inferenceservice", ""),
    INFERENCE_GRAPH(ResourceKind.INFERENCE_GRAPH, Stoppable.GROUP + "/inferencegraph", ""),
    /** KServe stops this kind from 0.17 on. All those versions serve v1alpha1 (kserve 0.20 stores v1alpha2). */
    LLM_INFERENCE_SERVICE(
            ResourceKind.LLM_INFERENCE_SERVICE,
            "app.kubernetes.io/name",
            "app.kubernetes.io/part-of=llminferenceservice,");

    public static final String GROUP = "serving.kserve.io";

    private final ResourceKind resource;
    private final String nameLabel;
    private final String selector;

    Stoppable(ResourceKind resource, String nameLabel, String selector) {
        this.resource = resource;
        this.nameLabel = nameLabel;
        this.selector = selector;
    }

    public String kindName() {
        return resource.kindName();
    }

    public ResourceKind resource() {
        return resource;
    }

    public String plural() {
        return resource.plural();
    }

    /** Label of each pod, in every mode. Its value is the name of the service. */
    public String nameLabel() {
        return nameLabel;
    }

    /** Label selector of pods, and of objects that start pods, of all services of this kind. */
    public String selector() {
        return selector + nameLabel;
    }

    public String selector(String name) {
        return selector() + "=" + name;
    }

    /** Whether Trimtab takes a service down if KServe does not. An LLMInferenceService has too many parts. */
    public boolean isTornDown() {
        return this != LLM_INFERENCE_SERVICE;
    }

    /** The kind as an argument of the command line. */
    @Override
    public String toString() {
        return resource.kindName().toLowerCase(Locale.ROOT);
    }
}
