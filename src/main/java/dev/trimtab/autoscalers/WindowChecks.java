package dev.trimtab.autoscalers;

import dev.trimtab.autoscalers.Problem.Fault;
import java.util.List;
import java.util.OptionalInt;

final class WindowChecks {
    /** Seconds, where the author does not say (podautoscaler_types.go). */
    private static final int DEFAULT_PANIC_WINDOW = 60;

    /** The CRD takes 1 to 3600. */
    private static final int LONGEST = 3600;

    private static final String PANIC = "panicWindowSeconds";
    private static final String OBSERVE = "observeWindowSeconds";

    private WindowChecks() {}

    /**
     * The window over which the metric is observed is shorter than twice the time that a pod takes to start, so that
     * the autoscaler asks for more pods before the first ones have answered. The default of 180 seconds is short for
     * models.
     *
     * <p>Trimtab fills {@code observeWindowSeconds} where the start-up time is known (annotation {@code
     * trimtab.dev/startup-seconds} on the PodAutoscaler or its Deployment, or {@code startupSeconds} of a profile),
     * and the CRD has the field.
     */
    static List<Fault> shortWindow(CheckInput input) {
        OptionalInt wanted = wantedWindow(input.startupSeconds());
        if (wanted.isEmpty() || input.autoscaler().strategy().equals("HPA")) {
            return List.of();
        }
        int window = input.autoscaler().number("observeWindowSeconds").orElse(PodAutoscaler.DEFAULT_OBSERVE_WINDOW);
        if (window >= wanted.getAsInt()) {
            return List.of();
        }
        String remedy = "write %d%s"
                .formatted(
                        wanted.getAsInt(),
                        input.cluster().hasWindowFields() ? "" : " where the CRD has the field (after AIBrix 0.7)");
        return List.of(new Fault(
                "/spec/observeWindowSeconds",
                "window=" + window,
                "%d s is below twice the %d s that a pod takes to start: pods are asked for twice; %s"
                        .formatted(window, input.startupSeconds().getAsInt(), remedy)));
    }

    static boolean isRefused(PodAutoscaler one) {
        return panic(one) > observe(one);
    }

    /**
     * The window in which a sudden load is noticed is longer than the one over which the metric is observed. AIBrix's webhook
     * refuses that. It is 60 seconds where {@code panicWindowSeconds} does not say otherwise, and the other one 180.
     *
     * <p>Write a {@code panicWindowSeconds} that is at most {@code observeWindowSeconds}.
     */
    static List<Fault> panicWindow(CheckInput input) {
        PodAutoscaler one = input.autoscaler();
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
        return List.of(new Fault(
                written.isPresent() ? "/spec/panicWindowSeconds" : "/spec/observeWindowSeconds",
                "panic=%d observe=%d".formatted(panic, observe),
                message));
    }

    private static int panic(PodAutoscaler one) {
        return one.number(PANIC).orElse(DEFAULT_PANIC_WINDOW);
    }

    private static int observe(PodAutoscaler one) {
        return one.number(OBSERVE).orElse(PodAutoscaler.DEFAULT_OBSERVE_WINDOW);
    }

    /** Twice the start-up time, as the ACK guide has it for Knative's window; in seconds. */
    static OptionalInt wantedWindow(OptionalInt startupSeconds) {
        return startupSeconds.isPresent()
                ? OptionalInt.of((int) Math.min(LONGEST, 2L * startupSeconds.getAsInt()))
                : OptionalInt.empty();
    }
}
