package dev.trimtab.rules;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** The ways to ask for a GPU, told by how the names of the extended resources begin. A node serves one of them. */
public enum GpuFamily {
    // Before WHOLE, which begins likewise.
    HAMI("nvidia\\.com/(gpumem|gpucores)"),
    /** Whole GPUs, time slices that look like whole GPUs, and MIG slices. */
    WHOLE("nvidia\\.com/(gpu|mig-)|amd\\.com/gpu|intel\\.com/gpu|habana\\.ai/gaudi"),
    ALIYUN("aliyun\\.com/gpu"),
    VOLCANO("volcano\\.sh/v?gpu-"),
    QGPU("tke\\.cloud\\.tencent\\.com/qgpu-"),
    KOORDINATOR("koordinator\\.sh/gpu");

    private final Pattern start;

    GpuFamily(String start) {
        this.start = Pattern.compile(start);
    }

    /** Empty for what is no GPU. */
    public static Optional<GpuFamily> of(String resource) {
        return Arrays.stream(values())
                .filter(it -> it.start.matcher(resource).lookingAt())
                .findFirst();
    }
}
