package dev.trimtab.controller;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.controller.Announcer.News;
import dev.trimtab.lifecycle.Cascade;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Stops and starts the InferenceServices that a graph calls, where it asks for that. One that another, running graph calls
 * is left running; one that somebody starts while the graph is stopped is not stopped again.
 */
final class CascadePass {
    /** A stop that is older was carried out, or seen, by some leader; Events of it may be forgotten. */
    private static final Duration NEWS = Duration.ofMinutes(30);

    private final Objects objects;
    private final Announcer announcer;
    private final Clock clock;

    CascadePass(Objects objects, Announcer announcer, Clock clock) {
        this.objects = objects;
        this.announcer = announcer;
        this.clock = clock;
    }

    /** @param since when the graph was stopped */
    void stop(ServiceRef ref, Manifest graph, Instant since) {
        Instant now = clock.instant();
        if (ref.kind() != Stoppable.INFERENCE_GRAPH
                || !Cascade.isWanted(graph)
                || since.plus(NEWS).isBefore(now)) {
            return;
        }
        List<Manifest> others = graphs(ref);
        for (String name : Cascade.services(graph)) {
            ServiceRef service = service(ref, name);
            Optional<Manifest> running = find(service).filter(it -> !StopAnnotation.isStopped(it));
            boolean needed = others.stream()
                    .anyMatch(it -> !StopAnnotation.isStopped(it)
                            && Cascade.services(it).contains(name));
            if (running.isPresent() && !needed && !wasStopped(running.get(), since)) {
                if (write(graph, since, service, StopAnnotation.set(running.get()))) {
                    announcer.say(running.get(), News.normal("StoppedByGraph", "stopped with its " + ref, since));
                }
            }
        }
    }

    /** @return whether all that the cascade has stopped is started, as far as no other graph is in the way */
    boolean start(ServiceRef ref, Manifest graph) {
        boolean done = true;
        if (ref.kind() != Stoppable.INFERENCE_GRAPH) {
            return done;
        }
        for (String name : Cascade.services(graph)) {
            ServiceRef service = service(ref, name);
            Optional<Manifest> stopped = find(service).filter(Cascade::isStopOfCascade);
            if (stopped.isPresent() && !isStoppedByAnother(ref, name)) {
                if (write(graph, Instant.EPOCH, service, StopAnnotation.remove(stopped.get()))) {
                    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
                    announcer.say(stopped.get(), News.normal("StartedByGraph", "started with its " + ref, now));
                } else {
                    done = false;
                }
            }
        }
        return done;
    }

    private boolean isStoppedByAnother(ServiceRef ref, String service) {
        return graphs(ref).stream()
                .anyMatch(it -> StopAnnotation.isStopped(it)
                        && Cascade.isWanted(it)
                        && Cascade.services(it).contains(service));
    }

    /** By what was said of it: a person who starts it since then wins. */
    private boolean wasStopped(Manifest service, Instant since) {
        return announcer.find(service, "StoppedByGraph", since).isPresent();
    }

    /** @return whether it was written; a refusal is said on the graph, once */
    private boolean write(Manifest graph, Instant moment, ServiceRef service, ArrayNode patch) {
        try {
            objects.patch(Kinds.of(service.kind()), service.namespace(), service.name(), patch, Cascade.FIELD_MANAGER);
            return true;
        } catch (KubernetesClientException problem) {
            String version = patch.get(0).path("value").asText("");
            Refusal.of(
                            problem,
                            () -> objects.isOutdated(
                                    Kinds.of(service.kind()), service.namespace(), service.name(), version))
                    .ifPresent(why -> announcer.say(
                            graph, News.warning("StopBlocked", "%s: %s".formatted(service, why), moment)));
            return false;
        }
    }

    private List<Manifest> graphs(ServiceRef except) {
        return objects.list(Kinds.of(Stoppable.INFERENCE_GRAPH), except.namespace(), "").stream()
                .map(it -> new Manifest((ObjectNode) it))
                .filter(it -> !it.name().equals(except.name()))
                .toList();
    }

    private Optional<Manifest> find(ServiceRef ref) {
        return objects.find(Kinds.of(ref.kind()), ref.namespace(), ref.name()).map(Manifest::new);
    }

    private static ServiceRef service(ServiceRef graph, String name) {
        return new ServiceRef(Stoppable.INFERENCE_SERVICE, graph.namespace(), name);
    }
}
