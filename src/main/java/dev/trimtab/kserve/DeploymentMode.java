package dev.trimtab.kserve;

import dev.trimtab.manifest.Manifest;

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
     * KServe's own order: what the status recorded, the annotation, else Knative. KServe 0.17 and later write the
     * annotation where the cluster's default is another one.
     */
    public static DeploymentMode of(Manifest object) {
        String recorded = object.root().path("status").path("deploymentMode").asText("");
        String mode = recorded.isEmpty() ? object.annotations().text(ANNOTATION).orElse("") : recorded;
        return switch (mode) {
            case "Standard", "RawDeployment" -> STANDARD;
            case "ModelMesh" -> MODEL_MESH;
            default -> KNATIVE;
        };
    }
}
