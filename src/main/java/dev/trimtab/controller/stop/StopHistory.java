package dev.trimtab.controller.stop;

import dev.trimtab.gpu.GpuCount;
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
 * When a service was stopped, and what was seen of the stop. The API server moves the time in {@code managedFields}
 * when the same manager writes any of its fields later. So the first time that was seen counts, by this leader or, from
 * its Events, by an earlier one.
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

    private static boolean hasRunSince(Manifest service, Instant moment) {
        return new Conditions(service)
                .runningSince()
                .filter(it -> it.isAfter(moment))
                .isPresent();
    }

    /**
     * What one leader has seen of one stop.
     *
     * @param gpus the most that the pods were seen to hold at once
     * @param announced whether the Event of the stop is posted
     * @param released whether the service is released and the Event of that is posted
     * @param tidy whether nothing was left at the last reconcile, routes and Services included
     * @param supported whether the service can be stopped at all
     */
    record StopProgress(
            String uid,
            Instant since,
            GpuCount gpus,
            boolean announced,
            boolean released,
            boolean tidy,
            boolean supported) {
        static StopProgress of(String uid, Instant since) {
            return new StopProgress(uid, since, GpuCount.NONE, false, false, false, true);
        }

        StopProgress withGpus(GpuCount seen) {
            return new StopProgress(uid, since, gpus.max(seen), announced, released, tidy, supported);
        }

        StopProgress withAnnounced() {
            return new StopProgress(uid, since, gpus, true, released, tidy, supported);
        }

        StopProgress released(boolean andTidy) {
            return new StopProgress(uid, since, gpus, announced, true, andTidy, supported);
        }

        StopProgress held(boolean canStop) {
            return new StopProgress(uid, since, gpus, announced, false, false, canStop);
        }

        boolean isUnderWay() {
            return supported && !released;
        }
    }
}
