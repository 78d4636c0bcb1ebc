package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.gpu.GpuContainer;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.policy.Gpu;
import dev.trimtab.policy.Gpu.GpuDialect;
import dev.trimtab.policy.Gpu.GpuUnit;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Warns of GPU amounts that are probably a mistake.
 *
 * <p>Each scheduler has its own unit for GPU memory; the policy's {@code gpu.unit} sets another one. This rule warns
 * of a number of GiB above 192 and of a number of MiB below 256. It warns of such a plain number with a unit:
 * Kubernetes reads {@code 12Gi} as 12884901888. It also warns of what Kubernetes refuses when the pod is made, which
 * Knative does not report: requests without limits or different from the limits, a fraction of a device, and, on ACK,
 * memory that the label {@code aliyun.com/gpu-count} does not divide. It changes nothing.
 *
 * <p>Example: {@code aliyun.com/gpu-mem: 3000}: {@code aliyun.com/gpu-mem 3000 is counted in GiB: did you mean MiB?}.
 * Source: the schedulers' documents; Kubernetes, extended resources; ACK, multi-GPU sharing.
 */
final class GpuAmountRule implements WorkloadRule {
    private static final String KAI = "gpu-memory";
    private static final Map<String, GpuDialect> PLAIN = Map.of(
            "aliyun.com/gpu-mem", GpuDialect.ALIYUN,
            "tke.cloud.tencent.com/qgpu-memory", GpuDialect.QGPU,
            "nvidia.com/gpumem", GpuDialect.HAMI,
            "volcano.sh/vgpu-memory", GpuDialect.VOLCANO,
            "volcano.sh/gpu-memory", GpuDialect.VOLCANO);
    private static final BigDecimal MOST_GIB = BigDecimal.valueOf(192);
    private static final BigDecimal LEAST_MIB = BigDecimal.valueOf(256);
    private static final Pattern WITH_UNIT = Pattern.compile(".*[KMGTPE]i");
    private static final Pattern WHOLE = Pattern.compile("[1-9][0-9]{0,8}");
    private static final String ALIYUN = "aliyun.com/gpu-mem";
    private static final String COUNT = "aliyun.com/gpu-count";

    @Override
    public void apply(Draft draft, Facts facts) {
        for (GpuContainer container : GpuContainer.of(draft.service().root())) {
            for (String resource : container.resources().keySet()) {
                requests(draft, container, resource);
                flaw(resource, container.limit(resource), facts.policy().gpu()).ifPresent(flaw -> {
                    JsonPointer at = container.container().field("resources", "limits", resource);
                    // A limit that this review has filled comes from the policy, so the author cannot have mistaken its
                    // unit.
                    if (!draft.isFilled(at)) {
                        draft.warn(at, flaw);
                    }
                });
            }
            count(draft, container);
        }
        Optional<String> kai = draft.templateAnnotations().text("gpu-memory");
        if (kai.isPresent() && facts.policy().gpu().dialect() == GpuDialect.KAI) {
            JsonPointer at = KnativeService.annotation("gpu-memory");
            flaw(KAI, TextNode.valueOf(kai.get()), facts.policy().gpu())
                    .filter(flaw -> !draft.isFilled(at))
                    .ifPresent(flaw -> draft.warn(at, flaw));
        }
    }

    private void requests(Draft draft, GpuContainer container, String resource) {
        JsonNode limit = container.limit(resource);
        JsonNode request = container.request(resource);
        if (Pointers.isAbsent(limit)) {
            // Of a forecast the ServingRuntime may have the limit.
            if (draft.containersAreKnown()) {
                draft.warn(
                        requestOf(container, resource),
                        "%s is in requests only: write it in limits".formatted(resource));
            }
        } else if (!Pointers.isAbsent(request) && !Quantities.same(limit, request)) {
            draft.warn(
                    requestOf(container, resource),
                    "%s: requests %s and limits %s must be equal: leave the request out"
                            .formatted(resource, request.asText(), limit.asText()));
        }
    }

    private static JsonPointer requestOf(GpuContainer container, String resource) {
        return container.container().field("resources", "requests", resource);
    }

    /** What is wrong with an amount, if it can be seen. */
    private static Optional<String> flaw(String resource, JsonNode written, Gpu gpu) {
        Optional<BigDecimal> amount = Quantities.amount(written);
        Optional<GpuUnit> unit = resource.equals(KAI)
                ? Optional.of(GpuUnit.MIB)
                : Optional.ofNullable(PLAIN.get(resource)).flatMap(gpu::unitOf);
        boolean gib = unit.filter(GpuUnit.GIB::equals).isPresent();
        boolean mib = unit.filter(GpuUnit.MIB::equals).isPresent();
        if (amount.isEmpty()) {
            return Optional.empty();
        }
        String text = resource + " " + written.asText();
        if ((gib || mib) && WITH_UNIT.matcher(written.asText()).matches()) {
            return Optional.of("%s: write a plain number of %s".formatted(text, gib ? "GiB" : "MiB"));
        } else if (gib && amount.get().compareTo(MOST_GIB) > 0) {
            return Optional.of(text + " is counted in GiB: did you mean MiB?");
        } else if (mib && amount.get().compareTo(LEAST_MIB) < 0) {
            return Optional.of(text + " is counted in MiB: did you mean GiB?");
        } else if (amount.get().stripTrailingZeros().scale() > 0) {
            return Optional.of(text + " is a fraction: write a whole number");
        }
        return Optional.empty();
    }

    /** ACK gives each of the GPUs the same share of the memory. */
    private void count(Draft draft, GpuContainer container) {
        String count = draft.service().templateLabels().getOrDefault(COUNT, "");
        String memory = container.limit(ALIYUN).asText();
        if (count.isEmpty() || !container.has(ALIYUN)) {
            return;
        }
        boolean whole = WHOLE.matcher(count).matches();
        boolean divided =
                !WHOLE.matcher(memory).matches() || (whole && Integer.parseInt(memory) % Integer.parseInt(count) == 0);
        if (!whole || !divided) {
            draft.warn(
                    KnativeService.label(COUNT),
                    "label %s %s must divide %s %s".formatted(COUNT, count, ALIYUN, memory));
        }
        if (container.has("aliyun.com/gpu-core.percentage")) {
            draft.warn(
                    KnativeService.label(COUNT),
                    "label %s and aliyun.com/gpu-core.percentage do not go together".formatted(COUNT));
        }
    }
}
