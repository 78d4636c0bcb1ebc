package dev.trimtab.policy;

import java.util.Optional;

/** Reads the text of a policy: the value of key {@code policy.yaml} of ConfigMap {@code trimtab-policy}, or a file. */
public final class PolicyLoader {
    private PolicyLoader() {}

    /**
     * Reads {@code yaml} strictly: nothing that it does not understand passes. Never throws for what an admin wrote; a
     * text that is too large, too deep or not YAML is a problem like any other.
     */
    public static Loaded load(String yaml) {
        Problems problems = new Problems();
        Optional<Policy> policy = new YamlText(yaml, problems).root().flatMap(root -> new PolicyReader().read(root));
        return problems.isEmpty() ? new Loaded.Valid(policy.orElseThrow()) : new Loaded.Invalid(problems.inOrder());
    }
}
