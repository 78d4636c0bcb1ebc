package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;
import java.util.OptionalInt;

/**
 * The window in which a sudden load is noticed is longer than the one over which the metric is observed. AIBrix's webhook
 * refuses that. It is 60 seconds where {@code panicWindowSeconds} does not say otherwise, and the other one 180.
 *
 * <p>Write a {@code panicWindowSeconds} that is at most {@code observeWindowSeconds}.
 */
final class PanicWindowCheck implements Check {
    /** Seconds, where the author does not say (podautoscaler_types.go). */
    private static final int DEFAULT_PANIC_WINDOW = 60;

    private static final String PANIC = "panicWindowSeconds";
    private static final String OBSERVE = "observeWindowSeconds";

    static boolean isRefused(PodAutoscaler one) {
        return panic(one) > observe(one);
    }

    @Override
    public AibrixCheck id() {
        return AibrixCheck.A23;
    }

    @Override
    public List<Problem> find(Examined examined) {
        PodAutoscaler one = examined.autoscaler();
        if (!isRefused(one)) {
            return List.of();
        }
        OptionalInt written = one.number(PANIC);
        OptionalInt observed = one.number(OBSERVE);
        int panic = panic(one);
        int observe = observe(one);
        String message = written.isPresent()
                ? "%d is above observeWindowSeconds, %s%d: AIBrix refuses it; lower it"
                        .formatted(panic, observed.isPresent() ? "" : "by default ", observe)
                : "%d is below panicWindowSeconds, by default %d: AIBrix refuses it; write panicWindowSeconds too, at most %d"
                        .formatted(observe, panic, observe);
        return List.of(new Problem(
                id(),
                written.isPresent() ? "spec.panicWindowSeconds" : "spec.observeWindowSeconds",
                "panic=%d observe=%d".formatted(panic, observe),
                message));
    }

    private static int panic(PodAutoscaler one) {
        return one.number(PANIC).orElse(DEFAULT_PANIC_WINDOW);
    }

    private static int observe(PodAutoscaler one) {
        return one.number(OBSERVE).orElse(PodAutoscaler.DEFAULT_OBSERVE_WINDOW);
    }
}
