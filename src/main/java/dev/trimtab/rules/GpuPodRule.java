package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.gpu.GpuContainer;
import dev.trimtab.gpu.GpuFamily;
import dev.trimtab.gpu.GpuMemory;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.policy.Gpu.GpuDialect;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.List;
import java.util.Map;

/**
 * Warns of pods that will not share a GPU as their author expects.
 *
 * <p>It warns of more than one container with a GPU in a pod. Under HAMi, whose webhook refuses privileged
 * containers, it warns of them and of Fluid's sidecar, which is privileged without the label {@code
 * unprivileged.sidecar.fluid.io/inject: "true"}. It warns of vLLM on a shared GPU without {@code
 * --gpu-memory-utilization}: vLLM then takes nine tenths of the whole GPU. It warns of an InferenceService whose
 * model asks for GPU memory but not for {@code nvidia.com/gpu}: KServe then picks the CPU image of its HuggingFace,
 * TensorFlow, TorchServe and vLLM servers, unless {@code runtimeVersion} or the image is set. It changes nothing.
 *
 * <p>Example: limits {@code aliyun.com/gpu-mem: 12} in {@code spec.predictor.model}. Source: HAMi,
 * scheduler/webhook.go 99-102; Fluid, utils/annotations.go 135-141; KServe 0.20, IsGPUEnabled and UpdateImageTag.
 */
final class GpuPodRule implements WorkloadRule {
    private static final String UTILIZATION = "--gpu-memory-utilization";

    @Override
    public void apply(Draft draft, Facts facts) {
        List<GpuContainer> containers = GpuContainer.of(draft.service().root());
        if (containers.size() > 1) {
            draft.warn(
                    containers.get(1).container().field("resources"),
                    "%d containers of the pod ask for a GPU: write one service for each of them"
                            .formatted(containers.size()));
        }
        GpuDialect dialect = facts.policy().gpu().dialect();
        if (dialect == GpuDialect.HAMI && !containers.isEmpty()) {
            privileged(draft);
        }
        boolean fraction = dialect == GpuDialect.KAI
                && (draft.templateAnnotations().has("gpu-fraction")
                        || draft.templateAnnotations().has("gpu-memory"));
        Container.serving(draft.service().root()).ifPresent(serving -> {
            GpuContainer gpu = GpuContainer.of(serving);
            if ((gpu.isShared() || fraction) && runsVllm(serving.node()) && !mentions(serving.node(), UTILIZATION)) {
                draft.warn(arguments(serving), "vLLM takes 0.9 of the whole card: write its share in " + UTILIZATION);
            }
            cpuImage(draft, facts, gpu);
        });
    }

    private void privileged(Draft draft) {
        for (Container container : Container.of(draft.service().root())) {
            JsonPointer at = container.field("securityContext", "privileged");
            if (draft.value(at).asBoolean(false)) {
                draft.warn(at, "HAMi refuses GPU pods with a privileged container: " + container.name());
            }
        }
        Map<String, String> labels = draft.service().templateLabels();
        boolean injected = "true".equals(labels.get("serverless.fluid.io/inject"));
        if (injected && !"true".equals(labels.get("unprivileged.sidecar.fluid.io/inject"))) {
            draft.warn(
                    KnativeService.label("serverless.fluid.io/inject"),
                    "HAMi refuses Fluid's privileged sidecar: label unprivileged.sidecar.fluid.io/inject: \"true\"");
        }
    }

    /** Only if KServe has still to choose the image, without regard to later fills. */
    private void cpuImage(Draft draft, Facts facts, GpuContainer model) {
        boolean chosenByKserve = facts.gpuImage() && !model.container().node().hasNonNull("image");
        boolean asked = facts.policy().gpu().dialect() != GpuDialect.NONE
                && GpuMemory.asked(draft.service(), facts.policy().serving()).isPresent();
        if (chosenByKserve && (asked || model.isShared()) && !model.families().contains(GpuFamily.WHOLE)) {
            JsonPointer place = model.resources().keySet().stream()
                    .findFirst()
                    .map(model::at)
                    .orElse(GpuMemory.AT);
            draft.warn(place, "without nvidia.com/gpu KServe picks the CPU image: set model.runtimeVersion or image");
        }
    }

    private static JsonPointer arguments(Container container) {
        return container.field(container.node().has("args") ? "args" : "command");
    }

    private static boolean runsVllm(JsonNode container) {
        return container.path("image").asText("").contains("vllm") || mentions(container, "vllm");
    }

    private static boolean mentions(JsonNode container, String word) {
        for (String field : List.of("command", "args")) {
            for (JsonNode argument : container.path(field)) {
                if (argument.asText("").contains(word)) {
                    return true;
                }
            }
        }
        return false;
    }
}
