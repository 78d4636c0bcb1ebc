package dev.trimtab.knative;

import java.time.Duration;
import java.util.Map;

/**
 * What Knative's ConfigMap {@code config-autoscaler} says for the whole cluster, read and checked as
 * pkg/autoscaler/config/config.go does (Knative 1.23). There is no setting per namespace.
 *
 * @param podAutoscalerClass the class of a revision without the annotation; any text, by default KPA
 * @param bounds how many pods a revision may have
 * @param scaleToZero whether and when the last pod goes
 * @param targets how much load a pod is meant to carry
 * @param pace how fast the number of pods follows the load
 */
public record AutoscalerConfig(
        String podAutoscalerClass, Bounds bounds, ScaleToZero scaleToZero, Targets targets, Pace pace) {
    /** Class of Knative's own autoscaler. */
    public static final String KPA = "kpa.autoscaling.knative.dev";
    /** Class that hands a revision to a Kubernetes HorizontalPodAutoscaler. */
    public static final String HPA = "hpa.autoscaling.knative.dev";

    /** What Knative runs with after a fresh install, where all keys are inside {@code _example}. */
    public static final AutoscalerConfig DEFAULTS = new AutoscalerConfig(
            KPA,
            new Bounds(1, false, 0, 0, 0),
            new ScaleToZero(true, Duration.ofSeconds(30), Duration.ZERO),
            new Targets(0.7, 100, 200, 211, 100),
            new Pace(1000, 2, Duration.ofSeconds(60), 10, 200, Duration.ZERO));

    /**
     * Pods of a revision without annotations of its own.
     *
     * @param initialScale pods a new revision must bring up once to become ready, 0 only with allowZeroInitialScale
     * @param allowZeroInitialScale whether an initial scale of 0 is accepted, here and in annotations
     * @param minScale least pods, 0 or more
     * @param maxScale most pods, 0 is unlimited
     * @param maxScaleLimit largest max-scale that is accepted, here and in annotations; 0 is no limit
     */
    public record Bounds(
            int initialScale, boolean allowZeroInitialScale, int minScale, int maxScale, int maxScaleLimit) {}

    /**
     * @param enabled whether a revision without traffic may go down to no pod
     * @param gracePeriod how long the activator may take over before the last pod goes, more than 0
     * @param podRetentionPeriod least time the last pod stays after the decision, 0 or more
     */
    public record ScaleToZero(boolean enabled, Duration gracePeriod, Duration podRetentionPeriod) {}

    /**
     * @param concurrencyFraction share of containerConcurrency to aim at, in (0, 1]
     * @param concurrency requests at a time per pod where containerConcurrency is 0
     * @param requestsPerSecond requests per second and pod for the metric rps, at least 0.01
     * @param burstCapacity requests to absorb without the activator, 0 or more, -1 is unlimited
     * @param activatorCapacity requests at a time that one activator serves, at least 1
     */
    public record Targets(
            double concurrencyFraction,
            double concurrency,
            double requestsPerSecond,
            double burstCapacity,
            double activatorCapacity) {}

    /**
     * @param maxScaleUpRate largest factor of growth per decision, more than 1
     * @param maxScaleDownRate largest factor of shrinking per decision, more than 1
     * @param stableWindow the time averages are taken over, 6 seconds to 1 hour, whole seconds
     * @param panicWindowPercentage share of the stable window that panic mode looks at, 1 to 100
     * @param panicThresholdPercentage load in percent of the target at which panic mode begins
     * @param scaleDownDelay how long less load must last before pods go, whole seconds, 0 or more
     */
    public record Pace(
            double maxScaleUpRate,
            double maxScaleDownRate,
            Duration stableWindow,
            double panicWindowPercentage,
            double panicThresholdPercentage,
            Duration scaleDownDelay) {}

    /**
     * Reads the ConfigMap's data, all or nothing: a key that is absent has its default, one that does not parse or is
     * out of bounds spoils the whole.
     *
     * @throws ConfigMapProblem with Knative's own message, where Knative would refuse the ConfigMap
     */
    public static AutoscalerConfig parse(Map<String, String> data) throws ConfigMapProblem {
        return AutoscalerConfigMap.read(data);
    }

    public int initialScale() {
        return bounds.initialScale;
    }

    public boolean allowZeroInitialScale() {
        return bounds.allowZeroInitialScale;
    }

    public int minScale() {
        return bounds.minScale;
    }

    /** Most pods of a revision without the annotation; 0 is unlimited. */
    public int maxScale() {
        return bounds.maxScale;
    }

    /** Largest max-scale that Knative accepts; 0 is no limit. */
    public int maxScaleLimit() {
        return bounds.maxScaleLimit;
    }

    public boolean enableScaleToZero() {
        return scaleToZero.enabled;
    }
}
