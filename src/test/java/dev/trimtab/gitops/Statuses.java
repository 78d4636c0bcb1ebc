package dev.trimtab.gitops;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** InferenceServices as KServe 0.20 shows them (inference_service_status.go, predictor.go 247-269), and older ones. */
enum Statuses {
    NEW("{}", "", "Progressing: Waiting for KServe", false),
    DEPLOYING(
            "{}",
            "conditions: [{type: PredictorReady, status: Unknown}, {type: Ready, status: Unknown}]",
            "Progressing: Waiting for KServe",
            false),
    RUNNING(
            "{serving.kserve.io/deploymentMode: Standard}",
            "conditions: [{type: IngressReady, status: \"True\"}, {type: PredictorReady, status: \"True\"},"
                    + " {type: Ready, status: \"True\"}, {type: Stopped, status: \"False\", severity: Info}]",
            "Healthy: Ready",
            true),
    RUNNING_BEFORE_STOP_WAS_KNOWN(
            "{serving.kserve.io/stop: \"false\"}",
            "conditions: [{type: Ready, status: \"True\"}]",
            "Healthy: Ready",
            true),
    CHANGED(
            "{}",
            "observedGeneration: 1, conditions: [{type: Ready, status: \"True\"}]",
            "Progressing: KServe has not seen the last change yet",
            true),
    STOPPING(
            "{serving.kserve.io/stop: \"true\"}",
            "conditions: [{type: Ready, status: \"True\"}, {type: Stopped, status: \"False\", severity: Info}]",
            "Progressing: Stopping",
            true),
    STOPPED(
            "{serving.kserve.io/stop: \"True\"}",
            "conditions: [{type: PredictorReady, status: \"False\", reason: Stopped},"
                    + " {type: Ready, status: \"False\", reason: Stopped}, {type: Stopped, status: \"True\", severity: Info}]",
            "Suspended: Stopped by serving.kserve.io/stop",
            true),
    STARTING(
            "{}",
            "conditions: [{type: Ready, status: \"False\", reason: Stopped}, {type: Stopped, status: \"True\"}]",
            "Progressing: Starting",
            true),
    FAILED(
            "{}",
            "conditions: [{type: IngressReady, status: \"True\"}, {type: PredictorReady, status: \"False\", reason: RevisionFailed,"
                    + " message: \"Initial scale was never achieved\"}, {type: Ready, status: \"False\"},"
                    + " {type: Stopped, status: \"False\", severity: Info}]",
            "Degraded: PredictorReady: RevisionFailed, Initial scale was never achieved; Ready: False",
            false);

    private final String annotations;
    private final String status;
    private final String health;
    private final boolean current;

    Statuses(String annotations, String status, String health, boolean current) {
        this.annotations = annotations;
        this.status = status;
        this.health = health;
        this.current = current;
    }

    ObjectNode object() {
        ObjectNode object = Recipes.yaml("""
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: llama, generation: 2, annotations: %s}
                status: {%s}
                """.formatted(annotations, status));
        if (object.path("status").isEmpty()) {
            object.remove("status");
        }
        if (object.at("/metadata/annotations").isEmpty()) {
            object.withObject("/metadata").remove("annotations");
        }
        return object;
    }

    /** As Argo CD is to show it. */
    String health() {
        return health;
    }

    /** Whether Flux is to wait no longer. */
    boolean isCurrent() {
        return current;
    }
}
