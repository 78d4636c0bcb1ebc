package dev.trimtab.controller.stop;

import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.EventRecorder.Result;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.ServiceHistory;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Step;
import dev.trimtab.lifecycle.StoppedStatus;
import dev.trimtab.manifest.Manifest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Cleans up the status of a service without the stop annotation, and posts an Event when it is ready. */
final class StartReconciler {
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration LATER = Duration.ofMinutes(1);

    private final StepRunner steps;
    private final EventRecorder events;
    private final ControllerSettings settings;
    private final Clock clock;
    private final Map<ServiceRef, Start> starts = new ConcurrentHashMap<>();

    /** @param since when the current start began; empty if there is none */
    private record Start(String uid, Optional<Instant> since) {}

    StartReconciler(StepRunner steps, EventRecorder events, ControllerSettings settings, Clock clock) {
        this.steps = steps;
        this.events = events;
        this.settings = settings;
        this.clock = clock;
    }

    void forget(ServiceRef ref) {
        starts.remove(ref);
    }

    void begin(ServiceRef ref, Manifest service) {
        starts.put(ref, new Start(uid(service), Optional.of(now())));
    }

    /** @return time until the next reconcile; empty if no start is under way */
    Optional<Duration> reconcile(ServiceRef ref, Manifest service) {
        Start start = starts.compute(
                ref, (it, known) -> known != null && known.uid().equals(uid(service)) ? known : recall(service));
        if (start.since().isEmpty()) {
            takeBack(ref, service);
            return Optional.empty();
        }
        Instant since = start.since().get();
        EventNote begin = EventNote.normal(ServiceHistory.STARTING, "the stop annotation is gone", since);
        // Before the status is written: the next leader knows of the start by this Event.
        if (events.record(service, begin) == Result.RETRY || takeBack(ref, service)) {
            return Optional.of(SOON);
        }
        Optional<EventNote> end = end(service, since);
        if (end.isEmpty()) {
            return Optional.of(untilDeadline(since));
        }
        if (events.record(service, end.get()) == Result.RETRY) {
            return Optional.of(SOON);
        }
        starts.put(ref, new Start(uid(service), Optional.empty()));
        return Optional.empty();
    }

    /**
     * Removes what a stop wrote to the status. True if there was something: the service that was read is then outdated.
     */
    boolean takeBack(ServiceRef ref, Manifest service) {
        Optional<Step> step = StoppedStatus.started(ref.kind(), service);
        step.ifPresent(it -> steps.always(ref, List.of(it)));
        return step.isPresent();
    }

    boolean isUnderWay(ServiceRef ref) {
        Start start = starts.get(ref);
        return start != null && start.since().isPresent();
    }

    /** Waits at most a minute: the status that KServe writes when the service is ready requeues it. */
    private Duration untilDeadline(Instant since) {
        Duration left = Duration.between(
                clock.instant(), since.plus(settings.lifecycle().startDeadline()));
        return left.compareTo(LATER) < 0 ? left : LATER;
    }

    private Optional<EventNote> end(Manifest service, Instant since) {
        Conditions conditions = new Conditions(service);
        Duration took = Duration.between(since, clock.instant());
        if (conditions.isRunning()) {
            return Optional.of(
                    EventNote.normal(ServiceHistory.STARTED, "ready after %d s".formatted(took.toSeconds()), since));
        }
        String why = "not ready after %d s: %s".formatted(took.toSeconds(), conditions.notReady());
        return took.compareTo(settings.lifecycle().startDeadline()) < 0
                ? Optional.empty()
                : Optional.of(EventNote.warning(ServiceHistory.START_FAILED, why, since));
    }

    /** The start that an earlier leader began, or that began while nobody led. */
    private Start recall(Manifest service) {
        ServiceHistory history = new ServiceHistory(events.history(service));
        boolean unseen = !history.endsWithStart() && (history.endsWithStop() || new Conditions(service).isStopped());
        return new Start(uid(service), unseen ? Optional.of(now()) : history.startUnderWay());
    }

    /** Whole seconds, as in Events: the next leader must read the same moment. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String uid(Manifest service) {
        return service.metadata().path("uid").asText("");
    }
}
