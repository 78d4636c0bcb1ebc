package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;
import java.util.OptionalInt;

/**
 * The bounds cannot be: a minimum below 0 or above the maximum, or a maximum that is not above 0. AIBrix's own
 * webhook refuses that too, where it runs.
 *
 * <p>Write {@code 0 <= minReplicas <= maxReplicas}, and a maximum of at least 1.
 */
final class BoundsCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A9;
    }

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        int min = one.minReplicas();
        OptionalInt max = one.number("maxReplicas");
        if (max.isPresent() && max.getAsInt() <= 0) {
            return List.of(
                    problem("spec.maxReplicas", "max=" + max, "is not above 0: nothing could run; write 1 or more"));
        }
        if (min < 0) {
            return List.of(problem("spec.minReplicas", "min=" + min, "is below 0: write 0 or more"));
        }
        if (max.isPresent() && min > max.getAsInt()) {
            String message = "%d is above maxReplicas %d: AIBrix scales nothing then; lower it or raise maxReplicas"
                    .formatted(min, max.getAsInt());
            return List.of(problem("spec.minReplicas", "min=" + min + " max=" + max, message));
        }
        return List.of();
    }

    private Problem problem(String path, String subject, String message) {
        return new Problem(id(), path, subject, message);
    }
}
