package dev.trimtab.controller;

import dev.trimtab.controller.Announcer.News;
import dev.trimtab.controller.Announcer.Said;
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

/** One look at a service that is not stopped any more: takes back what the stop left, and tells when it is ready. */
final class StartPass {
    private static final Duration SOON = Duration.ofSeconds(2);

    private final Steps steps;
    private final Announcer announcer;
    private final Rulebook rulebook;
    private final Clock clock;
    private final Map<ServiceRef, Start> starts = new ConcurrentHashMap<>();

    /**
     * @param uid of the service
     * @param since when the start began that is under way; empty if none is
     */
    private record Start(String uid, Optional<Instant> since) {}

    StartPass(Steps steps, Announcer announcer, Rulebook rulebook, Clock clock) {
        this.steps = steps;
        this.announcer = announcer;
        this.rulebook = rulebook;
        this.clock = clock;
    }

    void forget(ServiceRef ref) {
        starts.remove(ref);
    }

    /** Of a service that this leader has seen stopped. */
    void begin(ServiceRef ref, Manifest service) {
        starts.put(ref, new Start(uid(service), Optional.of(now())));
    }

    /** @return after how long to look again; empty when it runs, or never was stopped */
    Optional<Duration> run(ServiceRef ref, Manifest service) {
        Start start = starts.compute(
                ref, (it, known) -> known != null && known.uid().equals(uid(service)) ? known : recall(service));
        if (start.since().isEmpty()) {
            takeBack(ref, service);
            return Optional.empty();
        }
        Instant since = start.since().get();
        News begin = News.normal(ServiceHistory.STARTING, "the stop annotation is gone", since);
        // Before the status: whoever leads next knows of the start by this Event.
        if (announcer.say(service, begin) == Said.NOT_YET || takeBack(ref, service)) {
            return Optional.of(SOON);
        }
        Optional<News> end = end(service, since);
        if (end.isEmpty() || announcer.say(service, end.get()) == Said.NOT_YET) {
            return Optional.of(SOON);
        }
        starts.put(ref, new Start(uid(service), Optional.empty()));
        return Optional.empty();
    }

    /**
     * Takes back what a stop has written to the status.
     *
     * @return whether there was something, so that the service is another one by now
     */
    boolean takeBack(ServiceRef ref, Manifest service) {
        Optional<Step> step = StoppedStatus.started(ref.kind(), service);
        step.ifPresent(it -> steps.always(ref, List.of(it)));
        return step.isPresent();
    }

    private Optional<News> end(Manifest service, Instant since) {
        Conditions conditions = new Conditions(service);
        Duration took = Duration.between(since, clock.instant());
        if (conditions.isRunning()) {
            return Optional.of(
                    News.normal(ServiceHistory.STARTED, "ready after %d s".formatted(took.toSeconds()), since));
        }
        String why = "not ready after %d s: %s".formatted(took.toSeconds(), conditions.notReady());
        return took.compareTo(rulebook.lifecycle().startDeadline()) < 0
                ? Optional.empty()
                : Optional.of(News.warning(ServiceHistory.START_FAILED, why, since));
    }

    /** What an earlier leader has begun, or what began while nobody led. */
    private Start recall(Manifest service) {
        ServiceHistory history = new ServiceHistory(announcer.history(service));
        boolean unseen = !history.endsWithStart() && (history.endsWithStop() || new Conditions(service).isStopped());
        return new Start(uid(service), unseen ? Optional.of(now()) : history.startUnderWay());
    }

    /** Events have whole seconds: who takes over from here names no other moment. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String uid(Manifest service) {
        return service.metadata().path("uid").asText("");
    }
}
