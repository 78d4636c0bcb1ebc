package dev.trimtab.policy;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * How the autoscaler looks at a model. Bounds are Knative's own (annotation_validation.go, Knative 1.23).
 *
 * @param panicWindowPercentage of the stable window, 1 to 100; written only together with a window
 * @param panicThresholdPercentage of the target, 110 to 1,000
 * @param scaleDownDelaySeconds 0 to 3,600
 * @param targetUtilizationPercentage 1 to 100
 * @param target what one pod takes of the metric, from 0.01
 */
public record Window(
        Optional<BigDecimal> panicWindowPercentage,
        Optional<BigDecimal> panicThresholdPercentage,
        Optional<Integer> scaleDownDelaySeconds,
        Optional<BigDecimal> targetUtilizationPercentage,
        Optional<BigDecimal> target) {
    static final Window UNSET =
            new Window(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    Window over(Window earlier) {
        return new Window(
                panicWindowPercentage.or(earlier::panicWindowPercentage),
                panicThresholdPercentage.or(earlier::panicThresholdPercentage),
                scaleDownDelaySeconds.or(earlier::scaleDownDelaySeconds),
                targetUtilizationPercentage.or(earlier::targetUtilizationPercentage),
                target.or(earlier::target));
    }
}
