package dev.trimtab.rules;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.Policy.EffectivePolicy;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that a rule may know besides the document: one snapshot, the same for all rules.
 *
 * @param policy the policy for this one service, with profiles applied
 * @param knative Knative's own configuration
 * @param cluster what else is installed
 * @param defaultMode KServe's mode for an object that names none
 * @param runningPods how many pods of this service run now; empty on CREATE, and if unknown
 * @param namedRevision the pod spec of the Revision with the name that the author gives; empty if there is none or it
 *     is unknown
 * @param gpuImage whether KServe picks the image of this model by a whole GPU in its limits
 */
public record Facts(
        EffectivePolicy policy,
        KnativeConfig knative,
        ClusterFacts cluster,
        DeploymentMode defaultMode,
        OptionalInt runningPods,
        Optional<JsonNode> namedRevision,
        boolean gpuImage) {
    /** The same facts for a model whose image depends on its limits. */
    public Facts withGpuImage() {
        return new Facts(policy, knative, cluster, defaultMode, runningPods, namedRevision, true);
    }

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
}
