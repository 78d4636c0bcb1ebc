package dev.trimtab.controller;

import dev.trimtab.controller.Announcer.Said;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopPlan;
import dev.trimtab.lifecycle.StopPlan.Phase;
import dev.trimtab.lifecycle.StopView;
import dev.trimtab.manifest.Manifest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One look at a service that is stopped: how far it is, what is to be done, and what there is to say. */
final class StopPass {
    /** While pods go. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Where nothing moved for {@link #PATIENCE}. */
    private static final Duration LATER = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    /** Whether it stays stopped: watches tell of services, not of all that may come of them. */
    static final Duration RESYNC = Duration.ofSeconds(30);

    private final Rulebook rulebook;
    private final Survey survey;
    private final Steps steps;
    private final StoppedServices stopped;
    private final StopMemory memory;
    private final StopNews news;
    private final CascadePass cascade;
    private final Clock clock;

    StopPass(
            Rulebook rulebook,
            Survey survey,
            Steps steps,
            StoppedServices stopped,
            Announcer announcer,
            CascadePass cascade,
            Clock clock) {
        this.rulebook = rulebook;
        this.survey = survey;
        this.steps = steps;
        this.stopped = stopped;
        this.memory = new StopMemory(stopped, announcer, clock);
        this.news = new StopNews(announcer);
        this.cascade = cascade;
        this.clock = clock;
    }

    /** @return the UID of the service, if it was known as stopped */
    Optional<String> forget(ServiceRef ref) {
        Optional<String> known = stopped.find(ref).map(Track::uid);
        stopped.forget(ref);
        return known;
    }

    /** @return after how long to look again */
    Duration run(ServiceRef ref, Manifest service) {
        Track track = memory.of(ref, service);
        boolean audit = rulebook.isAudit();
        if (!audit) {
            cascade.stop(ref, service, track.since());
        }
        StopView view = survey.of(ref, service, track.since(), !track.tidy());
        StopPlan plan = audit ? StopPlan.of(view).withoutSteps() : StopPlan.of(view);
        Track seen = track.withGpus(plan.held().gpus());
        boolean recent = clock.instant().isBefore(track.since().plus(PATIENCE));
        if (recent || plan.phase() != Phase.RELEASED) {
            seen = news.stopping(view, plan, seen);
        }
        stopped.put(ref, seen);
        List<String> refused = steps.whileStopped(ref, track.uid(), plan.steps());
        news.refused(service, seen, refused);
        if (plan.phase() == Phase.RELEASED) {
            Said said = seen.released() ? Said.BEFORE : news.released(service, seen, clock.instant());
            if (said == Said.NOT_YET) {
                return SOON;
            }
            if (said == Said.NOW) {
                stopped.released(Duration.between(seen.since(), clock.instant()));
            }
            // What KServe leaves behind is due when it had its time.
            boolean tidy = view.isOverdue() && plan.steps().isEmpty();
            stopped.put(ref, seen.released(tidy));
            return view.isOverdue() ? stopped.spread(RESYNC) : SOON;
        }
        stopped.put(ref, seen.held());
        boolean inVain = plan.phase() == Phase.NOT_SUPPORTED || !refused.isEmpty();
        return inVain ? RESYNC : recent ? SOON : LATER;
    }
}
