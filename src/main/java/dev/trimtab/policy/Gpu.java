package dev.trimtab.policy;

import java.util.Optional;

/**
 * How GPU memory is shared on a cluster.
 *
 * @param dialect how it is written
 * @param unit in what the dialect's plain numbers are counted; empty for what its makers count in
 */
public record Gpu(GpuDialect dialect, Optional<GpuUnit> unit) {
    public static Gpu of(GpuDialect dialect) {
        return new Gpu(dialect, Optional.empty());
    }

    /** In what a dialect's numbers are counted here; empty where they are none. */
    public Optional<GpuUnit> unitOf(GpuDialect other) {
        return other == dialect ? unit.or(dialect::unit) : other.unit();
    }
}
