package dev.trimtab.policy;

import java.util.Locale;
import java.util.Optional;

/** @param unit of the dialect's plain numbers; empty for the dialect's default */
public record Gpu(GpuDialect dialect, Optional<GpuUnit> unit) {
    public static Gpu of(GpuDialect dialect) {
        return new Gpu(dialect, Optional.empty());
    }

    /** The unit of a dialect's plain numbers on this cluster. Empty if the dialect fixes it. */
    public Optional<GpuUnit> unitOf(GpuDialect other) {
        return other == dialect ? unit.or(dialect::unit) : other.unit();
    }

    /** How a cluster states the GPU memory of a container. */
    public enum GpuDialect implements PolicyTerm {
        /** Alibaba Cloud ACK and the open-source gpushare extender: {@code aliyun.com/gpu-mem}, in GiB. */
        ALIYUN(GpuUnit.GIB),

        /** HAMi: {@code nvidia.com/gpumem}, in MiB, beside {@code nvidia.com/gpu}. */
        HAMI(GpuUnit.MIB),

        /** Volcano vGPU: {@code volcano.sh/vgpu-memory}, in MiB, beside {@code volcano.sh/vgpu-number}. */
        VOLCANO(GpuUnit.MIB),

        /** Tencent qGPU: {@code tke.cloud.tencent.com/qgpu-memory}, in GiB. */
        QGPU(GpuUnit.GIB),

        /** Koordinator: {@code koordinator.sh/gpu-memory}, a quantity. */
        KOORDINATOR(null),

        /** KAI Scheduler: annotation {@code gpu-memory} on the pod, in MiB. */
        KAI(null),

        /** GPU memory is not shared on this cluster: nothing is written. */
        NONE(null);

        private final Optional<GpuUnit> unit;

        GpuDialect(GpuUnit unit) {
            this.unit = Optional.ofNullable(unit);
        }

        /** The default unit of plain numbers, which a setting of the dialect can change. Empty if the unit is fixed. */
        public Optional<GpuUnit> unit() {
            return unit;
        }

        @Override
        public String term() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The unit in which a cluster counts plain numbers of GPU memory. */
    public enum GpuUnit implements PolicyTerm {
        MIB,
        GIB;

        @Override
        public String term() {
            return name().replace('I', 'i');
        }
    }
}
