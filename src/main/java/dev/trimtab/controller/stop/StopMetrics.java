package dev.trimtab.controller.stop;

import dev.trimtab.controller.stop.StopHistory.StopProgress;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.lifecycle.ServiceRef;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Metrics of stops. Only the leader counts: the gauges of other replicas are zero. */
final class StopMetrics implements AutoCloseable {
    private static final Duration[] BUCKETS = {
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofMinutes(10),
        Duration.ofMinutes(30)
    };

    private final MeterRegistry registry;
    private final Map<ServiceRef, StopProgress> services;
    private final List<Meter> gauges;
    private final MultiGauge released;
    private final Timer seconds;

    /** @param services the stopped services; {@link #changed} must be called after each change */
    StopMetrics(MeterRegistry registry, Map<ServiceRef, StopProgress> services) {
        this.registry = registry;
        this.services = services;
        gauges = List.of(
                Gauge.builder("trimtab.services.stopped", services, Map::size)
                        .description("Services with the stop annotation, as the leader knows them")
                        .register(registry),
                Gauge.builder("trimtab.services.stopping", this, it -> it.underWay()
                                .count())
                        .description("Stopped services that still have pods, or objects that start pods")
                        .register(registry),
                Gauge.builder("trimtab.stop.oldest.timestamp.seconds", this, StopMetrics::oldest)
                        .description("When the oldest stop under way began, in seconds since 1970; 0 if there is none")
                        .register(registry));
        released = MultiGauge.builder("trimtab.gpus.released")
                .description("GPUs that the services stopped now held before, and that are free")
                .register(registry);
        seconds = Timer.builder("trimtab.release")
                .description("Time from the stop annotation until the last pod was gone")
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Stream<StopProgress> underWay() {
        return services.values().stream().filter(StopProgress::isUnderWay);
    }

    private double oldest() {
        return underWay()
                .map(StopProgress::since)
                .min(Instant::compareTo)
                .map(Instant::getEpochSecond)
                .orElse(0L);
    }

    void released(Duration took) {
        seconds.record(took);
    }

    synchronized void changed() {
        GpuCount all = services.values().stream()
                .filter(StopProgress::released)
                .map(StopProgress::gpus)
                .reduce(GpuCount.NONE, GpuCount::plus);
        released.register(
                all.byResource().entrySet().stream()
                        .map(entry -> Row.of(Tags.of("resource", entry.getKey()), entry.getValue()))
                        .toList(),
                true);
    }

    /** The registry outlives an application that restarts in the same JVM. */
    @Override
    public void close() {
        gauges.forEach(registry::remove);
        released.register(List.of(), true);
    }
}
