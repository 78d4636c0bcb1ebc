package dev.trimtab.controller.scan;

import dev.trimtab.drift.Scanned;
import dev.trimtab.drift.Standing;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the last scan of the leader counted. A replica that does not lead has no count. */
public final class ScanMetrics implements AutoCloseable {
    private final MeterRegistry registry;
    private final MultiGauge services;
    private final AtomicLong scannedAt = new AtomicLong();
    private final Gauge scanned;

    /** One number of a scan. */
    public record Counted(Scanned kind, Standing standing) {}

    public ScanMetrics(MeterRegistry registry) {
        this.registry = registry;
        services = MultiGauge.builder("trimtab.services")
                .description("Stored objects by what a refresh would do to them, at the leader's last scan")
                .register(registry);
        scanned = Gauge.builder("trimtab.scan.timestamp.seconds", scannedAt, AtomicLong::doubleValue)
                .description("When the leader's last scan ended, in seconds since 1970; 0 before the first scan")
                .register(registry);
    }

    void counted(Map<Counted, Long> numbers, Instant now) {
        services.register(
                Arrays.stream(Scanned.values())
                        .flatMap(kind -> Arrays.stream(Standing.values()).map(it -> new Counted(kind, it)))
                        .map(it -> Row.of(
                                Tags.of(
                                        "kind",
                                        it.kind().kind().displayName(),
                                        "state",
                                        it.standing().term()),
                                numbers.getOrDefault(it, 0L)))
                        .toList(),
                true);
        scannedAt.set(now.getEpochSecond());
    }

    /** Another replica leads by now. */
    public void clear() {
        services.register(List.of(), true);
        scannedAt.set(0);
    }

    /** The registry outlives an application that restarts in the same JVM. */
    @Override
    public void close() {
        clear();
        registry.remove(scanned);
    }
}
