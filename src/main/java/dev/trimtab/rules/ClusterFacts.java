package dev.trimtab.rules;

import static java.util.Objects.requireNonNull;

import dev.trimtab.kserve.DeploymentMode;
import java.util.Optional;

/**
 * What is installed on the cluster beside Knative.
 *
 * @param progressiveRollout whether the extension serving-progressive-rollout is there (its ConfigMap {@code
 *     config-rolloutorchestrator}): it takes a new revision up in stages and breaks on an initial-scale above 1
 * @param hpa whether Knative's HPA autoscaler is there (its Deployment {@code autoscaler-hpa}): without it nobody scales
 *     a revision of that class, and it never becomes ready
 * @param defaultMode what KServe makes of an object that names no mode, by KServe's ConfigMap; empty where that is not known
 */
public record ClusterFacts(boolean progressiveRollout, boolean hpa, Optional<DeploymentMode> defaultMode) {
    /** With no cluster to ask: Knative with its HPA autoscaler, and nothing else. */
    public static final ClusterFacts NONE = new ClusterFacts(false, true, Optional.empty());

    public ClusterFacts {
        requireNonNull(defaultMode, "defaultMode");
    }

    public ClusterFacts withProgressiveRollout(boolean installed) {
        return new ClusterFacts(installed, hpa, defaultMode);
    }

    public ClusterFacts withHpa(boolean installed) {
        return new ClusterFacts(progressiveRollout, installed, defaultMode);
    }

    public ClusterFacts withDefaultMode(Optional<DeploymentMode> mode) {
        return new ClusterFacts(progressiveRollout, hpa, mode);
    }
}
