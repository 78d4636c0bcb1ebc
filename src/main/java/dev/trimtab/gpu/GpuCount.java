package dev.trimtab.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.Quantities;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Amounts of GPU resources, by the names that pods request.
 *
 * @param byResource without zeros, sorted by name
 */
public record GpuCount(Map<String, BigDecimal> byResource) {
    /** Resources that count parts of GPUs, such as memory or cores. */
    private static final Pattern PART =
            Pattern.compile("(?i).*(mem|core|ratio|percentage|fraction).*|koordinator\\.sh/gpu|metax-tech\\.com/v.*");

    /** No cluster has as many. Sums of such numbers stay numbers. */
    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);

    private static final String KAI_FRACTION = "gpu-fraction";
    private static final String KAI_MEMORY = "gpu-memory";
    private static final String KAI_DEVICES = "gpu-fraction-num-devices";

    public static final GpuCount NONE = new GpuCount(Map.of());

    public GpuCount {
        Map<String, BigDecimal> counted = new TreeMap<>(byResource);
        counted.values().removeIf(amount -> amount.signum() <= 0);
        byResource = Collections.unmodifiableMap(counted);
    }

    /**
     * What the scheduler reserves for a pod: containers and sidecars together, or the largest init container with the
     * sidecars before it, if that is more (Kubernetes 1.29, component-helpers resource.PodRequests). KAI's reservation
     * for the pod comes on top.
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
        return running.max(starting).plus(ofKai(pod));
    }

    /** Limits, else requests. The API server requires that both are equal for GPUs. */
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

    /**
     * KAI Scheduler's annotations for a part of a GPU: {@code gpu-fraction} between 0 and 1, or {@code gpu-memory} in
     * MiB, on {@code gpu-fraction-num-devices} GPUs (gpu_request_validator.go 23-95). KAI refuses other forms.
     */
    private static GpuCount ofKai(JsonNode pod) {
        Annotations annotations = new Annotations(pod.at("/metadata/annotations"));
        BigDecimal devices = positive(annotations, KAI_DEVICES).orElse(BigDecimal.ONE);
        Map<String, BigDecimal> counted = new TreeMap<>();
        fraction(annotations).ifPresent(it -> counted.put(KAI_FRACTION, it.multiply(devices)));
        positive(annotations, KAI_MEMORY).ifPresent(it -> counted.put(KAI_MEMORY, it.multiply(devices)));
        return new GpuCount(counted);
    }

    private static Optional<BigDecimal> fraction(Annotations annotations) {
        OptionalDouble number =
                annotations.text(KAI_FRACTION).map(GoParsing::float64).orElse(OptionalDouble.empty());
        return number.isPresent() && number.getAsDouble() > 0 && number.getAsDouble() < 1
                ? Optional.of(BigDecimal.valueOf(number.getAsDouble()))
                : Optional.empty();
    }

    /**
     * Reads the amounts of {@link #toJson} from an annotation or an Event. People may write there too, so an amount that
     * is no quantity is left out.
     */
    public static GpuCount ofJson(JsonNode amounts) {
        Map<String, BigDecimal> counted = new TreeMap<>();
        amounts.properties()
                .forEach(it -> Quantities.amount(it.getValue()).ifPresent(amount -> counted.put(it.getKey(), amount)));
        return new GpuCount(counted);
    }

    /** Amounts as text, by resource. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        byResource.forEach((resource, amount) -> json.put(resource, plain(amount)));
        return json;
    }

    private static Optional<BigDecimal> positive(Annotations annotations, String key) {
        return annotations.text(key).map(GoParsing::int64).stream()
                .flatMapToLong(number -> number.stream())
                .filter(number -> number > 0)
                .mapToObj(BigDecimal::valueOf)
                .findFirst();
    }

    /**
     * Number of whole GPUs, rounded up. At least 1 if there is any amount: a part counts as a whole GPU, since nothing
     * says who shares it.
     */
    public long whole() {
        BigDecimal gpus = BigDecimal.ZERO;
        for (Map.Entry<String, BigDecimal> resource : byResource.entrySet()) {
            if (!PART.matcher(resource.getKey()).matches()) {
                gpus = gpus.add(resource.getValue());
            }
        }
        long number = gpus.min(MOST).setScale(0, RoundingMode.CEILING).longValue();
        return Math.max(isNone() ? 0 : 1, number);
    }

    public boolean isNone() {
        return byResource.isEmpty();
    }

    public GpuCount plus(GpuCount other) {
        return merge(other, BigDecimal::add);
    }

    public GpuCount max(GpuCount other) {
        return merge(other, BigDecimal::max);
    }

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
