package dev.trimtab.rules;

import dev.trimtab.gpu.GpuContainer;
import dev.trimtab.gpu.GpuFamily;
import dev.trimtab.gpu.GpuMemory;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.policy.Gpu.GpuDialect;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Warns of GPU resources that do not go together.
 *
 * <p>A node shares its GPUs in one way and has none of the resources of the others: a pod that asks for {@code
 * nvidia.com/gpu} and {@code aliyun.com/gpu-mem} fits on no node and waits forever. The families are whole GPUs and
 * MIG slices ({@code nvidia.com}, {@code amd.com}, {@code intel.com}, {@code habana.ai}), one for each scheduler that
 * the policy's {@code gpu.dialect} can name, and one for each of the vendors {@code huawei.com/Ascend*} and {@code
 * npu-core}, {@code hygon.com}, {@code cambricon.com}, {@code metax-tech.com}, {@code enflame.com}, {@code
 * kunlunxin.com}, {@code iluvatar.ai} and {@code mthreads.com}. This rule warns of resources of two families in one
 * pod; of HAMi's resources beside {@code nvidia.com/gpu} if the policy's {@code gpu.dialect} is not {@code hami}; of
 * a whole GPU and a MIG slice in one container; of an amount of HAMi's or Volcano's memory beside a percentage of it;
 * of combinations that Koordinator refuses, such as cores without memory; and for KAI of the annotations {@code
 * gpu-fraction} and {@code gpu-memory} beside each other or beside a whole GPU. It changes nothing.
 *
 * <p>Example: limits {@code nvidia.com/gpu: 1} and {@code aliyun.com/gpu-mem: 3}. Source: NVIDIA k8s-device-plugin
 * 0.7; HAMi, device/nvidia and charts/hami/values.yaml; Koordinator, deviceshare/utils.go 88-112; KAI Scheduler,
 * gpu_request_validator.go 28-44.
 */
final class GpuFamilyRule implements WorkloadRule {
    private static final String KOORDINATOR = "koordinator.sh/gpu";
    private static final String CORE = "koordinator.sh/gpu-core";
    private static final String MEMORY = "koordinator.sh/gpu-memory";
    private static final String RATIO = "koordinator.sh/gpu-memory-ratio";
    private static final List<String> PARTS = List.of(CORE, MEMORY, RATIO);

    /** An amount of memory, and the share of the card that means the same. */
    private static final Map<String, String> ONE_OF = Map.of(
            "nvidia.com/gpumem", "nvidia.com/gpumem-percentage",
            "volcano.sh/vgpu-memory", "volcano.sh/vgpu-memory-percentage");

    @Override
    public void apply(Draft draft, Facts facts) {
        GpuDialect dialect = facts.policy().gpu().dialect();
        List<GpuContainer> containers = GpuContainer.of(draft.service().root());
        families(draft, dialect, containers);
        if (dialect == GpuDialect.KAI) {
            fractions(draft, containers);
        }
        boolean asked =
                GpuMemory.asked(draft.service(), facts.policy().serving()).isPresent();
        containers.forEach(it -> combinations(draft, dialect, asked, it));
    }

    private void families(Draft draft, GpuDialect dialect, List<GpuContainer> containers) {
        Set<GpuFamily> families = EnumSet.noneOf(GpuFamily.class);
        Map<String, GpuContainer> names = new TreeMap<>();
        for (GpuContainer container : containers) {
            families.addAll(container.families());
            container.resources().keySet().forEach(it -> names.putIfAbsent(it, container));
        }
        if (families.contains(GpuFamily.HAMI)) {
            // HAMi's own pair, or by its name at least: a device plugin that has the one has the other.
            families.remove(GpuFamily.WHOLE);
            if (dialect != GpuDialect.HAMI) {
                String name = names.keySet().stream()
                        .filter(it ->
                                GpuFamily.of(it).filter(GpuFamily.HAMI::equals).isPresent())
                        .findFirst()
                        .orElseThrow();
                draft.warn(
                        names.get(name).at(name),
                        "%s is known to HAMi only, and the policy's gpu.dialect is %s".formatted(name, dialect.term()));
            }
        }
        if (families.size() > 1) {
            Map.Entry<String, GpuContainer> first = names.entrySet().iterator().next();
            draft.warn(
                    first.getValue().at(first.getKey()),
                    "no node has all of these, keep one: " + String.join(", ", names.keySet()));
        }
    }

    private void fractions(Draft draft, List<GpuContainer> containers) {
        boolean fraction = draft.templateAnnotations().has("gpu-fraction");
        boolean memory = draft.templateAnnotations().has("gpu-memory");
        if (fraction && memory) {
            draft.warn(
                    KnativeService.annotation("gpu-fraction"),
                    "KAI refuses annotations gpu-fraction and gpu-memory in one pod: keep one");
        }
        boolean whole = containers.stream().anyMatch(it -> it.families().contains(GpuFamily.WHOLE));
        if (whole && (fraction || memory)) {
            String key = fraction ? "gpu-fraction" : "gpu-memory";
            draft.warn(
                    KnativeService.annotation(key),
                    "KAI refuses annotation %s beside a limit of whole GPUs: take one of them out".formatted(key));
        }
    }

    private void combinations(Draft draft, GpuDialect dialect, boolean asked, GpuContainer it) {
        boolean slice = it.resources().keySet().stream().anyMatch(name -> name.startsWith("nvidia.com/mig-"));
        if (slice && it.has("nvidia.com/gpu")) {
            draft.warn(
                    it.at("nvidia.com/gpu"),
                    "nvidia.com/gpu beside nvidia.com/mig-*: the container gets either of them: keep one");
        }
        if (it.has(KOORDINATOR) && PARTS.stream().anyMatch(it::has)) {
            draft.warn(
                    it.at(KOORDINATOR),
                    "Koordinator refuses koordinator.sh/gpu beside gpu-core or gpu-memory: keep one of the two");
        }
        ONE_OF.forEach((amount, share) -> {
            if (it.has(amount) && it.has(share)) {
                draft.warn(it.at(amount), "%s beside %s: keep one of the two".formatted(amount, share));
            }
        });
        boolean memory = it.has(KOORDINATOR) || it.has(MEMORY) || it.has(RATIO);
        // Of a forecast the memory may still be filled, from the annotation or a profile.
        boolean filled = dialect == GpuDialect.KOORDINATOR && asked;
        if (it.has(CORE) && !memory && !filled) {
            draft.warn(it.at(CORE), "Koordinator refuses gpu-core without gpu-memory or gpu-memory-ratio: add one");
        }
        if (it.has(MEMORY) && it.has(RATIO)) {
            draft.warn(it.at(MEMORY), "Koordinator refuses gpu-memory beside gpu-memory-ratio: keep one of the two");
        }
    }
}
