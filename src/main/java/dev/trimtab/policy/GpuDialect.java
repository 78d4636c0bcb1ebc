package dev.trimtab.policy;

/** How a cluster writes down how much GPU memory a container gets. */
public enum GpuDialect implements Term {
    /** Alibaba Cloud ACK and the open-source gpushare extender: {@code aliyun.com/gpu-mem}, in GiB. */
    ALIYUN("aliyun"),

    /** HAMi: {@code nvidia.com/gpumem}, in MiB, beside {@code nvidia.com/gpu}. */
    HAMI("hami"),

    /** Volcano vGPU: {@code volcano.sh/vgpu-memory}, in MiB, beside {@code volcano.sh/vgpu-number}. */
    VOLCANO("volcano"),

    /** Tencent qGPU: {@code tke.cloud.tencent.com/qgpu-memory}, in GiB. */
    QGPU("qgpu"),

    /** Koordinator: {@code koordinator.sh/gpu-memory}, a quantity. */
    KOORDINATOR("koordinator"),

    /** KAI Scheduler: annotation {@code gpu-memory} on the pod, in MiB. */
    KAI("kai"),

    /** GPU memory is not shared on this cluster: nothing is written. */
    NONE("none");

    private final String term;

    GpuDialect(String term) {
        this.term = term;
    }

    @Override
    public String term() {
        return term;
    }
}
