package dev.trimtab.rules;

import static java.util.Objects.requireNonNull;

import dev.trimtab.kserve.DeploymentMode;
import java.util.Optional;

/**
 * What is installed on the cluster beside Knative.
 *
 * @param progressiveRollout whether the extension serving-progressive-rollout is installed (its ConfigMap {@code
 *     config-rolloutorchestrator}): it raises a new revision in stages and fails with an initial-scale above 1
 * @param hpa whether Knative's HPA autoscaler is installed (its Deployment {@code autoscaler-hpa}): without it a
 *     revision of the HPA class is not scaled and never becomes ready
 * @param defaultMode KServe's mode for an object that names none, from KServe's ConfigMap; empty if unknown
 */
public record ClusterFacts(boolean progressiveRollout, boolean hpa, Optional<DeploymentMode> defaultMode) {
    /** Without a cluster: Knative with its HPA autoscaler, and nothing else. */
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
