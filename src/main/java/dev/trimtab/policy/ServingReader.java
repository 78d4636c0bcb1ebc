package dev.trimtab.policy;

import static dev.trimtab.policy.Fields.get;
import static dev.trimtab.policy.Fields.in;
import static dev.trimtab.policy.Fields.texts;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of a profile that say what its models are like. */
final class ServingReader {
    static final List<String> KEYS = List.of(
            "startupSeconds",
            "maxResponseSeconds",
            "window",
            "containerConcurrency",
            "gpuMemory",
            "probes",
            "template",
            "rolloutDuration");
    static final List<String> WINDOW = List.of(
            "panicWindowPercentage",
            "panicThresholdPercentage",
            "scaleDownDelay",
            "targetUtilizationPercentage",
            "target");
    static final List<String> TEMPLATE = List.of("annotations", "labels");

    private ServingReader() {}

    /** What the keys of a profile say, as far as it can be understood. */
    static Serving read(Map<String, YamlValue> profile) {
        Map<String, YamlValue> template = in(profile, "template", TEMPLATE);
        return new Serving(
                whole(profile, "startupSeconds", Bounds.STARTUP_SECONDS),
                whole(profile, "maxResponseSeconds", Bounds.MAX_RESPONSE_SECONDS),
                window(in(profile, "window", WINDOW)),
                whole(profile, "containerConcurrency", Bounds.CONTAINER_CONCURRENCY),
                get(profile, "gpuMemory", value -> Numbers.bytes(value, Bounds.GPU_MEMORY)),
                ProbesReader.read(profile),
                texts(template, "annotations", Reserved::annotationFlaw, any -> Optional.empty()),
                texts(template, "labels", Reserved::labelFlaw, Names::labelValueFlaw),
                seconds(profile, "rolloutDuration", Bounds.ROLLOUT_DURATION));
    }

    private static Window window(Map<String, YamlValue> window) {
        return new Window(
                number(window, "panicWindowPercentage", Bounds.PANIC_WINDOW_PERCENTAGE),
                number(window, "panicThresholdPercentage", Bounds.PANIC_THRESHOLD_PERCENTAGE),
                seconds(window, "scaleDownDelay", Bounds.SCALE_DOWN_DELAY),
                number(window, "targetUtilizationPercentage", Bounds.TARGET_UTILIZATION_PERCENTAGE),
                number(window, "target", Bounds.TARGET));
    }

    private static Optional<BigDecimal> number(Map<String, YamlValue> fields, String key, Bounds bounds) {
        return get(fields, key, value -> Numbers.number(value, bounds));
    }

    private static Optional<Integer> whole(Map<String, YamlValue> fields, String key, Bounds bounds) {
        return get(fields, key, value -> Numbers.whole(value, bounds));
    }

    private static Optional<Integer> seconds(Map<String, YamlValue> fields, String key, Bounds bounds) {
        return get(fields, key, value -> Numbers.seconds(value, bounds));
    }
}
