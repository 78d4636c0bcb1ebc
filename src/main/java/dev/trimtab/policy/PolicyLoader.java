package dev.trimtab.policy;

import java.util.List;
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
}
