package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.PolicyLoader.LoadedPolicy;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The policy in force. It follows from the present content of its ConfigMap alone, so that all replicas act alike.
 *
 * @param policy if the ConfigMap is invalid, the built-in defaults in Audit mode: nobody knows what the admins want
 * @param problems of an invalid ConfigMap, one per line
 * @param hash the start of the text's SHA-256, to compare replicas; {@link #NO_HASH} without a text
 */
public record PolicyState(Origin origin, Policy policy, List<String> problems, String hash) {
    public static final String KEY = "policy.yaml";

    public static final String NO_HASH = "none";

    private static final int HASH_BYTES = 6;

    /** For a cluster without the ConfigMap. */
    public static final PolicyState BUILT_IN = new PolicyState(Origin.BUILT_IN, Policy.BUILT_IN, List.of(), NO_HASH);

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
                .map(policy -> new PolicyState(Origin.LOADED, policy, List.of(), hash(text)))
                .orElseGet(() -> invalid(
                        loaded.problems().stream().map(PolicyProblem::toString).toList(), hash(text)));
    }

    /** For a policy without a text. */
    public static PolicyState invalid(List<String> problems) {
        return invalid(problems, NO_HASH);
    }

    private static PolicyState invalid(List<String> problems, String hash) {
        return new PolicyState(Origin.INVALID, Policy.BUILT_IN.withMode(Mode.AUDIT), problems, hash);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** The problem of a ConfigMap without a policy. */
    static String noKey() {
        return "data has no key \"%s\"".formatted(KEY);
    }

    public boolean isValid() {
        return origin != Origin.INVALID;
    }
}
