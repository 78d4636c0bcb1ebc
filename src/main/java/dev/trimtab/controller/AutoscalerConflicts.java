package dev.trimtab.controller;

import dev.trimtab.aibrix.Checks;
import dev.trimtab.aibrix.Examined;
import dev.trimtab.aibrix.PodAutoscaler;
import dev.trimtab.aibrix.Problem;
import dev.trimtab.aibrix.Surroundings;
import dev.trimtab.controller.Announcer.News;
import dev.trimtab.controller.Announcer.Said;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Aibrix;
import dev.trimtab.policy.Severity;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Says which PodAutoscalers are in each other's way, on each of them, and when that is over. A review cannot do it alone: two that
 * are created at once see nothing of each other, and what else scales a target may come later.
 */
final class AutoscalerConflicts {
    /** Between two looks at what is in memory. */
    static final Duration PAUSE = Duration.ofSeconds(2);

    private final Objects objects;
    private final OffLimits offLimits;
    private final Rulebook rulebook;
    private final Announcer announcer;
    private final Clock clock;

    /** What was said and is not over; empty before the first look, which has it from the Events. */
    private Optional<ConflictMemory> memory = Optional.empty();

    private Optional<Surroundings> seen = Optional.empty();
    private Optional<Aibrix> by = Optional.empty();

    AutoscalerConflicts(Objects objects, Rulebook rulebook, Announcer announcer, Clock clock) {
        this.objects = objects;
        this.offLimits = new OffLimits(objects, rulebook.excludedNamespaces());
        this.rulebook = rulebook;
        this.announcer = announcer;
        this.clock = clock;
    }

    /** Does nothing where nothing has changed; what could not be said is tried again at the next look. */
    void look() {
        Optional<Surroundings> known = rulebook.autoscaling().get();
        Aibrix policy = rulebook.inForce().get().aibrix();
        if (known.isEmpty() || (seen.equals(known) && by.equals(Optional.of(policy)))) {
            return;
        }
        if (memory.isEmpty()) {
            memory = Optional.of(ConflictMemory.of(announcer));
        }
        Map<Conflict, Problem> now = conflicts(known.get(), policy);
        boolean allSaid = true;
        for (Map.Entry<Conflict, Problem> conflict : now.entrySet()) {
            allSaid &= begins(conflict.getKey(), conflict.getValue());
        }
        for (Conflict conflict : memory.get().open()) {
            allSaid &= now.containsKey(conflict) || ends(conflict, policy);
        }
        if (allSaid) {
            seen = known;
            by = Optional.of(policy);
        }
    }

    private Map<Conflict, Problem> conflicts(Surroundings known, Aibrix policy) {
        Map<Conflict, Problem> all = new LinkedHashMap<>();
        for (PodAutoscaler one : known.autoscalers().values()) {
            Manifest object = new Manifest(one.root());
            if (object.isBeingDeleted() || object.isIgnored()) {
                continue;
            }
            for (Problem problem : Checks.findConflicts(new Examined(one, known, policy, OptionalInt.empty()))) {
                all.put(Conflict.of(object, problem), problem);
            }
        }
        return all;
    }

    private boolean begins(Conflict conflict, Problem problem) {
        if (memory.orElseThrow().isOpen(conflict) || offLimits.isNamespace(conflict.namespace())) {
            return true;
        }
        Optional<Manifest> object = find(conflict);
        Instant moment = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        boolean said = object.isEmpty()
                || says(object.get(), conflict.begins("%s (%s)".formatted(problem.text(), problem.check()), moment));
        if (said && object.isPresent()) {
            memory.orElseThrow().begin(conflict, moment);
        }
        return said;
    }

    /** Nothing is said of what is not looked at any more: it may be there still. */
    private boolean ends(Conflict conflict, Aibrix policy) {
        Optional<Manifest> object = policy.severity(conflict.check()) == Severity.IGNORE
                ? Optional.empty()
                : find(conflict).filter(it -> !it.isBeingDeleted() && !offLimits.test(it));
        Instant moment = memory.orElseThrow().since(conflict);
        boolean said = object.isEmpty() || says(object.get(), conflict.ends(moment));
        if (said) {
            memory.orElseThrow().end(conflict);
        }
        return said;
    }

    private boolean says(Manifest object, News news) {
        return announcer.say(object, news) != Said.NOT_YET;
    }

    /** The very one, or none. */
    private Optional<Manifest> find(Conflict conflict) {
        return objects.find(Kinds.POD_AUTOSCALER, conflict.namespace(), conflict.name())
                .map(Manifest::new)
                .filter(it -> it.metadata().path("uid").asText("").equals(conflict.uid()));
    }
}
