package dev.trimtab.manifest;

import java.util.Locale;

/**
 * A resource type of the API server. Its version is the one that KServe 0.14 to 0.20 writes, or that every cluster
 * serves.
 */
public enum ResourceKind {
    POD("", "v1", "Pod", true),
    EVENT("", "v1", "Event", true),
    SERVICE("", "v1", "Service", true),
    SECRET("", "v1", "Secret", true),
    RESOURCE_QUOTA("", "v1", "ResourceQuota", true),
    NAMESPACE("", "v1", "Namespace", false),
    CUSTOM_RESOURCE_DEFINITION("apiextensions.k8s.io", "v1", "CustomResourceDefinition", false),
    MUTATING_WEBHOOK_CONFIGURATION("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", false),
    VALIDATING_WEBHOOK_CONFIGURATION("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", false),
    DEPLOYMENT("apps", "v1", "Deployment", true),
    REPLICA_SET("apps", "v1", "ReplicaSet", true),
    STATEFUL_SET("apps", "v1", "StatefulSet", true),
    HORIZONTAL_POD_AUTOSCALER("autoscaling", "v1", "HorizontalPodAutoscaler", true),
    INGRESS("networking.k8s.io", "v1", "Ingress", true),
    KNATIVE_SERVICE("serving.knative.dev", "v1", "Service", true),
    CONFIGURATION("serving.knative.dev", "v1", "Configuration", true),
    REVISION("serving.knative.dev", "v1", "Revision", true),
    INFERENCE_SERVICE("serving.kserve.io", "v1beta1", "InferenceService", true),
    INFERENCE_GRAPH("serving.kserve.io", "v1alpha1", "InferenceGraph", true),
    /** All KServe versions from 0.17 on serve v1alpha1; 0.20 stores v1alpha2. */
    LLM_INFERENCE_SERVICE("serving.kserve.io", "v1alpha1", "LLMInferenceService", true),

    SERVING_SCHEDULE("trimtab.dev", "v1alpha1", "ServingSchedule", true),
    POD_AUTOSCALER("autoscaling.aibrix.ai", "v1alpha1", "PodAutoscaler", true),
    SCALED_OBJECT("keda.sh", "v1alpha1", "ScaledObject", true),
    OPEN_TELEMETRY_COLLECTOR("opentelemetry.io", "v1beta1", "OpenTelemetryCollector", true),
    VIRTUAL_SERVICE("networking.istio.io", "v1beta1", "VirtualService", true),
    HTTP_ROUTE("gateway.networking.k8s.io", "v1", "HTTPRoute", true),
    LEADER_WORKER_SET("leaderworkerset.x-k8s.io", "v1", "LeaderWorkerSet", true);

    private final String group;
    private final String version;
    private final String kindName;
    private final boolean namespaced;

    ResourceKind(String group, String version, String kindName, boolean namespaced) {
        this.group = group;
        this.version = version;
        this.kindName = kindName;
        this.namespaced = namespaced;
    }

    public String group() {
        return group;
    }

    public String version() {
        return version;
    }

    public String kindName() {
        return kindName;
    }

    public boolean namespaced() {
        return namespaced;
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public String plural() {
        String name = kindName.toLowerCase(Locale.ROOT);
        return name + (name.endsWith("s") ? "es" : "s");
    }
}
