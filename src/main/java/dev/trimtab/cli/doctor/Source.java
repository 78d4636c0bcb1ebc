package dev.trimtab.cli.doctor;

import dev.trimtab.kube.RawClient;

/** What is read of the cluster, each once. */
enum Source {
    VERSION("/version"),
    MUTATING("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", true),
    VALIDATING("/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations", true),
    NAMESPACES("/api/v1/namespaces", true),
    WEBHOOK("/apis/apps/v1/namespaces/{trimtab}/deployments/trimtab"),
    CONTROLLER("/apis/apps/v1/namespaces/{trimtab}/deployments/trimtab-controller"),
    PODS(
            "/api/v1/namespaces/{trimtab}/pods?labelSelector="
                    + RawClient.encoded("app.kubernetes.io/name in (trimtab,trimtab-controller)"),
            true),
    ENDPOINTS(
            "/apis/discovery.k8s.io/v1/namespaces/{trimtab}/endpointslices?labelSelector="
                    + RawClient.encoded("kubernetes.io/service-name=" + Source.SERVICE),
            true),
    LEASE("/apis/coordination.k8s.io/v1/namespaces/{trimtab}/leases/trimtab-controller"),
    POLICY("/api/v1/namespaces/{trimtab}/configmaps/trimtab-policy"),
    /** The Secret that the webhook mounts. */
    SECRET("/api/v1/namespaces/{trimtab}/secrets/{secret}"),
    /** cert-manager's: the CA's and the webhook's. */
    CERTIFICATES("/apis/cert-manager.io/v1/namespaces/{trimtab}/certificates", true),
    /** The Deployments that show where KServe, Knative and cert-manager are, and their versions. */
    KSERVE("/apis/apps/v1/deployments?fieldSelector=metadata.name%3Dkserve-controller-manager", true),
    KNATIVE("/apis/apps/v1/deployments?fieldSelector=metadata.name%3Dactivator", true),
    CERT_MANAGER("/apis/apps/v1/deployments?fieldSelector=metadata.name%3Dcert-manager", true),
    KNATIVE_CONFIG("/api/v1/namespaces/{knative}/configmaps/config-autoscaler"),

    // Each of these takes more than one request: see ClusterReader.
    /** By name of the pod, its readiness check, or {@code unread} with the reason. */
    HEALTH(""),
    /** The shipped rights that an account lacks. */
    LACKING(""),
    /** What {@code trimtab scan -A} finds. */
    SCAN(""),
    /** The dry-run create; missing without {@code --write}. */
    WRITE("");

    static final String SERVICE = "trimtab-webhook";

    private final String path;
    private final boolean list;

    Source(String path) {
        this(path, false);
    }

    Source(String path, boolean list) {
        this.path = path;
        this.list = list;
    }

    boolean isList() {
        return list;
    }

    boolean hasPath() {
        return !path.isEmpty();
    }

    String path(Places places, String secret) {
        return path.replace("{trimtab}", RawClient.encoded(places.trimtab()))
                .replace("{knative}", RawClient.encoded(places.knative()))
                .replace("{secret}", RawClient.encoded(secret));
    }
}
