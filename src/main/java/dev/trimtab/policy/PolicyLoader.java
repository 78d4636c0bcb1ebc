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
     * Reads {@code yaml} strictly. Never throws: a text that is too large, too deep or not YAML is a problem like any
     * other.
     */
    public static LoadedPolicy load(String yaml) {
        Problems problems = new Problems();
        Optional<Policy> policy = new YamlText(yaml, problems).root().flatMap(PolicyKeys.CLUSTER::read);
        return new LoadedPolicy(policy.filter(it -> problems.isEmpty()), problems.inOrder());
    }

    /**
     * Reads the policy of a namespace: {@code apiVersion}, {@code kind} and {@code profiles} without {@code
     * match.namespaces}. It counts only if {@link Policy#namespaceProfiles} is set.
     */
    public static LoadedProfiles loadProfiles(String yaml) {
        Problems problems = new Problems();
        Optional<List<Profile>> profiles = new YamlText(yaml, problems).root().flatMap(PolicyKeys.NAMESPACE::read);
        return new LoadedProfiles(profiles.filter(it -> problems.isEmpty()).orElse(List.of()), problems.inOrder());
    }

    /** A policy, or all problems of its text, in order. */
    public record LoadedPolicy(Optional<Policy> policy, List<PolicyProblem> problems) {
        public LoadedPolicy {
            problems = List.copyOf(problems);
        }
    }

    /** The profiles of a namespace, or all problems of their text, in order. */
    public record LoadedProfiles(List<Profile> profiles, List<PolicyProblem> problems) {
        public static final LoadedProfiles NONE = new LoadedProfiles(List.of(), List.of());

        /** @throws IllegalArgumentException if there are profiles and problems */
        public LoadedProfiles {
            profiles = List.copyOf(profiles);
            problems = List.copyOf(problems);
            if (!profiles.isEmpty() && !problems.isEmpty()) {
                throw new IllegalArgumentException("a text with a problem gives no profiles");
            }
        }

        public static LoadedProfiles of(Map<String, String> data) {
            String text = data.get(PolicyState.KEY);
            return text == null
                    ? new LoadedProfiles(List.of(), List.of(new PolicyProblem("", 1, 1, PolicyState.noKey())))
                    : PolicyLoader.loadProfiles(text);
        }
    }
}
