package dev.trimtab.controller.stop;

import dev.trimtab.kube.EventRecorder;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.lifecycle.ServiceHistory;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Since when a service is stopped, and what was seen of it before. The API server notes when the annotation was written,
 * and moves that moment on with whatever else the same hand writes later; so the first one that was seen counts, by this
 * leader or, from its Events, by an earlier one.
 */
final class StopHistory {
    private final StoppedServices stopped;
    private final EventRecorder events;
    private final Clock clock;

    StopHistory(StoppedServices stopped, EventRecorder events, Clock clock) {
        this.stopped = stopped;
        this.events = events;
        this.clock = clock;
    }

    StopProgress of(ServiceRef ref, Manifest service) {
        String uid = service.metadata().path("uid").asText("");
        return stopped.find(ref)
                .filter(it -> it.uid().equals(uid) && !hasRunSince(service, it.since()))
                .orElseGet(() -> recall(uid, service));
    }

    private StopProgress recall(String uid, Manifest service) {
        Instant noted =
                StopAnnotation.since(service).orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS));
        ServiceHistory history = new ServiceHistory(events.history(service));
        return history.lastStop(noted)
                .filter(event -> !history.hasStartSince(ServiceHistory.moment(event))
                        && !hasRunSince(service, ServiceHistory.moment(event)))
                .map(event -> StopProgress.of(uid, ServiceHistory.moment(event))
                        .withGpus(EventAnnotations.read(event))
                        .withAnnounced())
                .orElseGet(() -> StopProgress.of(uid, noted));
    }

    /** Started and stopped again so quickly that nobody saw it. */
    private static boolean hasRunSince(Manifest service, Instant moment) {
        return new Conditions(service)
                .runningSince()
                .filter(it -> it.isAfter(moment))
                .isPresent();
    }
}
