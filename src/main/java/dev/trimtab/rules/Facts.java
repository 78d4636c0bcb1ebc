package dev.trimtab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.Effective;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything a rule may know besides the document: one snapshot, the same from the first rule to the last.
 *
 * @param policy what the policy says for this one service, profiles applied
 * @param knative Knative's own configuration
 * @param cluster what else is installed
 * @param defaultMode what KServe makes of an object that names no mode
 * @param runningPods how many pods of this service run now; empty on CREATE, and where it is not known
 * @param namedRevision the pod spec of the Revision that has the name which the author gives; empty where there is none,
 *     or it is not known
 * @param gpuImage whether KServe picks the image of this model by whether its limits have a whole GPU
 */
public record Facts(
        Effective policy,
        KnativeConfig knative,
        ClusterFacts cluster,
        DeploymentMode defaultMode,
        OptionalInt runningPods,
        Optional<JsonNode> namedRevision,
        boolean gpuImage) {
    /** As these, for a model whose image depends on its limits. */
    public Facts withGpuImage() {
        return new Facts(policy, knative, cluster, defaultMode, runningPods, namedRevision, true);
    }
}
