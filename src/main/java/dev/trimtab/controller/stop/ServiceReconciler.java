package dev.trimtab.controller.stop;

import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.ControllerSettings.Exclusions;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Step;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

public final class ServiceReconciler {
    private final RawClient objects;
    private final ControllerSettings settings;
    private final Exclusions exclusions;
    private final ServiceReader observer;
    private final StepRunner steps;
    private final StopReconciler stop;
    private final StartReconciler start;
    private final CascadeReconciler cascade;

    private ServiceReconciler(
            RawClient objects,
            ControllerSettings settings,
            Exclusions exclusions,
            ServiceReader observer,
            StepRunner steps,
            StopReconciler stop,
            StartReconciler start,
            CascadeReconciler cascade) {
        this.objects = objects;
        this.settings = settings;
        this.exclusions = exclusions;
        this.observer = observer;
        this.steps = steps;
        this.stop = stop;
        this.start = start;
        this.cascade = cascade;
    }

    public static ServiceReconciler of(
            RawClient objects,
            ControllerSettings settings,
            StoppedServices stopped,
            EventRecorder events,
            Clock clock,
            BooleanSupplier leading,
            BooleanSupplier watched) {
        ServiceReader observer = new ServiceReader(objects, settings, clock);
        StepRunner steps = new StepRunner(objects, leading);
        CascadeReconciler cascade = new CascadeReconciler(objects, events, clock);
        return new ServiceReconciler(
                objects,
                settings,
                new Exclusions(objects, settings.excludedNamespaces()),
                observer,
                steps,
                new StopReconciler(settings, observer, steps, stopped, events, cascade, clock, watched),
                new StartReconciler(steps, events, settings, clock),
                cascade);
    }

    /** @return time until the next reconcile; empty if nothing is left to do */
    public Optional<Duration> reconcile(ServiceRef ref) {
        Optional<Manifest> service =
                objects.find(ref.kind().resource(), ref.namespace(), ref.name()).map(Manifest::new);
        if (service.isEmpty() || service.get().isBeingDeleted() || exclusions.test(service.get())) {
            Optional<String> unused = stop.forget(ref);
            start.forget(ref);
            boolean held = letGo(ref);
            service.filter(it -> !it.isBeingDeleted() && !StopAnnotation.isStopped(it))
                    .ifPresent(it -> start.takeBack(ref, it));
            return held ? Optional.of(StopReconciler.RETRY) : Optional.empty();
        }
        if (StopAnnotation.isStopped(service.get())) {
            start.forget(ref);
            return Optional.of(stop.reconcile(ref, service.get()));
        }
        String uid = service.get().metadata().path("uid").asText("");
        // Before anything that may fail: the next reconcile would not find the service among the stopped ones.
        stop.forget(ref).filter(uid::equals).ifPresent(it -> start.begin(ref, service.get()));
        boolean held = letGo(ref);
        boolean done = settings.isAudit() || cascade.start(ref, service.get());
        Optional<Duration> next = start.reconcile(ref, service.get());
        return held || !done ? next.or(() -> Optional.of(StopReconciler.RETRY)) : next;
    }

    /** Whether a start is under way. Then each change of the service requeues it. */
    public boolean isStarting(ServiceRef ref) {
        return start.isUnderWay(ref);
    }

    /** Returns whether a child is still held, because it changed meanwhile or the cluster refused the write. */
    private boolean letGo(ServiceRef ref) {
        List<Step> all = observer.held(ref).stream().<Step>map(Step.LetGo::new).toList();
        steps.always(ref, all);
        return !all.isEmpty() && !observer.held(ref).isEmpty();
    }
}
