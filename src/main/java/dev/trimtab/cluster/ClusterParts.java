package dev.trimtab.cluster;

import java.util.List;

/** Objects in Knative's namespace which show that an addition to Knative is installed. */
public final class ClusterParts {
    /** ConfigMap of the extension serving-progressive-rollout: it exists only if the extension is installed. */
    public static final String PROGRESSIVE_ROLLOUT = "config-rolloutorchestrator";

    /**
     * Deployments of the autoscalers for the HPA class; either is enough. Knative's own comes in a separate file
     * (serving-hpa.yaml). The other one is of the extension autoscaler-keda, which replaces it (config/controller.yaml,
     * autoscaler-keda 1.22).
     */
    public static final List<String> HPA = List.of("autoscaler-hpa", "autoscaler-keda");

    private ClusterParts() {}
}
