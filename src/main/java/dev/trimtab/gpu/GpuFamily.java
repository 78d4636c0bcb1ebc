package dev.trimtab.gpu;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The families of GPU resources, by the beginning of their names. A node has one family. */
public enum GpuFamily {
    // Before WHOLE: WHOLE begins these names too.
    HAMI("nvidia.com/gpumem", "nvidia.com/gpucores"),
    /** Whole GPUs, time slices that look like whole GPUs, and MIG slices. */
    WHOLE("nvidia.com/gpu", "nvidia.com/mig-", "amd.com/gpu", "intel.com/gpu", "habana.ai/gaudi"),
    ALIYUN("aliyun.com/gpu"),
    VOLCANO("volcano.sh/gpu-", "volcano.sh/vgpu-"),
    QGPU("tke.cloud.tencent.com/qgpu-"),
    KOORDINATOR("koordinator.sh/gpu"),
    // Other vendors. GPUs, GPU memory and GPU cores have separate names (HAMi 2.10, charts/hami/values.yaml; Volcano,
    // how_to_use_vnpu.md; MindCluster). The name of a GPU does not tell whether it is a whole one or a part.
    ASCEND("huawei.com/Ascend", "huawei.com/npu-core"),
    /** {@code dcu}, or {@code hcu} in HAMi 2.10. */
    HYGON("hygon.com/dcu", "hygon.com/hcu"),
    CAMBRICON("cambricon.com/"),
    METAX("metax-tech.com/gpu", "metax-tech.com/sgpu", "metax-tech.com/vcore", "metax-tech.com/vmemory"),
    ENFLAME("enflame.com/"),
    KUNLUN("kunlunxin.com/"),
    ILUVATAR("iluvatar.ai/"),
    MOORE_THREADS("mthreads.com/");

    private static final Set<GpuFamily> SHARES = EnumSet.of(HAMI, ALIYUN, VOLCANO, QGPU, KOORDINATOR);

    private static final List<GpuFamily> IN_ORDER = List.of(values());

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of or toList
    private final List<String> starts;

    GpuFamily(String... starts) {
        this.starts = List.of(starts);
    }

    public static Optional<GpuFamily> of(String resource) {
        // cpu and memory, which every container has.
        if (resource.indexOf('/') < 0) {
            return Optional.empty();
        }
        for (GpuFamily family : IN_ORDER) {
            for (String start : family.starts) {
                if (resource.startsWith(start)) {
                    return Optional.of(family);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether resources of this family are always parts of a GPU. */
    public boolean isShare() {
        return SHARES.contains(this);
    }
}
