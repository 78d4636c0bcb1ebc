package dev.trimtab.controller.stop;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.Cascade;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.Keep;
import dev.trimtab.schedule.Phase;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Stops and starts the InferenceServices of a graph, if {@link Cascade#KEY} asks for it. Leaves a service running that
 * another, running graph calls, or that somebody starts while the graph is stopped.
 */
final class CascadeReconciler {
    /** An older stop was handled by some leader; its Events may be deleted. */
    private static final Duration NEWS = Duration.ofMinutes(30);

    private final RawClient objects;
    private final EventRecorder events;
    private final Clock clock;

    CascadeReconciler(RawClient objects, EventRecorder events, Clock clock) {
        this.objects = objects;
        this.events = events;
        this.clock = clock;
    }

    /** @return time until the next try; empty if nothing is left to do */
    Optional<Duration> stop(ServiceRef ref, Manifest graph, Instant since) {
        Instant now = clock.instant();
        if (ref.kind() != Stoppable.INFERENCE_GRAPH || !Cascade.isWanted(graph) || !isNews(since, now)) {
            return Optional.empty();
        }
        Optional<Duration> again = Optional.empty();
        List<Manifest> others = graphs(ref);
        for (String name : Cascade.services(graph)) {
            ServiceRef service = service(ref, name);
            Optional<Manifest> running =
                    find(service).filter(it -> !StopAnnotation.isStopped(it) && !isKeptUp(it, now));
            boolean needed = others.stream()
                    .anyMatch(it -> !StopAnnotation.isStopped(it)
                            && Cascade.services(it).contains(name));
            if (running.isPresent() && !needed && !wasStopped(running.get(), since)) {
                Optional<Duration> retry = write(graph, since, service, StopAnnotation.set(running.get()));
                again = Stream.concat(again.stream(), retry.stream()).min(Comparator.naturalOrder());
                if (retry.isEmpty()) {
                    events.record(running.get(), EventNote.normal("StoppedByGraph", "stopped with its " + ref, since));
                }
            }
        }
        return again;
    }

    /** Starts the services that the cascade stopped, except those of another stopped graph. False if a write failed. */
    boolean start(ServiceRef ref, Manifest graph) {
        boolean done = true;
        if (ref.kind() != Stoppable.INFERENCE_GRAPH) {
            return done;
        }
        for (String name : Cascade.services(graph)) {
            ServiceRef service = service(ref, name);
            Optional<Manifest> stopped = find(service).filter(Cascade::isStopOfCascade);
            if (stopped.isPresent() && !isStoppedByAnother(ref, name)) {
                if (write(graph, Instant.EPOCH, service, StopAnnotation.remove(stopped.get()))
                        .isEmpty()) {
                    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
                    events.record(stopped.get(), EventNote.normal("StartedByGraph", "started with its " + ref, now));
                } else {
                    done = false;
                }
            }
        }
        return done;
    }

    /** A person's word on a service wins over the graph, too. */
    private static boolean isKeptUp(Manifest service, Instant now) {
        return Keep.of(service, now) instanceof Keep.InForce keep && keep.phase() == Phase.UP;
    }

    static boolean isNews(Instant since, Instant now) {
        return !since.plus(NEWS).isBefore(now);
    }

    private boolean isStoppedByAnother(ServiceRef ref, String service) {
        return graphs(ref).stream()
                .anyMatch(it -> StopAnnotation.isStopped(it)
                        && Cascade.isWanted(it)
                        && Cascade.services(it).contains(service));
    }

    /** Whether an Event says that this stop has stopped the service. Then somebody has started the service since. */
    private boolean wasStopped(Manifest service, Instant since) {
        return events.find(service, "StoppedByGraph", since).isPresent();
    }

    /** Returns the time until the next try, empty if the write succeeded. A refusal is an Event on the graph, once. */
    private Optional<Duration> write(Manifest graph, Instant moment, ServiceRef service, ArrayNode patch) {
        try {
            objects.patch(service.kind().resource(), service.namespace(), service.name(), patch, Cascade.FIELD_MANAGER);
            return Optional.empty();
        } catch (KubernetesClientException problem) {
            String version = patch.get(0).path("value").asText("");
            Optional<String> refused = ApiProblem.refusal(
                    problem,
                    () -> objects.isOutdated(service.kind().resource(), service.namespace(), service.name(), version));
            refused.ifPresent(why ->
                    events.record(graph, EventNote.warning("StopBlocked", "%s: %s".formatted(service, why), moment)));
            return Optional.of(refused.isPresent() ? StopReconciler.RETRY : StopReconciler.SOON);
        }
    }

    private List<Manifest> graphs(ServiceRef except) {
        return objects.list(Stoppable.INFERENCE_GRAPH.resource(), except.namespace(), "").stream()
                .map(it -> new Manifest((ObjectNode) it))
                .filter(it -> !it.name().equals(except.name()))
                .toList();
    }

    private Optional<Manifest> find(ServiceRef ref) {
        return objects.find(ref.kind().resource(), ref.namespace(), ref.name()).map(Manifest::new);
    }

    private static ServiceRef service(ServiceRef graph, String name) {
        return new ServiceRef(Stoppable.INFERENCE_SERVICE, graph.namespace(), name);
    }
}
