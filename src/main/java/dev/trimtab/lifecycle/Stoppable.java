package dev.trimtab.lifecycle;

import dev.trimtab.manifest.Kind;
import java.util.Locale;

/** The kinds that KServe stops by annotation. */
public enum Stoppable {
    INFERENCE_SERVICE(Kind.INFERENCE_SERVICE, "v1beta1"),
    INFERENCE_GRAPH(Kind.INFERENCE_GRAPH, "v1alpha1");

    public static final String GROUP = "serving.kserve.io";

    private final Kind kind;
    private final String version;

    Stoppable(Kind kind, String version) {
        this.kind = kind;
        this.version = version;
    }

    /** As the field {@code kind} has it. */
    public String kindName() {
        return kind.displayName();
    }

    public String version() {
        return version;
    }

    public String plural() {
        return this + "s";
    }

    /** KServe gives it to each pod, in every mode; its value is the name of the service. */
    public String podLabel() {
        return GROUP + "/" + this;
    }

    /** As the command line takes it. */
    @Override
    public String toString() {
        return kindName().toLowerCase(Locale.ROOT);
    }
}
