package dev.trimtab.rules;

import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.policy.Effective;

/**
 * Everything a rule may know besides the document: one snapshot, the same from the first rule to the last.
 *
 * @param policy what the policy says for this one service, profiles applied
 * @param knative Knative's own configuration
 * @param cluster what else is installed
 */
public record Facts(Effective policy, KnativeConfig knative, ClusterFacts cluster) {}
