package dev.trimtab.knative;

import static dev.trimtab.knative.GoValues.format;

import dev.trimtab.knative.AutoscalerConfig.Bounds;
import dev.trimtab.knative.AutoscalerConfig.Pace;
import dev.trimtab.knative.AutoscalerConfig.ScaleToZero;
import dev.trimtab.knative.AutoscalerConfig.Targets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Reads and checks {@code config-autoscaler}, key by key and check by check in the order of
 * pkg/autoscaler/config/config.go, so that of several mistakes the same one is named.
 */
final class AutoscalerConfigMap {
    /** autoscaling.TargetMin: the least load per pod that Knative aims at. */
    static final double TARGET_MIN = 0.01;
    /** autoscaling.WindowMin. */
    static final Duration WINDOW_MIN = Duration.ofSeconds(6);
    /** autoscaling.WindowMax. */
    static final Duration WINDOW_MAX = Duration.ofHours(1);

    private AutoscalerConfigMap() {}

    static AutoscalerConfig read(Map<String, String> data) throws ConfigMapProblem {
        AutoscalerConfig defaults = AutoscalerConfig.DEFAULTS;
        ConfigMapReader reader = new ConfigMapReader(data, "failed to parse data: ");
        String podAutoscalerClass = reader.trimmed("pod-autoscaler-class", defaults.podAutoscalerClass());
        boolean scaleToZero = reader.bool("enable-scale-to-zero", defaults.enableScaleToZero());
        boolean zeroInitialScale = reader.bool("allow-zero-initial-scale", defaults.allowZeroInitialScale());
        double upRate = reader.float64("max-scale-up-rate", defaults.pace().maxScaleUpRate());
        double downRate = reader.float64("max-scale-down-rate", defaults.pace().maxScaleDownRate());
        Targets targets = readTargets(reader, defaults.targets());
        double panicWindow =
                reader.float64("panic-window-percentage", defaults.pace().panicWindowPercentage());
        double activatorCapacity =
                reader.float64("activator-capacity", defaults.targets().activatorCapacity());
        double panicThreshold =
                reader.float64("panic-threshold-percentage", defaults.pace().panicThresholdPercentage());
        Bounds bounds = new Bounds(
                reader.int32("initial-scale", defaults.initialScale()),
                zeroInitialScale,
                reader.int32("min-scale", defaults.minScale()),
                reader.int32("max-scale", defaults.maxScale()),
                reader.int32("max-scale-limit", defaults.maxScaleLimit()));
        Duration window = reader.duration("stable-window", defaults.pace().stableWindow());
        Duration delay = reader.duration("scale-down-delay", defaults.pace().scaleDownDelay());
        ScaleToZero zero = new ScaleToZero(
                scaleToZero,
                reader.duration(
                        "scale-to-zero-grace-period", defaults.scaleToZero().gracePeriod()),
                reader.duration(
                        "scale-to-zero-pod-retention-period",
                        defaults.scaleToZero().podRetentionPeriod()));
        AutoscalerConfig config = new AutoscalerConfig(
                podAutoscalerClass,
                bounds,
                zero,
                withActivatorCapacity(targets, activatorCapacity),
                new Pace(upRate, downRate, window, panicWindow, panicThreshold, delay));
        check(config);
        return config;
    }

    private static Targets readTargets(ConfigMapReader reader, Targets defaults) throws ConfigMapProblem {
        double fraction = reader.float64("container-concurrency-target-percentage", defaults.concurrencyFraction());
        return new Targets(
                // "70" and "0.7" mean the same: percentages are those above 1.
                fraction > 1 ? fraction / 100 : fraction,
                reader.float64("container-concurrency-target-default", defaults.concurrency()),
                reader.float64("requests-per-second-target-default", defaults.requestsPerSecond()),
                reader.float64("target-burst-capacity", defaults.burstCapacity()),
                defaults.activatorCapacity());
    }

    private static Targets withActivatorCapacity(Targets targets, double activatorCapacity) {
        return new Targets(
                targets.concurrencyFraction(),
                targets.concurrency(),
                targets.requestsPerSecond(),
                targets.burstCapacity(),
                activatorCapacity);
    }

    private static void check(AutoscalerConfig config) throws ConfigMapProblem {
        checkDelays(config.scaleToZero(), config.pace().scaleDownDelay());
        checkTargets(config.targets());
        checkPace(config.pace());
        checkBounds(config.bounds());
    }

    private static void checkDelays(ScaleToZero zero, Duration delay) throws ConfigMapProblem {
        refuseIf(
                zero.gracePeriod().compareTo(Duration.ZERO) <= 0,
                "scale-to-zero-grace-period must be positive, was: " + format(zero.gracePeriod()),
                "scale-to-zero-grace-period");
        refuseIf(delay.isNegative(), "scale-down-delay cannot be negative, was: " + format(delay), "scale-down-delay");
        refuseIf(
                delay.toNanosPart() != 0,
                "scale-down-delay = " + format(delay) + ", must be specified with at most second precision",
                "scale-down-delay");
        refuseIf(
                zero.podRetentionPeriod().isNegative(),
                "scale-to-zero-pod-retention-period cannot be negative, was: " + format(zero.podRetentionPeriod()),
                "scale-to-zero-pod-retention-period");
    }

    private static void checkTargets(Targets targets) throws ConfigMapProblem {
        double burst = targets.burstCapacity();
        refuseIf(
                burst < 0 && burst != -1,
                "target-burst-capacity must be either non-negative or -1 (for unlimited), was: " + fixed(burst),
                "target-burst-capacity");
        double fraction = targets.concurrencyFraction();
        refuseIf(
                fraction <= 0 || fraction > 1,
                "container-concurrency-target-percentage = " + fixed(fraction)
                        + " is outside of valid range of (0, 100]",
                "container-concurrency-target-percentage");
        double target = fraction * targets.concurrency();
        refuseIf(
                target < TARGET_MIN,
                "container-concurrency-target-percentage and container-concurrency-target-default yield target"
                        + " concurrency of " + format(target) + ", can't be less than " + format(TARGET_MIN),
                "container-concurrency-target-percentage",
                "container-concurrency-target-default");
        refuseIf(
                targets.requestsPerSecond() < TARGET_MIN,
                "requests-per-second-target-default must be at least " + format(TARGET_MIN) + ", was: "
                        + format(targets.requestsPerSecond()),
                "requests-per-second-target-default");
        refuseIf(
                targets.activatorCapacity() < 1,
                "activator-capacity = " + format(targets.activatorCapacity()) + ", must be at least 1",
                "activator",
                "activator-capacity");
    }

    private static void checkPace(Pace pace) throws ConfigMapProblem {
        refuseIf(
                pace.maxScaleUpRate() <= 1,
                "max-scale-up-rate = " + format(pace.maxScaleUpRate()) + ", must be greater than 1.0",
                "max-scale-up-rate");
        refuseIf(
                pace.maxScaleDownRate() <= 1,
                "max-scale-down-rate = " + format(pace.maxScaleDownRate()) + ", must be greater than 1.0",
                "max-scale-down-rate");
        Duration window = pace.stableWindow();
        refuseIf(
                window.compareTo(WINDOW_MIN) < 0 || window.compareTo(WINDOW_MAX) > 0,
                "stable-window = " + format(window) + ", must be in [" + format(WINDOW_MIN) + "; " + format(WINDOW_MAX)
                        + "] range",
                "stable-window");
        refuseIf(
                window.toNanosPart() != 0,
                "stable-window = " + format(window) + ", must be specified with at most second precision",
                "stable-window");
        double panicWindow = pace.panicWindowPercentage();
        refuseIf(
                panicWindow < 1 || panicWindow > 100,
                "panic-window-percentage = " + format(panicWindow) + ", must be in [1, 100] interval",
                "panic-window-percentage");
    }

    private static void checkBounds(Bounds bounds) throws ConfigMapProblem {
        int initial = bounds.initialScale();
        refuseIf(
                initial < 0 || (initial == 0 && !bounds.allowZeroInitialScale()),
                "initial-scale = " + initial
                        + ", must be at least 0 (or at least 1 when allow-zero-initial-scale is false)",
                "initial-scale",
                "allow-zero-initial-scale");
        refuseIf(bounds.minScale() < 0, "min-scale = " + bounds.minScale() + ", must be at least 0", "min-scale");
        int limit = bounds.maxScaleLimit();
        // Under a limit, "unlimited" (0) is no default any more.
        int least = limit > 0 ? 1 : 0;
        int most = bounds.maxScale();
        refuseIf(
                most < least || (limit > 0 && most > limit),
                "max-scale = " + most + ", must be in [" + least + ", max-scale-limit(" + limit + ")] range",
                "max-scale",
                "max-scale-limit");
        refuseIf(limit < 0, "max-scale-limit = " + limit + ", must be at least 0", "max-scale-limit");
        refuseIf(
                bounds.minScale() > most && most > 0,
                "min-scale (" + bounds.minScale() + ") must be less than max-scale (" + most + ")",
                "min-scale",
                "max-scale");
    }

    private static void refuseIf(boolean wrong, String message, String... keys) throws ConfigMapProblem {
        if (wrong) {
            throw new ConfigMapProblem(message, keys);
        }
    }

    /** Go's %f. */
    private static String fixed(double number) {
        return Double.isFinite(number) ? String.format(Locale.ROOT, "%.6f", number) : format(number);
    }
}
