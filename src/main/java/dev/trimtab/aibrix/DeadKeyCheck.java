package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import dev.trimtab.policy.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An annotation that no release since 0.5 reads: AIBrix's rewrite of its autoscalers (#1575, #1622) took the
 * readers of these keys away, and its own samples still have them. What they say is silently ignored.
 *
 * <p>Write the field or key that took its place; with {@code aibrix.rewriteDeadKeys: true} in the policy Trimtab
 * writes it beside the dead one.
 */
final class DeadKeyCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A13;
    }

    @Override
    public List<Problem> find(Examined examined) {
        List<Problem> problems = new ArrayList<>();
        for (String key : AnnotationKeys.ofAibrix(examined.autoscaler().annotations())) {
            Optional<DeadKey> dead = DeadKey.of(key);
            if (dead.filter(it -> !it.isWrittenAnew(examined.autoscaler())).isPresent()) {
                problems.add(problem(
                        key,
                        "nobody reads it since AIBrix 0.5: "
                                + dead.get().remedy(examined.surroundings().hasWindowFields())));
            } else if (dead.isEmpty() && !AnnotationKeys.VALUES.containsKey(key)) {
                String near = Nearest.to(key, List.copyOf(AnnotationKeys.VALUES.keySet()))
                        .map(it -> ": did you mean " + it + "?")
                        .orElse(": remove it");
                problems.add(problem(key, "AIBrix does not read it" + near));
            }
        }
        return problems;
    }

    private Problem problem(String key, String message) {
        return new Problem(id(), AnnotationKeys.path(key), key, message);
    }
}
