package dev.trimtab.policy;

import dev.trimtab.policy.PolicyProblem.Problems;
import dev.trimtab.policy.YamlValue.YamlText;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the text of a policy: the value of key {@code policy.yaml} of ConfigMap {@code trimtab-policy}, or a file. */
public final class PolicyLoader {
    private PolicyLoader() {}

    /**
     * Reads {@code yaml} strictly: nothing that it does not understand passes. Never throws for what an admin wrote; a
     * text that is too large, too deep or not YAML is a problem like any other.
     */
    public static LoadedPolicy load(String yaml) {
        Problems problems = new Problems();
        Optional<Policy> policy = new YamlText(yaml, problems).root().flatMap(PolicyKeys.CLUSTER::read);
        return new LoadedPolicy(policy.filter(it -> problems.isEmpty()), problems.inOrder());
    }

    /**
     * Reads, as strictly, the policy that a namespace has for itself: {@code apiVersion}, {@code kind} and
     * {@code profiles}, for which {@code match.namespaces} makes no sense. Whether it counts is up to
     * {@link Policy#namespaceProfiles}.
     */
    public static LoadedProfiles loadProfiles(String yaml) {
        Problems problems = new Problems();
        Optional<List<Profile>> profiles = new YamlText(yaml, problems).root().flatMap(PolicyKeys.NAMESPACE::read);
        return new LoadedProfiles(profiles.filter(it -> problems.isEmpty()).orElse(List.of()), problems.inOrder());
    }

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

    /**
     * What came of reading a namespace's own policy. Both lists are empty where it is well and sets nothing.
     *
     * @param profiles in the order of the text; empty if there is a problem
     * @param problems what is wrong, in the order of the text
     */
    public record LoadedProfiles(List<Profile> profiles, List<PolicyProblem> problems) {
        /** There is no ConfigMap. */
        public static final LoadedProfiles NONE = new LoadedProfiles(List.of(), List.of());

        /** @throws IllegalArgumentException if there are both: a text with a problem holds in no part */
        public LoadedProfiles {
            profiles = List.copyOf(profiles);
            problems = List.copyOf(problems);
            if (!profiles.isEmpty() && !problems.isEmpty()) {
                throw new IllegalArgumentException("a text with a problem gives no profiles");
            }
        }

        /** @param data of the ConfigMap of a namespace */
        public static LoadedProfiles of(Map<String, String> data) {
            String text = data.get(PolicyState.KEY);
            return text == null
                    ? new LoadedProfiles(List.of(), List.of(new PolicyProblem("", 1, 1, PolicyState.noKey())))
                    : PolicyLoader.loadProfiles(text);
        }
    }
}
