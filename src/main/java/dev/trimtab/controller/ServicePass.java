package dev.trimtab.controller;

import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Step;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One look at one service, and what follows from it. */
final class ServicePass {
    private final Objects objects;
    private final Rulebook rulebook;
    private final OffLimits offLimits;
    private final Survey survey;
    private final Steps steps;
    private final StopPass stop;
    private final StartPass start;
    private final CascadePass cascade;

    private ServicePass(
            Objects objects,
            Rulebook rulebook,
            OffLimits offLimits,
            Survey survey,
            Steps steps,
            StopPass stop,
            StartPass start,
            CascadePass cascade) {
        this.objects = objects;
        this.rulebook = rulebook;
        this.offLimits = offLimits;
        this.survey = survey;
        this.steps = steps;
        this.stop = stop;
        this.start = start;
        this.cascade = cascade;
    }

    static ServicePass of(
            Objects objects,
            Rulebook rulebook,
            StoppedServices stopped,
            Announcer announcer,
            Clock clock,
            BooleanSupplier leading) {
        Survey survey = new Survey(objects, rulebook, clock);
        Steps steps = new Steps(objects, leading);
        CascadePass cascade = new CascadePass(objects, announcer, clock);
        return new ServicePass(
                objects,
                rulebook,
                new OffLimits(objects, rulebook.excludedNamespaces()),
                survey,
                steps,
                new StopPass(rulebook, survey, steps, stopped, announcer, cascade, clock),
                new StartPass(steps, announcer, rulebook, clock),
                cascade);
    }

    /** @return after how long to look again; empty when there is nothing more to do */
    Optional<Duration> run(ServiceRef ref) {
        Optional<Manifest> service =
                objects.find(Kinds.of(ref.kind()), ref.namespace(), ref.name()).map(Manifest::new);
        if (service.isEmpty() || service.get().isBeingDeleted() || offLimits.test(service.get())) {
            Optional<String> unused = stop.forget(ref);
            start.forget(ref);
            boolean held = letGo(ref);
            service.filter(it -> !it.isBeingDeleted() && !StopAnnotation.isStopped(it))
                    .ifPresent(it -> start.takeBack(ref, it));
            return held ? Optional.of(StopPass.RESYNC) : Optional.empty();
        }
        if (StopAnnotation.isStopped(service.get())) {
            start.forget(ref);
            return Optional.of(stop.run(ref, service.get()));
        }
        String uid = service.get().metadata().path("uid").asText("");
        // Before anything that may fail: the next pass does not find it among the stopped ones.
        stop.forget(ref).filter(uid::equals).ifPresent(it -> start.begin(ref, service.get()));
        boolean held = letGo(ref);
        boolean done = rulebook.isAudit() || cascade.start(ref, service.get());
        Optional<Duration> next = start.run(ref, service.get());
        return held || !done ? next.or(() -> Optional.of(StopPass.RESYNC)) : next;
    }

    /** @return whether something is held still, and the service waits for it: it has changed meanwhile, or was refused */
    private boolean letGo(ServiceRef ref) {
        List<Step> all = survey.held(ref).stream().<Step>map(Step.LetGo::new).toList();
        steps.always(ref, all);
        return !all.isEmpty() && !survey.held(ref).isEmpty();
    }
}
