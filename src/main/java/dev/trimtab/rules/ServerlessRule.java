package dev.trimtab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.gpu.GpuContainer;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Warns of annotations and labels for serverless nodes that do nothing, or do harm.
 *
 * <p>It warns if a GPU instance type in {@code k8s.aliyun.com/eci-use-specs} has no {@code nvidia.com/gpu} in the
 * limits, which fails at start; if an annotation {@code k8s.aliyun.com/eci-*} is on the service and not on the
 * template; if {@code knative.aliyun.com/reserve-instance} goes with a min-scale of 1 or more, has an unknown type,
 * or reserves an instance without a GPU for pods with one; and if Fluid is to inject both its sidecar and its
 * affinity. It changes nothing.
 *
 * <p>Example: with {@code knative.aliyun.com/reserve-instance: enable} and {@code min-scale: "1"} the reserved
 * instance is never used. Source: the documents of ACK about Knative, ECI and reserved instances; Fluid's webhook
 * configuration.
 */
final class ServerlessRule implements WorkloadRule {
    private static final String ECI = "k8s.aliyun.com/eci-";
    private static final String ECI_SPECS = ECI + "use-specs";
    private static final String RESERVE = "knative.aliyun.com/reserve-instance";
    private static final Set<String> RESERVE_TYPES = Set.of("eci", "ecs", "acs");
    /** Instance families with NVIDIA GPUs: gn, vgn, sgn, ebmgn. */
    private static final Pattern GPU_SPEC = Pattern.compile("ecs\\.[a-z]*gn\\d");

    @Override
    public void apply(Draft draft, Facts facts) {
        Annotations template = draft.templateAnnotations();
        List<GpuContainer> gpus = GpuContainer.of(draft.service().root());
        boolean wholeGpu = gpus.stream().anyMatch(it -> it.has("nvidia.com/gpu"));
        // Of a forecast the ServingRuntime may have it.
        if (isGpuSpec(template, ECI_SPECS) && !wholeGpu && draft.containersAreKnown()) {
            draft.warn(
                    KnativeService.annotation(ECI_SPECS),
                    ECI_SPECS + " is a GPU type: the pod also needs limits nvidia.com/gpu");
        }
        misplaced(draft, template);
        reserve(draft, template, !gpus.isEmpty());
        Map<String, String> labels = draft.service().templateLabels();
        if ("true".equals(labels.get("serverless.fluid.io/inject"))
                && "true".equals(labels.get("fuse.serverful.fluid.io/inject"))) {
            draft.warn(
                    KnativeService.label("serverless.fluid.io/inject"),
                    "labels serverless.fluid.io/inject and fuse.serverful.fluid.io/inject: keep one");
        }
    }

    private void misplaced(Draft draft, Annotations template) {
        new Manifest(draft.service().root()).annotations().map().properties().forEach(entry -> {
            if (entry.getKey().startsWith(ECI) && !template.has(entry.getKey())) {
                draft.warn(
                        Pointers.of("metadata", "annotations", entry.getKey()),
                        "%s works on spec.template.metadata only".formatted(entry.getKey()));
            }
        });
    }

    private void reserve(Draft draft, Annotations template, boolean gpu) {
        if (template.text(RESERVE).filter("enable"::equals).isEmpty()) {
            return;
        }
        long min = template.value(ScaleAnnotation.MIN_SCALE).map(JsonNode::asText).map(GoParsing::int32).stream()
                .flatMapToInt(it -> it.stream())
                .findFirst()
                .orElse(0);
        if (min >= 1) {
            draft.warn(
                    KnativeService.annotation(RESERVE),
                    "%s does nothing with min-scale %d: it is for min-scale 0".formatted(RESERVE, min));
        }
        template.text(RESERVE + "-type")
                .filter(type -> !RESERVE_TYPES.contains(type))
                .ifPresent(type -> draft.warn(
                        KnativeService.annotation(RESERVE + "-type"),
                        "%s-type %s: write eci, ecs or acs".formatted(RESERVE, type)));
        String specs = RESERVE + "-eci-use-specs";
        if (gpu && template.has(specs) && !isGpuSpec(template, specs)) {
            draft.warn(KnativeService.annotation(specs), specs + " has no GPU, and the service asks for one");
        }
    }

    private static boolean isGpuSpec(Annotations template, String key) {
        return template.text(key).filter(it -> GPU_SPEC.matcher(it).find()).isPresent();
    }
}
