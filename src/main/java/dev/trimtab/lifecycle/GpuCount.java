package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.rules.GpuFamily;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * How much of which GPU resource, by the names that pods ask for it.
 *
 * @param byResource without zeros, in the order of the names
 */
public record GpuCount(Map<String, BigDecimal> byResource) {
    public static final GpuCount NONE = new GpuCount(Map.of());

    public GpuCount {
        Map<String, BigDecimal> counted = new TreeMap<>(byResource);
        counted.values().removeIf(amount -> amount.signum() <= 0);
        byResource = Collections.unmodifiableMap(counted);
    }

    /**
     * What the scheduler sets aside for a pod: its containers and sidecars together, or the largest of its init
     * containers with the sidecars before it, if that is more (Kubernetes 1.29, component-helpers resource.PodRequests);
     * and what KAI sets aside for the pod as a whole.
     */
    public static GpuCount ofPod(JsonNode pod) {
        GpuCount sidecars = NONE;
        GpuCount starting = NONE;
        for (JsonNode container : pod.at("/spec/initContainers")) {
            if (container.path("restartPolicy").asText("").equals("Always")) {
                sidecars = sidecars.plus(ofContainer(container));
            } else {
                starting = starting.max(sidecars.plus(ofContainer(container)));
            }
        }
        GpuCount running = sidecars;
        for (JsonNode container : pod.at("/spec/containers")) {
            running = running.plus(ofContainer(container));
        }
        return running.max(starting).plus(KaiShare.ofPod(pod));
    }

    /** Its limits; where there is none of a resource, its request. For GPUs the API server wants both equal. */
    private static GpuCount ofContainer(JsonNode container) {
        JsonNode limits = container.at("/resources/limits");
        Map<String, BigDecimal> counted = new TreeMap<>();
        for (JsonNode resources : new JsonNode[] {container.at("/resources/requests"), limits}) {
            resources.properties().forEach(entry -> {
                if (GpuFamily.of(entry.getKey()).isPresent() && !Pointers.isAbsent(entry.getValue())) {
                    Quantities.amount(entry.getValue()).ifPresent(amount -> counted.put(entry.getKey(), amount));
                }
            });
        }
        return new GpuCount(counted);
    }

    public boolean isNone() {
        return byResource.isEmpty();
    }

    public GpuCount plus(GpuCount other) {
        return merge(other, BigDecimal::add);
    }

    /** Of each resource the larger amount. */
    public GpuCount max(GpuCount other) {
        return merge(other, BigDecimal::max);
    }

    /** Of so many pods. */
    public GpuCount times(int pods) {
        Map<String, BigDecimal> counted = new TreeMap<>();
        byResource.forEach((resource, amount) -> counted.put(resource, amount.multiply(BigDecimal.valueOf(pods))));
        return new GpuCount(counted);
    }

    private GpuCount merge(GpuCount other, BinaryOperator<BigDecimal> both) {
        Map<String, BigDecimal> merged = new TreeMap<>(byResource);
        other.byResource.forEach((resource, amount) -> merged.merge(resource, amount, both));
        return new GpuCount(merged);
    }

    /** Such as {@code 8 nvidia.com/gpu}. */
    @Override
    public String toString() {
        return byResource.isEmpty()
                ? "no GPU"
                : byResource.entrySet().stream()
                        .map(it -> plain(it.getValue()) + " " + it.getKey())
                        .collect(Collectors.joining(", "));
    }

    private static String plain(BigDecimal amount) {
        return amount.stripTrailingZeros().toPlainString();
    }
}
