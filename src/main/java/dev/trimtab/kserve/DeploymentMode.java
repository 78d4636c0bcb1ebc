package dev.trimtab.kserve;

import dev.trimtab.manifest.Manifest;
import java.util.Optional;

/** What KServe renders for an InferenceService or InferenceGraph (kserve 0.20, GetDeploymentMode, utils.go 224-248). */
public enum DeploymentMode {
    /** Knative Services; also called Serverless. */
    KNATIVE,
    /** Deployments with an HPA or KEDA; also called RawDeployment. */
    STANDARD,
    /** Pods that serve many models each. Trimtab never touches them. */
    MODEL_MESH;

    private static final String ANNOTATION = "serving.kserve.io/deploymentMode";

    /**
     * The mode in KServe's order: status, annotation, cluster default. KServe 0.17 and later write the annotation on
     * InferenceServices unless the mode is Knative. On a graph KServe writes neither status nor annotation.
     */
    public static DeploymentMode of(Manifest object, DeploymentMode byDefault) {
        return shownBy(object).orElse(byDefault);
    }

    /** Empty if neither the status nor the annotation names a mode. */
    public static Optional<DeploymentMode> shownBy(Manifest object) {
        String recorded = object.root().path("status").path("deploymentMode").asText("");
        return named(recorded).or(() -> object.annotations().text(ANNOTATION).flatMap(DeploymentMode::named));
    }

    /** By its present or older name. Empty if the name is unknown. */
    public static Optional<DeploymentMode> named(String name) {
        return switch (name) {
            case "Knative", "Serverless" -> Optional.of(KNATIVE);
            case "Standard", "RawDeployment" -> Optional.of(STANDARD);
            case "ModelMesh" -> Optional.of(MODEL_MESH);
            default -> Optional.empty();
        };
    }
}
