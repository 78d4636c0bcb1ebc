package dev.trimtab.aibrix;

import dev.trimtab.policy.AibrixCheck;
import java.util.List;
import java.util.OptionalInt;

/**
 * The window over which the metric is observed is shorter than twice the time that a pod takes to start, so that
 * the autoscaler asks for more pods before the first ones have answered. The default of 180 seconds is short for
 * models.
 *
 * <p>Trimtab fills {@code observeWindowSeconds} where the start-up time is known (annotation {@code
 * trimtab.dev/startup-seconds} on the PodAutoscaler or its Deployment, or {@code startupSeconds} of a profile),
 * and the CRD has the field.
 */
final class ShortWindowCheck implements Check {
    @Override
    public AibrixCheck id() {
        return AibrixCheck.A20;
    }

    @Override
    public List<Problem> find(Examined examined) {
        OptionalInt wanted = ObserveWindow.wanted(examined.startupSeconds());
        if (wanted.isEmpty() || examined.autoscaler().strategy().equals("HPA")) {
            return List.of();
        }
        int window = examined.autoscaler().number("observeWindowSeconds").orElse(PodAutoscaler.DEFAULT_OBSERVE_WINDOW);
        if (window >= wanted.getAsInt()) {
            return List.of();
        }
        String remedy = "write %d%s"
                .formatted(
                        wanted.getAsInt(),
                        examined.surroundings().hasWindowFields()
                                ? ""
                                : " where the CRD has the field (after AIBrix 0.7)");
        return List.of(new Problem(
                id(),
                "spec.observeWindowSeconds",
                "window=" + window,
                "%d s is below twice the %d s that a pod takes to start: pods are asked for twice; %s"
                        .formatted(window, examined.startupSeconds().getAsInt(), remedy)));
    }
}
