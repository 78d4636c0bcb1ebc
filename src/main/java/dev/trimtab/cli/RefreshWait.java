package dev.trimtab.cli;

import dev.trimtab.cli.RefreshWrite.Awaited;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.Readiness;
import dev.trimtab.manifest.Manifest;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Waits until services that roll are up again. */
final class RefreshWait {
    private final LiveCluster cluster;
    private final Duration timeout;
    private final PrintWriter out;
    private final PrintWriter err;

    RefreshWait(LiveCluster cluster, Duration timeout, PrintWriter out, PrintWriter err) {
        this.cluster = cluster;
        this.timeout = timeout;
        this.out = out;
        this.err = err;
    }

    /**
     * @param rolling by service, what it waits for
     * @return whether all of them are up; if not, what they say is on standard error
     */
    boolean areReady(Map<ObjectKey, List<Awaited>> rolling) throws ClusterProblem, InterruptedException {
        Map<ObjectKey, List<Awaited>> left = new LinkedHashMap<>(rolling);
        Map<ObjectKey, String> missing = new LinkedHashMap<>();
        Waiting waiting = new Waiting(Progress.on(err), timeout);
        Optional<Boolean> ready = waiting.until(it -> {
            look(left, missing, it);
            return left.isEmpty() ? Optional.of(true) : Optional.empty();
        });
        if (ready.isEmpty()) {
            left.keySet()
                    .forEach(key -> err.println("%s: not ready after %s: %s"
                            .formatted(key, Durations.text(waiting.elapsed()), missing.get(key))));
        }
        return ready.isPresent();
    }

    private void look(Map<ObjectKey, List<Awaited>> left, Map<ObjectKey, String> missing, Waiting waiting)
            throws ClusterProblem {
        Iterator<Map.Entry<ObjectKey, List<Awaited>>> services = left.entrySet().iterator();
        while (services.hasNext()) {
            Map.Entry<ObjectKey, List<Awaited>> service = services.next();
            Optional<String> reason = missing(service.getKey(), service.getValue());
            if (reason.isPresent()) {
                missing.put(service.getKey(), reason.get());
                waiting.show("%s: %s".formatted(service.getKey(), reason.get()));
            } else {
                services.remove();
                out.println("%s: ready after %s".formatted(service.getKey(), Durations.text(waiting.elapsed())));
                out.flush();
            }
        }
    }

    private Optional<String> missing(ObjectKey service, List<Awaited> awaited) throws ClusterProblem {
        for (Awaited it : awaited) {
            Optional<Manifest> object = cluster.find(ObjectRef.of(it.key()));
            if (object.isEmpty() && cluster.find(ObjectRef.of(service)).isEmpty()) {
                // Its owner deleted it: nothing will come up any more.
                return Optional.empty();
            }
            Optional<String> missing = object.map(now -> missing(it, now)).orElse(Optional.of("is not there"));
            if (missing.isPresent()) {
                return missing.map(reason -> it.key().equals(service) ? reason : it.key() + ": " + reason);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> missing(Awaited awaited, Manifest object) {
        return object.metadata().path("generation").asLong() < awaited.generation()
                ? Optional.of("KServe has not rendered it anew yet")
                : Readiness.missing(object);
    }
}
