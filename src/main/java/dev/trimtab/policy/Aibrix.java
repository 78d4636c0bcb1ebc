package dev.trimtab.policy;

import java.util.Map;
import java.util.Set;

/**
 * How PodAutoscalers of AIBrix are checked: the key {@code aibrix} of a policy.
 *
 * @param checks what is done for each check that the policy names
 * @param rewriteDeadKeys whether what stands in an annotation that nobody reads any more is written where it is read
 * @param metrics names that AIBrix knows besides its own, such as those of a patched build
 */
public record Aibrix(Map<AibrixCheck, Severity> checks, boolean rewriteDeadKeys, Set<String> metrics) {
    /** Where the policy says nothing. */
    public static final Aibrix UNSET = new Aibrix(Map.of(), false, Set.of());

    public Aibrix {
        checks = Map.copyOf(checks);
        metrics = Set.copyOf(metrics);
    }

    public Severity severity(AibrixCheck check) {
        return checks.getOrDefault(check, check.unlessSet());
    }
}
