package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.GoValues;
import dev.trimtab.manifest.Annotations;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The part of a GPU that KAI Scheduler reads off a pod's annotations: {@code gpu-fraction} between 0 and 1, or {@code
 * gpu-memory} in MiB, each on {@code gpu-fraction-num-devices} cards (gpu_request_validator.go 23-95). KAI refuses a pod
 * with a value of another form; where KAI does not run it means nothing.
 */
final class KaiShare {
    private static final String FRACTION = "gpu-fraction";
    private static final String MEMORY = "gpu-memory";
    private static final String DEVICES = "gpu-fraction-num-devices";

    private KaiShare() {}

    static GpuCount ofPod(JsonNode pod) {
        Annotations annotations = new Annotations(pod.at("/metadata/annotations"));
        BigDecimal devices = positive(annotations, DEVICES).orElse(BigDecimal.ONE);
        Map<String, BigDecimal> counted = new TreeMap<>();
        fraction(annotations).ifPresent(it -> counted.put(FRACTION, it.multiply(devices)));
        positive(annotations, MEMORY).ifPresent(it -> counted.put(MEMORY, it.multiply(devices)));
        return new GpuCount(counted);
    }

    private static Optional<BigDecimal> fraction(Annotations annotations) {
        OptionalDouble number =
                annotations.text(FRACTION).map(GoValues::float64).orElse(OptionalDouble.empty());
        return number.isPresent() && number.getAsDouble() > 0 && number.getAsDouble() < 1
                ? Optional.of(BigDecimal.valueOf(number.getAsDouble()))
                : Optional.empty();
    }

    private static Optional<BigDecimal> positive(Annotations annotations, String key) {
        return annotations.text(key).map(GoValues::atoi).stream()
                .flatMapToLong(number -> number.stream())
                .filter(number -> number > 0)
                .mapToObj(BigDecimal::valueOf)
                .findFirst();
    }
}
