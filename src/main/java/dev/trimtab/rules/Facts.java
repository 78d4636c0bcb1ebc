package dev.trimtab.rules;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.Policy.EffectivePolicy;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that a rule may know besides the document.
 *
 * @param policy of this service
 * @param runningPods of this service; empty on CREATE, and if unknown
 * @param namedRevision the pod spec of the Revision with the name that the author gives
 * @param gpuImage whether KServe picks the image by a GPU in the limits
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
     * @param progressiveRollout whether serving-progressive-rollout is installed (its ConfigMap {@code
     *     config-rolloutorchestrator}): it raises a new revision in stages and fails with an initial-scale above 1
     * @param hpa whether an autoscaler for the HPA class is installed (Deployment {@code autoscaler-hpa} or {@code
     *     autoscaler-keda}): without one a revision of that class never becomes ready
     * @param defaultMode of an object that names none; empty if unknown
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
