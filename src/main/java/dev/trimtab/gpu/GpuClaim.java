package dev.trimtab.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * GPUs of dynamic resource allocation (Kubernetes 1.34, resource.k8s.io/v1). They are in no container's limits. A device
 * counts by the name of its class, or of its driver once it is allocated, such as {@code gpu.nvidia.com}.
 */
public final class GpuClaim {
    /** Tells GPUs from other devices, such as network cards and the channels of {@code compute-domain.nvidia.com}. */
    private static final Pattern GPU = Pattern.compile("(?i).*(gpu|mig\\.|npu|gaudi|neuron|tpu).*");

    private static final String CLASS = "serving.kserve.io/exp-dra-device-class";
    private static final String COUNT = "serving.kserve.io/exp-dra-device-count";

    private GpuClaim() {}

    /** Of a ResourceClaim: what is allocated, else what is asked for. */
    public static GpuCount of(JsonNode claim) {
        JsonNode results = claim.at("/status/allocation/devices/results");
        Map<String, BigDecimal> allocated = new HashMap<>();
        for (JsonNode device : results) {
            if (!device.path("adminAccess").asBoolean()) {
                count(allocated, device.path("driver").asText(""), BigDecimal.ONE);
            }
        }
        return results.isEmpty() ? ofSpec(claim.path("spec")) : new GpuCount(allocated);
    }

    /** Of a ResourceClaimTemplate. Of a request with several possible devices, the first counts: it is preferred. */
    public static GpuCount ofTemplate(JsonNode template) {
        return ofSpec(template.at("/spec/spec"));
    }

    private static GpuCount ofSpec(JsonNode spec) {
        Map<String, BigDecimal> asked = new HashMap<>();
        for (JsonNode request : spec.at("/devices/requests")) {
            JsonNode first = request.at("/firstAvailable/0");
            JsonNode exact = first.isObject() ? first : request.path("exactly");
            if (!exact.path("adminAccess").asBoolean()) {
                // "All" devices of a node: at least one, how many the node decides.
                count(
                        asked,
                        exact.path("deviceClassName").asText(""),
                        BigDecimal.valueOf(exact.path("count").asLong(1)));
            }
        }
        return new GpuCount(asked);
    }

    private static void count(Map<String, BigDecimal> counted, String name, BigDecimal amount) {
        if (GPU.matcher(name).matches()) {
            counted.merge(name, amount, BigDecimal::add);
        }
    }

    /** What KServe asks for each pod of an LLMInferenceService with these annotations (kserve 0.20, #5352). */
    public static GpuCount ofAnnotations(Function<String, Optional<String>> annotation) {
        Map<String, BigDecimal> asked = new HashMap<>();
        annotation
                .apply(CLASS)
                .ifPresent(name -> count(
                        asked,
                        name,
                        new BigDecimal(annotation
                                .apply(COUNT)
                                .filter(it -> it.matches("[0-9]{1,4}"))
                                .orElse("1"))));
        return new GpuCount(asked);
    }
}
