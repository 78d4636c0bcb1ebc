package dev.trimtab.controller.stop;

import dev.trimtab.controller.stop.StopHistory.StopProgress;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

public final class StoppedServices implements AutoCloseable {
    private static final int MANY = 100;

    private final Map<ServiceRef, StopProgress> services = new ConcurrentHashMap<>();
    private final Map<ServiceRef, Instant> retries = new ConcurrentHashMap<>();
    private final StopMetrics metrics;

    public StoppedServices(MeterRegistry registry) {
        this.metrics = new StopMetrics(registry, services);
    }

    public Optional<StopProgress> find(ServiceRef ref) {
        return Optional.ofNullable(services.get(ref));
    }

    public void put(ServiceRef ref, StopProgress progress) {
        StopProgress before = services.put(ref, progress);
        if (!progress.equals(before)) {
            metrics.changed();
        }
    }

    public void forget(ServiceRef ref) {
        retries.remove(ref);
        if (services.remove(ref) != null) {
            metrics.changed();
        }
    }

    /** After a refused step no step is tried before this time, whatever event comes. */
    void retryAt(ServiceRef ref, Instant time) {
        retries.put(ref, time);
    }

    void refusedNothing(ServiceRef ref) {
        retries.remove(ref);
    }

    /** Empty if no step was refused, or if the time is over. */
    Optional<Duration> untilRetry(ServiceRef ref, Instant now) {
        return Optional.ofNullable(retries.get(ref)).filter(now::isBefore).map(it -> Duration.between(now, it));
    }

    /**
     * Whether an event on a child or pod requeues its service. A held child must be let go of even if the service runs.
     */
    public boolean awaitsEvents(ServiceRef ref, boolean held) {
        return (held || services.containsKey(ref)) && !retries.containsKey(ref);
    }

    public Set<ServiceRef> all() {
        return Set.copyOf(services.keySet());
    }

    public List<ServiceRef> graphsStoppedLately(String namespace, Instant now) {
        return services.entrySet().stream()
                .filter(it -> it.getKey().kind() == Stoppable.INFERENCE_GRAPH
                        && it.getKey().namespace().equals(namespace)
                        && CascadeReconciler.isNews(it.getValue().since(), now))
                .map(Map.Entry::getKey)
                .toList();
    }

    public void clear() {
        retries.clear();
        services.clear();
        metrics.changed();
    }

    /** A pause between two reconciles of a service, longer if many services are stopped. */
    public Duration spread(Duration pause) {
        return pause.multipliedBy(Math.max(1, services.size() / MANY));
    }

    void released(Duration took) {
        metrics.released(took);
    }

    @Override
    public void close() {
        metrics.close();
    }
}
