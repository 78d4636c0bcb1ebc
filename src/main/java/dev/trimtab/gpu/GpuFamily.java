package dev.trimtab.gpu;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The families of GPU resources, by the beginning of their names. A node has one family. */
public enum GpuFamily {
    // Before WHOLE: the pattern of WHOLE matches these names too.
    HAMI("nvidia\\.com/(gpumem|gpucores)"),
    /** Whole GPUs, time slices that look like whole GPUs, and MIG slices. */
    WHOLE("nvidia\\.com/(gpu|mig-)|amd\\.com/gpu|intel\\.com/gpu|habana\\.ai/gaudi"),
    ALIYUN("aliyun\\.com/gpu"),
    VOLCANO("volcano\\.sh/v?gpu-"),
    QGPU("tke\\.cloud\\.tencent\\.com/qgpu-"),
    KOORDINATOR("koordinator\\.sh/gpu"),
    // Other vendors. GPUs, GPU memory and GPU cores have separate names (HAMi 2.10, charts/hami/values.yaml; Volcano,
    // how_to_use_vnpu.md; MindCluster). The name of a GPU does not tell whether it is a whole one or a part.
    ASCEND("huawei\\.com/(Ascend|npu-core)"),
    /** {@code dcu}, or {@code hcu} in HAMi 2.10. */
    HYGON("hygon\\.com/[dh]cu"),
    CAMBRICON("cambricon\\.com/"),
    METAX("metax-tech\\.com/(s?gpu|vcore|vmemory)"),
    ENFLAME("enflame\\.com/"),
    KUNLUN("kunlunxin\\.com/"),
    ILUVATAR("iluvatar\\.ai/"),
    MOORE_THREADS("mthreads\\.com/");

    private static final Set<GpuFamily> SHARES = EnumSet.of(HAMI, ALIYUN, VOLCANO, QGPU, KOORDINATOR);

    private final Pattern start;

    GpuFamily(String start) {
        this.start = Pattern.compile(start);
    }

    public static Optional<GpuFamily> of(String resource) {
        return Arrays.stream(values())
                .filter(it -> it.start.matcher(resource).lookingAt())
                .findFirst();
    }

    /** Whether resources of this family are always parts of a GPU. */
    public boolean isShare() {
        return SHARES.contains(this);
    }
}
