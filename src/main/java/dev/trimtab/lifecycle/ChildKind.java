package dev.trimtab.lifecycle;

/**
 * What KServe makes of a service, in the order in which it is taken down: first what would scale it up again, then what
 * holds pods, at last the ways to it. The versions are those that KServe 0.14 to 0.20 writes, or that every cluster serves.
 */
public enum ChildKind {
    HORIZONTAL_POD_AUTOSCALER("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    SCALED_OBJECT("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects"),
    KNATIVE_SERVICE("serving.knative.dev", "v1", "Service", "services"),
    DEPLOYMENT("apps", "v1", "Deployment", "deployments"),
    OPEN_TELEMETRY_COLLECTOR("opentelemetry.io", "v1beta1", "OpenTelemetryCollector", "opentelemetrycollectors"),
    VIRTUAL_SERVICE("networking.istio.io", "v1beta1", "VirtualService", "virtualservices"),
    HTTP_ROUTE("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes"),
    INGRESS("networking.k8s.io", "v1", "Ingress", "ingresses"),
    SERVICE("", "v1", "Service", "services");

    private final String group;
    private final String version;
    private final String kindName;
    private final String plural;

    ChildKind(String group, String version, String kindName, String plural) {
        this.group = group;
        this.version = version;
        this.kindName = kindName;
        this.plural = plural;
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

    public String plural() {
        return plural;
    }

    /** Whether pods come of it, so that it has to stay away for as long as the service is stopped. */
    public boolean holdsPods() {
        return this == KNATIVE_SERVICE || this == DEPLOYMENT;
    }

    /** As a person would say it. */
    @Override
    public String toString() {
        return this == KNATIVE_SERVICE ? "Knative Service" : kindName;
    }
}
