package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.gpu.GpuContainer;
import dev.trimtab.gpu.GpuFamily;
import dev.trimtab.gpu.GpuLimit;
import dev.trimtab.gpu.GpuMemory;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.policy.Gpu.GpuDialect;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.List;
import java.util.Optional;

/**
 * Writes how much GPU memory the model gets, in the form that the cluster's scheduler expects.
 *
 * <p>The amount comes from annotation {@code trimtab.dev/gpu-memory} on the template, such as {@code 12Gi}, or from a
 * profile's {@code gpuMemory}; the policy's {@code gpu.dialect} says how this cluster writes it. On the container
 * that serves the model this rule fills one of these limits: {@code aliyun.com/gpu-mem} (whole GiB), {@code
 * nvidia.com/gpumem} (MiB; with {@code nvidia.com/gpu: "1"} if there is none), {@code volcano.sh/vgpu-memory} (MiB;
 * with {@code volcano.sh/vgpu-number: "1"}), {@code tke.cloud.tencent.com/qgpu-memory} (whole GiB) or {@code
 * koordinator.sh/gpu-memory} (an amount). For KAI it fills the annotation {@code gpu-memory} (MiB) on the template.
 * Amounts are rounded up, and 8000 is written as Kubernetes writes it, {@code 8k}. Kubernetes sets requests equal to
 * limits, so the rule writes no requests.
 *
 * <p>It leaves an existing limit. It fills nothing if the author asks for a GPU in another way: whole GPUs (except
 * for HAMi, which wants both), MIG slices, another scheduler's resources, requests that differ, a GPU in another
 * container. It fills nothing for transformers, explainers and the workers of a multi-node model. If the author wrote
 * the annotation, a warning gives the reason.
 *
 * <p>Example: {@code trimtab.dev/gpu-memory: 12Gi} and {@code gpu: {dialect: aliyun}} give the limit {@code
 * aliyun.com/gpu-mem: "12"}. Source: the documents of ACK, HAMi, Volcano, qGPU, Koordinator and KAI Scheduler about
 * sharing a GPU.
 */
final class GpuMemoryRule implements WorkloadRule {
    @Override
    public void apply(Draft draft, Facts facts) {
        Optional<GpuMemory> asked =
                GpuMemory.asked(draft.service(), facts.policy().serving());
        if (asked.isEmpty()) {
            return;
        }
        GpuDialect dialect = facts.policy().gpu().dialect();
        Optional<GpuLimit> limit = GpuLimit.of(facts.policy().gpu(), asked.get().bytes());
        if (limit.isEmpty()) {
            if (asked.get().byAuthor()) {
                draft.warn(
                        GpuMemory.AT,
                        GpuMemory.ANNOTATION + " has no effect: the policy shares no GPU (gpu.dialect is none)");
            }
            return;
        }
        Optional<GpuContainer> serving =
                Container.serving(draft.service().root()).map(GpuContainer::of);
        if (serving.isPresent() && !serving.get().isWorker()) {
            Optional<String> obstacle = obstacle(draft, serving.get(), dialect, limit.get());
            if (obstacle.isEmpty()) {
                fill(draft, serving.get(), dialect, limit.get(), asked.get());
            } else if (asked.get().byAuthor()) {
                draft.warn(GpuMemory.AT, "%s is ignored: %s".formatted(GpuMemory.ANNOTATION, obstacle.get()));
            } else {
                draft.leave(obstacle.get());
            }
        }
    }

    private void fill(Draft draft, GpuContainer serving, GpuDialect dialect, GpuLimit limit, GpuMemory asked) {
        boolean kai = dialect == GpuDialect.KAI;
        if (kai && !draft.containersAreKnown()) {
            return;
        }
        JsonPointer at = kai
                ? KnativeService.annotation(limit.key())
                : serving.container().field("resources", "limits", limit.key());
        String because = asked.byAuthor() ? "what " + GpuMemory.ANNOTATION + " asks for" : "the policy's GPU memory";
        draft.fill(at, limit.value(), because);
        if (draft.isFilled(at)) {
            limit.count()
                    .map(count -> serving.container().field("resources", "limits", count))
                    .ifPresent(count -> draft.fill(count, "1", "one GPU to take the memory of"));
        } else if (draft.containersAreKnown() && !Pointers.isAbsent(draft.value(at))) {
            draft.leave("%s stays as its author wrote it".formatted(limit.key()));
        }
    }

    private static Optional<String> obstacle(Draft draft, GpuContainer serving, GpuDialect dialect, GpuLimit limit) {
        List<GpuContainer> all = GpuContainer.of(draft.service().root());
        Optional<String> elsewhere = all.stream()
                .filter(it -> !it.container().at().equals(serving.container().at()))
                .map(it ->
                        "container %s asks for a GPU".formatted(it.container().name()))
                .findFirst();
        Optional<String> otherwise = serving.resources().entrySet().stream()
                .filter(it -> !mayStandBeside(limit, dialect, it.getKey(), it.getValue()))
                .map(it -> "the container asks for " + it.getKey())
                .findFirst();
        boolean another = differs(serving, limit.key(), limit.value())
                || limit.count().filter(count -> differs(serving, count, "1")).isPresent();
        Optional<String> requested = another ? Optional.of("the container requests another amount") : Optional.empty();
        Optional<String> fraction = Optional.of("gpu-fraction")
                .filter(key ->
                        dialect == GpuDialect.KAI && draft.templateAnnotations().has(key))
                .map(key -> "annotation gpu-fraction is there");
        return elsewhere.or(() -> otherwise).or(() -> requested).or(() -> fraction);
    }

    /** Whether a request differs from the limit, which must be equal. */
    private static boolean differs(GpuContainer serving, String resource, String limit) {
        JsonNode request = serving.request(resource);
        boolean limited = !Pointers.isAbsent(serving.limit(resource));
        return !Pointers.isAbsent(request) && !limited && !Quantities.same(request, TextNode.valueOf(limit));
    }

    private static boolean mayStandBeside(GpuLimit limit, GpuDialect dialect, String resource, GpuFamily family) {
        if (limit.count().filter(resource::equals).isPresent()) {
            return true;
        }
        boolean ofDialect = family.name().equals(dialect.name());
        return ofDialect && !limit.instead().contains(resource);
    }
}
