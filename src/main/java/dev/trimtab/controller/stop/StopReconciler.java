package dev.trimtab.controller.stop;

import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.Result;
import dev.trimtab.lifecycle.ObservedStop;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopPlan;
import dev.trimtab.lifecycle.StopPlan.Phase;
import dev.trimtab.manifest.Manifest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One look at a service that is stopped: how far it is, what is to be done, and what there is to say. */
final class StopReconciler {
    /** While pods go. */
    private static final Duration SOON = Duration.ofSeconds(1);

    /** Where nothing moved for {@link #PATIENCE}. */
    private static final Duration LATER = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    /** Whether it stays stopped: watches tell of services, not of all that may come of them. */
    static final Duration RESYNC = Duration.ofSeconds(30);

    private final ControllerSettings settings;
    private final StopObserver observer;
    private final StepRunner steps;
    private final StoppedServices stopped;
    private final StopHistory history;
    private final StopEvents events;
    private final CascadeReconciler cascade;
    private final Clock clock;

    StopReconciler(
            ControllerSettings settings,
            StopObserver observer,
            StepRunner steps,
            StoppedServices stopped,
            EventRecorder events,
            CascadeReconciler cascade,
            Clock clock) {
        this.settings = settings;
        this.observer = observer;
        this.steps = steps;
        this.stopped = stopped;
        this.history = new StopHistory(stopped, events, clock);
        this.events = new StopEvents(events);
        this.cascade = cascade;
        this.clock = clock;
    }

    /** @return the UID of the service, if it was known as stopped */
    Optional<String> forget(ServiceRef ref) {
        Optional<String> known = stopped.find(ref).map(StopProgress::uid);
        stopped.forget(ref);
        return known;
    }

    /** @return after how long to look again */
    Duration reconcile(ServiceRef ref, Manifest service) {
        StopProgress progress = history.of(ref, service);
        boolean audit = settings.isAudit();
        if (!audit) {
            cascade.stop(ref, service, progress.since());
        }
        ObservedStop view = observer.of(ref, service, progress.since(), !progress.tidy());
        StopPlan plan = audit ? StopPlan.of(view).withoutSteps() : StopPlan.of(view);
        StopProgress seen = progress.withGpus(plan.held().gpus());
        boolean recent = clock.instant().isBefore(progress.since().plus(PATIENCE));
        if (recent || plan.phase() != Phase.RELEASED) {
            seen = events.stopping(view, plan, seen);
        }
        stopped.put(ref, seen);
        List<String> refused = steps.whileStopped(ref, progress.uid(), plan.steps());
        events.refused(service, seen, refused);
        if (plan.phase() == Phase.RELEASED) {
            Result said = seen.released() ? Result.KNOWN : events.released(service, seen, clock.instant());
            if (said == Result.RETRY) {
                return SOON;
            }
            if (said == Result.POSTED) {
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
