package dev.trimtab.policy;

import java.util.Optional;

/** How a cluster writes down how much GPU memory a container gets. */
public enum GpuDialect implements Term {
    /** Alibaba Cloud ACK and the open-source gpushare extender: {@code aliyun.com/gpu-mem}, in GiB. */
    ALIYUN("aliyun", GpuUnit.GIB),

    /** HAMi: {@code nvidia.com/gpumem}, in MiB, beside {@code nvidia.com/gpu}. */
    HAMI("hami", GpuUnit.MIB),

    /** Volcano vGPU: {@code volcano.sh/vgpu-memory}, in MiB, beside {@code volcano.sh/vgpu-number}. */
    VOLCANO("volcano", GpuUnit.MIB),

    /** Tencent qGPU: {@code tke.cloud.tencent.com/qgpu-memory}, in GiB. */
    QGPU("qgpu", GpuUnit.GIB),

    /** Koordinator: {@code koordinator.sh/gpu-memory}, a quantity. */
    KOORDINATOR("koordinator", null),

    /** KAI Scheduler: annotation {@code gpu-memory} on the pod, in MiB. */
    KAI("kai", null),

    /** GPU memory is not shared on this cluster: nothing is written. */
    NONE("none", null);

    private final String term;
    private final Optional<GpuUnit> unit;

    GpuDialect(String term, GpuUnit unit) {
        this.term = term;
        this.unit = Optional.ofNullable(unit);
    }

    /** In what its makers count its plain numbers, which a setting of theirs can change; empty where that is fixed. */
    public Optional<GpuUnit> unit() {
        return unit;
    }

    @Override
    public String term() {
        return term;
    }
}
