package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.PolicyLoader.LoadedPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which policy is in force, by the present content of its ConfigMap alone, so that all replicas act alike.
 *
 * @param policy with an invalid ConfigMap the built-in defaults in Audit mode: nobody knows what the admins want
 * @param problems of an invalid ConfigMap, one a line
 */
public record PolicyState(Origin origin, Policy policy, List<String> problems) {
    /** The key that holds the policy in a ConfigMap. */
    public static final String KEY = "policy.yaml";

    /** There is no ConfigMap. */
    public static final PolicyState BUILT_IN = new PolicyState(Origin.BUILT_IN, Policy.BUILT_IN, List.of());

    /** Where the policy in force comes from. */
    public enum Origin {
        BUILT_IN("built-in"),
        LOADED("loaded"),
        INVALID("invalid");

        private final String term;

        Origin(String term) {
            this.term = term;
        }

        /** The name in the readiness check. */
        public String term() {
            return term;
        }
    }

    public PolicyState {
        requireNonNull(origin, "origin");
        requireNonNull(policy, "policy");
        problems = List.copyOf(problems);
        if (problems.isEmpty() == (origin == Origin.INVALID)) {
            throw new IllegalArgumentException("an invalid policy, and no other, has problems");
        }
    }

    public static PolicyState of(Optional<Map<String, String>> data) {
        if (data.isEmpty()) {
            return BUILT_IN;
        }
        String text = data.get().get(KEY);
        return text == null ? invalid(List.of(noKey())) : of(text);
    }

    public static PolicyState of(String text) {
        LoadedPolicy loaded = PolicyLoader.load(text);
        return loaded.policy()
                .map(policy -> new PolicyState(Origin.LOADED, policy, List.of()))
                .orElseGet(() -> invalid(
                        loaded.problems().stream().map(PolicyProblem::toString).toList()));
    }

    /** For a policy that cannot be read. */
    public static PolicyState invalid(List<String> problems) {
        return new PolicyState(Origin.INVALID, Policy.BUILT_IN.withMode(Mode.AUDIT), problems);
    }

    /** What is wrong with a ConfigMap without a policy in it. */
    static String noKey() {
        return "data has no key \"%s\"".formatted(KEY);
    }

    public boolean isValid() {
        return origin != Origin.INVALID;
    }
}
