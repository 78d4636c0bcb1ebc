package dev.trimtab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.EffectivePolicy;
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
}
