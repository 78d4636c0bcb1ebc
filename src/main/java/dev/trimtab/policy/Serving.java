package dev.trimtab.policy;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Facts about a model from profiles. No rule acts on a missing value.
 *
 * @param startupSeconds until a pod answers, 1 to 86,400
 * @param maxResponseSeconds of the longest response, 1 to 86,400
 * @param containerConcurrency 0 (any number) to 1,000
 * @param gpuMemoryBytes 1 MiB to 1 TiB
 * @param rolloutSeconds over which traffic moves to a new revision, 0 to 86,400
 */
public record Serving(
        Optional<Integer> startupSeconds,
        Optional<Integer> maxResponseSeconds,
        Window window,
        Optional<Integer> containerConcurrency,
        Optional<BigDecimal> gpuMemoryBytes,
        Probes probes,
        Map<String, String> annotations,
        Map<String, String> labels,
        Optional<Integer> rolloutSeconds) {
    public static final Serving UNKNOWN = new Serving(
            Optional.empty(),
            Optional.empty(),
            Window.UNSET,
            Optional.empty(),
            Optional.empty(),
            Probes.UNSET,
            Map.of(),
            Map.of(),
            Optional.empty());

    public Serving {
        annotations = Map.copyOf(annotations);
        labels = Map.copyOf(labels);
    }

    /**
     * Layers each one over those before it. Works in halves: one by one, the labels of thousands of profiles would be
     * copied thousands of times.
     */
    static Serving layered(List<Serving> inOrder) {
        if (inOrder.size() < 2) {
            return inOrder.isEmpty() ? UNKNOWN : inOrder.get(0);
        }
        int half = inOrder.size() / 2;
        return layered(inOrder.subList(half, inOrder.size())).over(layered(inOrder.subList(0, half)));
    }

    /** These values take precedence, key by key. Annotations and labels are merged. */
    Serving over(Serving earlier) {
        return new Serving(
                startupSeconds.or(earlier::startupSeconds),
                maxResponseSeconds.or(earlier::maxResponseSeconds),
                window.over(earlier.window()),
                containerConcurrency.or(earlier::containerConcurrency),
                gpuMemoryBytes.or(earlier::gpuMemoryBytes),
                probes.over(earlier.probes()),
                merged(earlier.annotations(), annotations),
                merged(earlier.labels(), labels),
                rolloutSeconds.or(earlier::rolloutSeconds));
    }

    private static Map<String, String> merged(Map<String, String> earlier, Map<String, String> later) {
        Map<String, String> merged = new LinkedHashMap<>(earlier);
        merged.putAll(later);
        return merged;
    }

    /**
     * Settings of the autoscaler for a model. Bounds are Knative's own (annotation_validation.go, Knative 1.23).
     *
     * @param panicWindowPercentage of the stable window, 1 to 100; written only together with a window
     * @param panicThresholdPercentage of the target, 110 to 1,000
     * @param scaleDownDelaySeconds 0 to 3,600
     * @param targetUtilizationPercentage 1 to 100
     * @param target how much of the metric one pod takes, from 0.01
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
}
