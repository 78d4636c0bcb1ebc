package dev.trimtab.controller.stop;

import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.stop.StopHistory.StopProgress;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.Result;
import dev.trimtab.lifecycle.ObservedService;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Step;
import dev.trimtab.lifecycle.StopPlan;
import dev.trimtab.lifecycle.StopPlan.Phase;
import dev.trimtab.manifest.Manifest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Reconciles a stopped service. {@link ChildWatches} requeues the service when a child or pod changes. Time matters
 * only for deadlines, and for kinds that are not watched.
 */
final class StopReconciler {
    /** Interval if a kind that is not watched is about to change, such as a ReplicaSet, or if a write came too late. */
    static final Duration SOON = Duration.ofSeconds(1);

    /** Interval while pods end. */
    private static final Duration STOPPING = Duration.ofSeconds(10);

    /** Interval for a stop that is older than {@link #PATIENCE}. */
    private static final Duration LATER = Duration.ofMinutes(1);

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    /** Interval between two tries of a refused step, and between two reconciles if children cannot be watched. */
    static final Duration RETRY = Duration.ofSeconds(30);

    /** Interval for a released service, in case a watch has lost an event. Costs about ten requests. */
    static final Duration RESYNC = Duration.ofHours(1);

    private final ControllerSettings settings;
    private final ServiceReader observer;
    private final StepRunner steps;
    private final StoppedServices stopped;
    private final StopHistory history;
    private final StopEvents events;
    private final CascadeReconciler cascade;
    private final Clock clock;
    private final BooleanSupplier watched;

    /** @param watched whether events on children and pods requeue their service */
    StopReconciler(
            ControllerSettings settings,
            ServiceReader observer,
            StepRunner steps,
            StoppedServices stopped,
            EventRecorder events,
            CascadeReconciler cascade,
            Clock clock,
            BooleanSupplier watched) {
        this.settings = settings;
        this.observer = observer;
        this.steps = steps;
        this.stopped = stopped;
        this.history = new StopHistory(stopped, events, clock);
        this.events = new StopEvents(events);
        this.cascade = cascade;
        this.clock = clock;
        this.watched = watched;
    }

    /** @return the UID of the service if it was known as stopped */
    Optional<String> forget(ServiceRef ref) {
        Optional<String> known = stopped.find(ref).map(StopProgress::uid);
        stopped.forget(ref);
        return known;
    }

    /** @return time until the next reconcile, if no event comes before */
    Duration reconcile(ServiceRef ref, Manifest service) {
        Optional<Duration> wait = stopped.untilRetry(ref, clock.instant());
        if (wait.isPresent()) {
            return wait.get();
        }
        StopProgress progress = history.of(ref, service);
        // Before the service is read: an event on a child that comes meanwhile must find the service known.
        stopped.put(ref, progress);
        boolean audit = settings.isAudit();
        Optional<Duration> cascaded = audit ? Optional.empty() : cascade.stop(ref, service, progress.since());
        ObservedService observed = observer.of(ref, service, progress.since(), !progress.tidy());
        StopPlan plan = audit ? StopPlan.of(observed).withoutSteps() : StopPlan.of(observed);
        StopProgress seen = progress.withGpus(plan.held().gpus());
        boolean recent = clock.instant().isBefore(progress.since().plus(PATIENCE));
        if (recent || plan.phase() != Phase.RELEASED) {
            seen = events.stopping(observed, plan, seen);
        }
        stopped.put(ref, seen);
        boolean refused = isRefused(ref, service, seen, plan.steps());
        Duration next;
        if (plan.phase() == Phase.RELEASED) {
            next = released(ref, observed, plan, seen);
        } else {
            stopped.put(ref, seen.held(plan.phase() != Phase.NOT_SUPPORTED));
            next = stopping(observed, plan, recent);
        }
        Duration due = refused ? RETRY : next;
        return cascaded.filter(it -> it.compareTo(due) < 0).orElse(due);
    }

    /** Carries out the steps. Whether the cluster has refused one. */
    private boolean isRefused(ServiceRef ref, Manifest service, StopProgress seen, List<Step> planned) {
        List<String> refused = steps.whileStopped(ref, seen.uid(), planned);
        if (refused.isEmpty()) {
            stopped.refusedNothing(ref);
        } else {
            stopped.retryAt(ref, clock.instant().plus(RETRY));
        }
        events.refused(service, seen, refused);
        return !refused.isEmpty();
    }

    private Duration released(ServiceRef ref, ObservedService observed, StopPlan plan, StopProgress seen) {
        Result result = seen.released() ? Result.KNOWN : events.released(observed.service(), seen, clock.instant());
        if (result == Result.RETRY) {
            return SOON;
        }
        if (result == Result.POSTED) {
            stopped.released(Duration.between(seen.since(), clock.instant()));
        }
        // Until its time is over, KServe may remove what is left.
        boolean tidy = observed.isOverdue() && plan.steps().isEmpty();
        stopped.put(ref, seen.released(tidy));
        if (!observed.isOverdue()) {
            return untilDeadline(observed, RESYNC);
        }
        if (!tidy) {
            return STOPPING;
        }
        return watched.getAsBoolean() ? RESYNC : stopped.spread(RETRY);
    }

    private Duration stopping(ObservedService observed, StopPlan plan, boolean recent) {
        if (plan.phase() == Phase.NOT_SUPPORTED) {
            return RESYNC;
        }
        if (!recent) {
            return untilDeadline(observed, LATER);
        }
        boolean unwatched = observed.isOverdue()
                && observed.pods().isEmpty()
                && !observed.makers().isEmpty();
        return untilDeadline(observed, unwatched || !watched.getAsBoolean() ? SOON : STOPPING);
    }

    private static Duration untilDeadline(ObservedService observed, Duration longest) {
        return observed.nextDeadline()
                .map(it -> Duration.between(observed.now(), it))
                .filter(it -> it.compareTo(longest) < 0)
                .orElse(longest);
    }
}
