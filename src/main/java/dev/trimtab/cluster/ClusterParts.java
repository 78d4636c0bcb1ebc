package dev.trimtab.cluster;

/** Objects in Knative's namespace which show that an addition to Knative is installed. */
public final class ClusterParts {
    /** ConfigMap of the extension serving-progressive-rollout: it exists only if the extension is installed. */
    public static final String PROGRESSIVE_ROLLOUT = "config-rolloutorchestrator";

    /** Deployment of Knative's autoscaler for the HPA class. It comes in a separate file (serving-hpa.yaml). */
    public static final String HPA = "autoscaler-hpa";

    private ClusterParts() {}
}
