package dev.trimtab.controller;

import dev.trimtab.lifecycle.GpuCount;
import dev.trimtab.lifecycle.ServiceRef;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The stopped services that this leader knows, and what the metrics say of them. */
final class StoppedServices {
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

    private static final int MANY = 100;

    private final Map<ServiceRef, Track> tracks = new ConcurrentHashMap<>();
    private final MultiGauge released;
    private final Timer seconds;

    StoppedServices(MeterRegistry metrics) {
        Gauge.builder("trimtab.services.stopped", tracks, Map::size)
                .description("Services with the stop annotation, as the leader knows them")
                .register(metrics);
        released = MultiGauge.builder("trimtab.gpus.released")
                .description("What the services that are stopped now held before, and is free")
                .register(metrics);
        seconds = Timer.builder("trimtab.release")
                .description("Time from the stop annotation until the last pod was gone")
                .serviceLevelObjectives(BUCKETS)
                .register(metrics);
    }

    Optional<Track> find(ServiceRef ref) {
        return Optional.ofNullable(tracks.get(ref));
    }

    void put(ServiceRef ref, Track track) {
        Track before = tracks.put(ref, track);
        if (!track.equals(before)) {
            count();
        }
    }

    void forget(ServiceRef ref) {
        if (tracks.remove(ref) != null) {
            count();
        }
    }

    /** Another one leads, or nobody does. */
    void clear() {
        tracks.clear();
        count();
    }

    /** A pause between two looks at one, longer where there are so many that all looks together would be a burden. */
    Duration spread(Duration pause) {
        return pause.multipliedBy(Math.max(1, tracks.size() / MANY));
    }

    void released(Duration took) {
        seconds.record(took);
    }

    private synchronized void count() {
        GpuCount all = tracks.values().stream()
                .filter(Track::released)
                .map(Track::gpus)
                .reduce(GpuCount.NONE, GpuCount::plus);
        released.register(
                all.byResource().entrySet().stream()
                        .map(entry -> Row.of(Tags.of("resource", entry.getKey()), entry.getValue()))
                        .toList(),
                true);
    }
}
