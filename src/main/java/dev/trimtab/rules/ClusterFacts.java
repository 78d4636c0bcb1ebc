package dev.trimtab.rules;

/**
 * What is installed on the cluster beside Knative.
 *
 * @param progressiveRollout whether the extension serving-progressive-rollout is there (its ConfigMap {@code
 *     config-rolloutorchestrator}): it takes a new revision up in stages and breaks on an initial-scale above 1
 */
public record ClusterFacts(boolean progressiveRollout) {
    /** With no cluster to ask: nothing but Knative. */
    public static final ClusterFacts NONE = new ClusterFacts(false);
}
