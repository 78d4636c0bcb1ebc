package dev.trimtab.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The {@code autoscaling.knative.dev/} annotations of a revision, with the spellings that Knative knows
 * (pkg/apis/autoscaling/register.go, Knative 1.23). If a document has both spellings, Knative reads only the first.
 */
public enum ScaleAnnotation {
    CLASS("class"),
    METRIC("metric"),
    TARGET("target"),
    WINDOW("window"),
    ACTIVATION_SCALE("activation-scale"),
    INITIAL_SCALE("initial-scale", "initialScale"),
    MIN_SCALE("min-scale", "minScale"),
    MAX_SCALE("max-scale", "maxScale"),
    SCALE_DOWN_DELAY("scale-down-delay", "scaleDownDelay"),
    SCALE_TO_ZERO_POD_RETENTION_PERIOD("scale-to-zero-pod-retention-period", "scaleToZeroPodRetentionPeriod"),
    METRIC_AGGREGATION_ALGORITHM("metric-aggregation-algorithm", "metricAggregationAlgorithm"),
    PANIC_WINDOW_PERCENTAGE("panic-window-percentage", "panicWindowPercentage"),
    PANIC_THRESHOLD_PERCENTAGE("panic-threshold-percentage", "panicThresholdPercentage"),
    TARGET_BURST_CAPACITY("target-burst-capacity", "targetBurstCapacity"),
    TARGET_UTILIZATION_PERCENTAGE("target-utilization-percentage", "targetUtilizationPercentage");

    /** Group of all these keys. Knative refuses them outside {@code spec.template}. */
    public static final String GROUP = "autoscaling.knative.dev";

    private final String key;
    /** The first one takes precedence. */
    @SuppressWarnings("ImmutableEnumChecker") // made by List.of or toList
    private final List<String> spellings;

    ScaleAnnotation(String... names) {
        this.spellings = Stream.of(names).map(name -> GROUP + "/" + name).toList();
        this.key = spellings.get(0);
    }

    /** The spelling to write, such as "autoscaling.knative.dev/min-scale". */
    public String key() {
        return key;
    }

    /** The first one takes precedence. */
    public List<String> spellings() {
        return spellings;
    }

    /**
     * The first spelling that the document has, with its value.
     *
     * @param annotations may be null or not a map; the result is then empty
     */
    public Optional<Found> find(JsonNode annotations) {
        return Found.first(annotations, spellings());
    }

    public record Found(String key, String value) {
        public static Optional<Found> first(JsonNode annotations, List<String> spellings) {
            return spellings.stream()
                    .filter(key -> annotations != null && annotations.has(key))
                    .map(key -> new Found(
                            key,
                            annotations.get(key).isNull()
                                    ? ""
                                    : annotations.get(key).asText()))
                    .findFirst();
        }
    }
}
