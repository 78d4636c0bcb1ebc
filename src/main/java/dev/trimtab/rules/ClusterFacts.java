package dev.trimtab.rules;

/**
 * What is installed on the cluster beside Knative.
 *
 * @param progressiveRollout whether the extension serving-progressive-rollout is there (its ConfigMap {@code
 *     config-rolloutorchestrator}): it takes a new revision up in stages and breaks on an initial-scale above 1
 * @param hpa whether Knative's HPA autoscaler is there (its Deployment {@code autoscaler-hpa}): without it nobody scales
 *     a revision of that class, and it never becomes ready
 */
public record ClusterFacts(boolean progressiveRollout, boolean hpa) {
    /** With no cluster to ask: Knative with its HPA autoscaler, and nothing else. */
    public static final ClusterFacts NONE = new ClusterFacts(false, true);

    public ClusterFacts withProgressiveRollout(boolean installed) {
        return new ClusterFacts(installed, hpa);
    }

    public ClusterFacts withHpa(boolean installed) {
        return new ClusterFacts(progressiveRollout, installed);
    }
}
