package dev.trimtab.knative.config;

import java.time.Duration;
import java.util.Map;

/**
 * Knative's ConfigMap {@code config-autoscaler}, read and checked as pkg/autoscaler/config/config.go does (Knative
 * 1.23). Keys that Trimtab does not use are checked too: one bad value makes Knative keep its last good ConfigMap.
 *
 * @param initialScale 0 only if allowZeroInitialScale
 * @param allowZeroInitialScale for this ConfigMap and for annotations
 * @param maxScale 0 means unlimited
 * @param maxScaleLimit the largest max-scale here and in annotations; 0 means no limit
 */
public record AutoscalerConfig(
        String podAutoscalerClass,
        boolean enableScaleToZero,
        int initialScale,
        boolean allowZeroInitialScale,
        int minScale,
        int maxScale,
        int maxScaleLimit) {
    public static final String KPA = "kpa.autoscaling.knative.dev";
    public static final String HPA = "hpa.autoscaling.knative.dev";

    /** autoscaling.TargetMin: the smallest target per pod. */
    public static final double TARGET_MIN = 0.01;
    /** autoscaling.WindowMin. */
    public static final Duration WINDOW_MIN = Duration.ofSeconds(6);
    /** autoscaling.WindowMax. */
    public static final Duration WINDOW_MAX = Duration.ofHours(1);

    /** The values after a fresh install of Knative. */
    public static final AutoscalerConfig DEFAULTS = new AutoscalerConfig(KPA, true, 1, false, 0, 0, 0);

    /** @throws ConfigMapProblem if Knative would refuse the ConfigMap */
    public static AutoscalerConfig parse(Map<String, String> data) throws ConfigMapProblem {
        ConfigMapReader reader = new ConfigMapReader(data);
        return reader.checked(read(reader));
    }

    static AutoscalerConfig read(ConfigMapReader reader) {
        checkDelays(reader);
        checkTargets(reader);
        checkPace(reader);
        return readBounds(reader);
    }

    private static void checkDelays(ConfigMapReader reader) {
        Duration grace = reader.duration("scale-to-zero-grace-period", Duration.ofSeconds(30));
        reader.refuseIf(grace.isNegative() || grace.isZero(), "scale-to-zero-grace-period", "must be above 0s");
        Duration delay = reader.duration("scale-down-delay", Duration.ZERO);
        reader.refuseIf(delay.isNegative(), "scale-down-delay", "must be at least 0s");
        reader.refuseIf(delay.toNanosPart() != 0, "scale-down-delay", "must be in whole seconds");
        Duration retention = reader.duration("scale-to-zero-pod-retention-period", Duration.ZERO);
        reader.refuseIf(retention.isNegative(), "scale-to-zero-pod-retention-period", "must be at least 0s");
    }

    /** NaN passes, as in Go: it is neither below nor above a bound. */
    private static void checkTargets(ConfigMapReader reader) {
        double burst = reader.float64("target-burst-capacity", 211);
        reader.refuseIf(burst < 0 && burst != -1, "target-burst-capacity", "must be at least 0, or -1 for any number");
        double percentage = reader.float64("container-concurrency-target-percentage", 0.7);
        // "70" and "0.7" mean the same: only values above 1 are percentages.
        double fraction = percentage > 1 ? percentage / 100 : percentage;
        reader.refuseIf(
                fraction <= 0 || fraction > 1,
                "container-concurrency-target-percentage",
                "must be above 0, at most 100");
        double concurrency = reader.float64("container-concurrency-target-default", 100);
        reader.refuseIf(
                fraction * concurrency < TARGET_MIN,
                "container-concurrency-target-percentage",
                "gives a target below 0.01 together with container-concurrency-target-default",
                "container-concurrency-target-default");
        double requests = reader.float64("requests-per-second-target-default", 200);
        reader.refuseIf(requests < TARGET_MIN, "requests-per-second-target-default", "must be at least 0.01");
        reader.refuseIf(reader.float64("activator-capacity", 100) < 1, "activator-capacity", "must be at least 1");
    }

    private static void checkPace(ConfigMapReader reader) {
        reader.refuseIf(reader.float64("max-scale-up-rate", 1000) <= 1, "max-scale-up-rate", "must be above 1");
        reader.refuseIf(reader.float64("max-scale-down-rate", 2) <= 1, "max-scale-down-rate", "must be above 1");
        Duration window = reader.duration("stable-window", Duration.ofSeconds(60));
        reader.refuseIf(
                window.compareTo(WINDOW_MIN) < 0 || window.compareTo(WINDOW_MAX) > 0,
                "stable-window",
                "must be from 6s to 1h");
        reader.refuseIf(window.toNanosPart() != 0, "stable-window", "must be in whole seconds");
        double panic = reader.float64("panic-window-percentage", 10);
        reader.refuseIf(panic < 1 || panic > 100, "panic-window-percentage", "must be from 1 to 100");
        reader.float64("panic-threshold-percentage", 200);
    }

    private static AutoscalerConfig readBounds(ConfigMapReader reader) {
        int initial = reader.int32("initial-scale", 1);
        boolean zero = reader.bool("allow-zero-initial-scale", false);
        reader.refuseIf(
                initial < (zero ? 0 : 1),
                "initial-scale",
                "must be at least 1, or 0 with allow-zero-initial-scale",
                "allow-zero-initial-scale");
        int min = reader.int32("min-scale", 0);
        reader.refuseIf(min < 0, "min-scale", "must be at least 0");
        int max = reader.int32("max-scale", 0);
        int limit = reader.int32("max-scale-limit", 0);
        // With a limit, max-scale must not be 0 (unlimited).
        reader.refuseIf(
                max < (limit > 0 ? 1 : 0) || (limit > 0 && max > limit),
                "max-scale",
                limit > 0 ? "must be from 1 to max-scale-limit " + limit : "must be at least 0",
                "max-scale-limit");
        reader.refuseIf(limit < 0, "max-scale-limit", "must be at least 0");
        reader.refuseIf(min > max && max > 0, "min-scale", "must be at most max-scale " + max, "max-scale");
        String autoscaler = reader.trimmed("pod-autoscaler-class", KPA);
        boolean toZero = reader.bool("enable-scale-to-zero", true);
        return new AutoscalerConfig(autoscaler, toZero, initial, zero, min, max, limit);
    }
}
