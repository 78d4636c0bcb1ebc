package dev.trimtab.lifecycle;

import dev.trimtab.manifest.ResourceKind;
import java.util.Locale;

/** The kinds that KServe stops by annotation. */
public enum Stoppable {
    INFERENCE_SERVICE(ResourceKind.INFERENCE_SERVICE, Stoppable.GROUP + "/inferenceservice", ""),
    INFERENCE_GRAPH(ResourceKind.INFERENCE_GRAPH, Stoppable.GROUP + "/inferencegraph", ""),
    /** KServe 0.17 and newer stop it themselves. v1alpha1 is what all of them serve (kserve 0.20 stores v1alpha2). */
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

    /** As the field {@code kind} has it. */
    public String kindName() {
        return resource.kindName();
    }

    public ResourceKind resource() {
        return resource;
    }

    public String plural() {
        return resource.plural();
    }

    /** KServe gives it to each pod, in every mode; its value is the name of the service. */
    public String nameLabel() {
        return nameLabel;
    }

    /** Selects what KServe makes of all services of this kind: pods, and what makes pods. */
    public String selector() {
        return selector + nameLabel;
    }

    /** Selects what KServe makes of one service. */
    public String selector(String name) {
        return selector() + "=" + name;
    }

    /** Whether Trimtab takes it down where KServe does not. An LLMInferenceService has too many parts of its own. */
    public boolean isTornDown() {
        return this != LLM_INFERENCE_SERVICE;
    }

    /** As the command line takes it. */
    @Override
    public String toString() {
        return resource.kindName().toLowerCase(Locale.ROOT);
    }
}
