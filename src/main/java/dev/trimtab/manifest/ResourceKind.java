package dev.trimtab.manifest;

import java.util.Locale;

/**
 * A kind of objects as the API server names it. The versions are those that KServe 0.14 to 0.20 writes, or that every
 * cluster serves.
 */
public record ResourceKind(String group, String version, String kindName, boolean namespaced) {
    public static final ResourceKind POD = of("", "v1", "Pod");
    public static final ResourceKind EVENT = of("", "v1", "Event");
    public static final ResourceKind SERVICE = of("", "v1", "Service");
    public static final ResourceKind RESOURCE_QUOTA = of("", "v1", "ResourceQuota");
    public static final ResourceKind NAMESPACE = ofCluster("", "v1", "Namespace");
    public static final ResourceKind CUSTOM_RESOURCE_DEFINITION =
            ofCluster("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
    public static final ResourceKind DEPLOYMENT = of("apps", "v1", "Deployment");
    public static final ResourceKind REPLICA_SET = of("apps", "v1", "ReplicaSet");
    public static final ResourceKind STATEFUL_SET = of("apps", "v1", "StatefulSet");
    public static final ResourceKind HORIZONTAL_POD_AUTOSCALER = of("autoscaling", "v1", "HorizontalPodAutoscaler");
    public static final ResourceKind INGRESS = of("networking.k8s.io", "v1", "Ingress");
    public static final ResourceKind KNATIVE_SERVICE = of("serving.knative.dev", "v1", "Service");
    public static final ResourceKind CONFIGURATION = of("serving.knative.dev", "v1", "Configuration");
    public static final ResourceKind REVISION = of("serving.knative.dev", "v1", "Revision");
    public static final ResourceKind INFERENCE_SERVICE = of("serving.kserve.io", "v1beta1", "InferenceService");
    public static final ResourceKind INFERENCE_GRAPH = of("serving.kserve.io", "v1alpha1", "InferenceGraph");
    /** All KServe versions from 0.17 on serve v1alpha1; 0.20 stores v1alpha2. */
    public static final ResourceKind LLM_INFERENCE_SERVICE = of("serving.kserve.io", "v1alpha1", "LLMInferenceService");

    public static final ResourceKind POD_AUTOSCALER = of("autoscaling.aibrix.ai", "v1alpha1", "PodAutoscaler");
    public static final ResourceKind SCALED_OBJECT = of("keda.sh", "v1alpha1", "ScaledObject");
    public static final ResourceKind OPEN_TELEMETRY_COLLECTOR =
            of("opentelemetry.io", "v1beta1", "OpenTelemetryCollector");
    public static final ResourceKind VIRTUAL_SERVICE = of("networking.istio.io", "v1beta1", "VirtualService");
    public static final ResourceKind HTTP_ROUTE = of("gateway.networking.k8s.io", "v1", "HTTPRoute");
    public static final ResourceKind LEADER_WORKER_SET = of("leaderworkerset.x-k8s.io", "v1", "LeaderWorkerSet");

    private static ResourceKind of(String group, String version, String kindName) {
        return new ResourceKind(group, version, kindName, true);
    }

    private static ResourceKind ofCluster(String group, String version, String kindName) {
        return new ResourceKind(group, version, kindName, false);
    }

    /** As the field {@code apiVersion} has it. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As a path of the API has it. */
    public String plural() {
        String name = kindName.toLowerCase(Locale.ROOT);
        return name + (name.endsWith("s") ? "es" : "s");
    }
}
