package dev.trimtab.controller;

import dev.trimtab.controller.Announcer.News;
import dev.trimtab.controller.Announcer.Said;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Starting;
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
    private final Map<ServiceRef, Instant> starts = new ConcurrentHashMap<>();

    StartPass(Steps steps, Announcer announcer, Rulebook rulebook, Clock clock) {
        this.steps = steps;
        this.announcer = announcer;
        this.rulebook = rulebook;
        this.clock = clock;
    }

    void forget(ServiceRef ref) {
        starts.remove(ref);
    }

    /**
     * @param wasStopped whether this leader has seen it stopped
     * @return after how long to look again; empty when it runs, or never was stopped
     */
    Optional<Duration> run(ServiceRef ref, Manifest service, boolean wasStopped) {
        // What is said goes by the moment in the status: who takes over from here says no other.
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        StoppedStatus.started(service, now).ifPresent(step -> steps.always(ref, List.of(step)));
        Optional<Instant> since = since(ref, service, wasStopped, now);
        if (since.isEmpty()) {
            return Optional.empty();
        }
        Instant started = since.get();
        starts.put(ref, started);
        announcer.say(service, News.normal("Starting", "the stop annotation is gone", started));
        Conditions conditions = new Conditions(service);
        Duration took = Duration.between(started, clock.instant());
        News end;
        if (conditions.isRunning()) {
            end = News.normal("Started", "ready after %d s".formatted(took.toSeconds()), started);
        } else if (took.compareTo(rulebook.lifecycle().startDeadline()) >= 0) {
            String why = "not ready after %d s: %s".formatted(took.toSeconds(), conditions.notReady());
            end = News.warning("StartFailed", why, started);
        } else {
            return Optional.of(SOON);
        }
        if (announcer.say(service, end) == Said.NOT_YET) {
            return Optional.of(SOON);
        }
        starts.remove(ref);
        return Optional.empty();
    }

    private Optional<Instant> since(ServiceRef ref, Manifest service, boolean wasStopped, Instant now) {
        Instant known = starts.get(ref);
        if (known != null) {
            return Optional.of(known);
        }
        if (wasStopped || new Conditions(service).isStopped()) {
            return Optional.of(now);
        }
        Instant longAgo = now.minus(rulebook.lifecycle().startDeadline());
        return Starting.since(service)
                .filter(it ->
                        it.isAfter(longAgo) && (Starting.isNoted(service) || !new Conditions(service).isRunning()));
    }
}
