package dev.trimtab.review;

import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.policy.Policy;
import dev.trimtab.rules.ClusterFacts;

/**
 * Everything a review reads besides the request, as one immutable snapshot: a change of policy or configuration swaps
 * the whole of it, so that no review ever sees half of one.
 *
 * @param policy what the admins want
 * @param knative Knative's configuration as it is in force
 * @param cluster what else is installed
 */
public record Settings(Policy policy, KnativeConfig knative, ClusterFacts cluster) {
    /** With no cluster and no file: built-in policy, Knative's documented defaults. */
    public static final Settings DEFAULTS = new Settings(Policy.BUILT_IN, KnativeConfig.DEFAULTS, ClusterFacts.NONE);

    public Settings withPolicy(Policy other) {
        return new Settings(other, knative, cluster);
    }

    public Settings withKnative(KnativeConfig other) {
        return new Settings(policy, other, cluster);
    }

    public Settings withCluster(ClusterFacts other) {
        return new Settings(policy, knative, other);
    }
}
