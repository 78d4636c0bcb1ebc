package dev.trimtab.cluster;

/** What tells, in Knative's namespace, that something beside Knative is installed. */
public final class ClusterParts {
    /** Of the extension serving-progressive-rollout; that this ConfigMap exists says that the extension is installed. */
    public static final String PROGRESSIVE_ROLLOUT = "config-rolloutorchestrator";

    /** Knative's autoscaler for the HPA class, a Deployment that comes in a file of its own (serving-hpa.yaml). */
    public static final String HPA = "autoscaler-hpa";

    private ClusterParts() {}
}
