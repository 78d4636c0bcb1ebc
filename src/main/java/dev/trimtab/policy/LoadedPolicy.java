package dev.trimtab.policy;

import java.util.List;
import java.util.Optional;

/**
 * The result of reading a policy: the policy, or everything that is wrong with the text.
 *
 * @param policy empty if there is a problem
 * @param problems in the order of the text; empty if there is a policy
 */
public record LoadedPolicy(Optional<Policy> policy, List<PolicyProblem> problems) {
    public LoadedPolicy {
        problems = List.copyOf(problems);
    }
}
