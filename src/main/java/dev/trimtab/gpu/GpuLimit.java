package dev.trimtab.gpu;

import dev.trimtab.policy.Gpu;
import dev.trimtab.policy.Gpu.GpuUnit;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/**
 * An amount of GPU memory in the cluster's dialect. Numbers are written as Kubernetes writes quantities: 8000 is
 * {@code 8k}.
 *
 * @param key resource name of the container's limit; for KAI the annotation of the template
 * @param value in the dialect's unit, rounded up
 * @param count resource whose limit must be 1 beside it
 * @param instead other resources for the same purpose
 */
public record GpuLimit(String key, String value, Optional<String> count, List<String> instead) {
    private static final BigDecimal MIB = new BigDecimal(1L << 20);
    private static final BigDecimal GIB = new BigDecimal(1L << 30);
    private static final List<String> BINARY = List.of("Mi", "Gi", "Ti");
    private static final List<String> DECIMAL = List.of("", "k", "M");

    /** Empty if the dialect is {@code NONE}. */
    public static Optional<GpuLimit> of(Gpu gpu, BigDecimal bytes) {
        long mib = bytes.divide(MIB, 0, RoundingMode.CEILING).longValueExact();
        boolean inGib = gpu.unitOf(gpu.dialect()).filter(GpuUnit.GIB::equals).isPresent();
        String plain = number(inGib ? bytes.divide(GIB, 0, RoundingMode.CEILING).longValueExact() : mib);
        return Optional.ofNullable(
                switch (gpu.dialect()) {
                    case ALIYUN -> limit("aliyun.com/gpu-mem", plain);
                    case HAMI ->
                        new GpuLimit(
                                "nvidia.com/gpumem",
                                plain,
                                Optional.of("nvidia.com/gpu"),
                                List.of("nvidia.com/gpumem-percentage"));
                    case VOLCANO ->
                        new GpuLimit(
                                "volcano.sh/vgpu-memory",
                                plain,
                                Optional.of("volcano.sh/vgpu-number"),
                                List.of(
                                        "volcano.sh/vgpu-memory-percentage",
                                        "volcano.sh/gpu-memory",
                                        "volcano.sh/gpu-number"));
                    case QGPU -> limit("tke.cloud.tencent.com/qgpu-memory", plain);
                    case KOORDINATOR ->
                        new GpuLimit(
                                "koordinator.sh/gpu-memory",
                                scaled(mib, 1024, BINARY),
                                Optional.empty(),
                                List.of("koordinator.sh/gpu", "koordinator.sh/gpu-memory-ratio"));
                    case KAI -> limit("gpu-memory", Long.toString(mib));
                    case NONE -> null;
                });
    }

    private static GpuLimit limit(String key, String value) {
        return new GpuLimit(key, value, Optional.empty(), List.of());
    }

    private static String number(long number) {
        return scaled(number, 1000, DECIMAL);
    }

    /** Uses the largest suffix that leaves no fraction (apimachinery, resource.Quantity, CanonicalizeBytes). */
    private static String scaled(long number, int step, List<String> suffixes) {
        long rest = number;
        int suffix = 0;
        while (rest % step == 0 && suffix + 1 < suffixes.size()) {
            rest /= step;
            suffix++;
        }
        return rest + suffixes.get(suffix);
    }
}
