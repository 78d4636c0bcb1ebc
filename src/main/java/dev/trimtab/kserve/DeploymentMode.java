package dev.trimtab.kserve;

import dev.trimtab.manifest.Manifest;
import java.util.Optional;

/** What KServe makes of an InferenceService or InferenceGraph (kserve 0.20, GetDeploymentMode, utils.go 224-248). */
public enum DeploymentMode {
    /** Knative Services; also called Serverless. */
    KNATIVE,
    /** Deployments with an HPA or KEDA; also called RawDeployment. */
    STANDARD,
    /** Models in pods that serve many of them: never touched. */
    MODEL_MESH;

    private static final String ANNOTATION = "serving.kserve.io/deploymentMode";

    /**
     * KServe's own order: the status, the annotation, else the cluster's default. KServe 0.17 and later write the
     * annotation on InferenceServices of other modes than Knative; a graph has neither.
     *
     * @param byDefault of the cluster
     */
    public static DeploymentMode of(Manifest object, DeploymentMode byDefault) {
        return shownBy(object).orElse(byDefault);
    }

    /** As far as the object itself shows it. */
    public static Optional<DeploymentMode> shownBy(Manifest object) {
        String recorded = object.root().path("status").path("deploymentMode").asText("");
        return named(recorded).or(() -> object.annotations().text(ANNOTATION).flatMap(DeploymentMode::named));
    }

    /** By a name, old or new; empty for an unknown one. */
    public static Optional<DeploymentMode> named(String name) {
        return switch (name) {
            case "Knative", "Serverless" -> Optional.of(KNATIVE);
            case "Standard", "RawDeployment" -> Optional.of(STANDARD);
            case "ModelMesh" -> Optional.of(MODEL_MESH);
            default -> Optional.empty();
        };
    }
}
