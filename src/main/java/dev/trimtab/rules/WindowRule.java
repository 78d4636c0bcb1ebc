package dev.trimtab.rules;

import static dev.trimtab.manifest.ScaleAnnotation.PANIC_THRESHOLD_PERCENTAGE;
import static dev.trimtab.manifest.ScaleAnnotation.PANIC_WINDOW_PERCENTAGE;
import static dev.trimtab.manifest.ScaleAnnotation.SCALE_DOWN_DELAY;
import static dev.trimtab.manifest.ScaleAnnotation.TARGET;
import static dev.trimtab.manifest.ScaleAnnotation.TARGET_UTILIZATION_PERCENTAGE;
import static dev.trimtab.manifest.ScaleAnnotation.WINDOW;

import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.policy.Serving.Window;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Fits the autoscaler's windows to the time that a pod takes to start.
 *
 * <p>If the autoscaler looks at the last 60 seconds and a pod takes 240 to load its model, it adds pod after pod
 * before the first one answers. The start-up time comes from annotation {@code trimtab.dev/startup-seconds} on the
 * template, or from a profile's {@code startupSeconds}; without either this rule does nothing. It fills {@code
 * window} with twice that time, between 6 seconds and 1 hour. It also fills the values of a profile's {@code window}:
 * {@code panic-window-percentage} (only together with a filled window), {@code panic-threshold-percentage}, {@code
 * scale-down-delay}, {@code target-utilization-percentage} and {@code target}. All of these except the window are for
 * Knative's own autoscaler: other autoscalers ignore them, or mean something else by {@code target}.
 *
 * <p>It leaves what the author wrote, and warns if the author's window is shorter than the start-up time. Example:
 * {@code startup-seconds: "240"} gives {@code window: "480s"}. Bounds: Knative 1.23, annotation_validation.go; the
 * ACK guide recommends twice the start-up time for inference services.
 */
final class WindowRule implements WorkloadRule {
    private static final int SHORTEST = 6;
    private static final int LONGEST = 3_600;

    @Override
    public void apply(Draft draft, Facts facts) {
        OptionalInt startup = AuthorHint.STARTUP.seconds(draft, facts);
        if (startup.isEmpty()) {
            return;
        }
        int seconds = Math.max(SHORTEST, Math.min(LONGEST, 2 * startup.getAsInt()));
        String because = "twice the " + startup.getAsInt() + " s that a pod takes to start";
        draft.fill(WINDOW, seconds + "s", because);
        warnIfShort(draft, startup.getAsInt());
        if (!new Scale(draft.templateAnnotations(), facts.knative().autoscaler()).isKpa()) {
            return;
        }
        Window window = facts.policy().serving().window();
        if (draft.isFilled(draft.at(WINDOW))) {
            number(draft, PANIC_WINDOW_PERCENTAGE, window.panicWindowPercentage());
        }
        number(draft, PANIC_THRESHOLD_PERCENTAGE, window.panicThresholdPercentage());
        window.scaleDownDelaySeconds().ifPresent(delay -> fill(draft, SCALE_DOWN_DELAY, delay + "s"));
        number(draft, TARGET_UTILIZATION_PERCENTAGE, window.targetUtilizationPercentage());
        number(draft, TARGET, window.target());
    }

    private void number(Draft draft, ScaleAnnotation key, Optional<BigDecimal> value) {
        value.ifPresent(number -> fill(draft, key, number.stripTrailingZeros().toPlainString()));
    }

    private void fill(Draft draft, ScaleAnnotation key, String value) {
        draft.fill(key, value, Draft.FROM_POLICY);
    }

    private void warnIfShort(Draft draft, int startup) {
        Optional<Duration> written =
                draft.templateAnnotations().text(WINDOW.key()).flatMap(GoParsing::duration);
        if (written.isPresent() && written.get().toSeconds() < startup && !draft.isFilled(draft.at(WINDOW))) {
            draft.warn(
                    draft.at(WINDOW),
                    "window %s is shorter than the %d s that a pod takes to start"
                            .formatted(GoParsing.format(written.get()), startup));
        }
    }
}
