package dev.trimtab.controller.autoscalers;

import dev.trimtab.autoscalers.CheckInput;
import dev.trimtab.autoscalers.Checks;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.autoscalers.PodAutoscaler;
import dev.trimtab.autoscalers.Problem;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.Exclusions;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.EventRecorder.Result;
import dev.trimtab.kube.RawClient;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.policy.AibrixCheck.Severity;
import dev.trimtab.policy.Policy.Aibrix;
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
public final class ConflictReconciler {
    /** Between two checks of what is in memory. */
    public static final Duration PAUSE = Duration.ofSeconds(2);

    private final RawClient objects;
    private final Exclusions exclusions;
    private final ControllerSettings settings;
    private final EventRecorder events;
    private final Clock clock;

    /** Conflicts that were reported and are not over; empty before the first reconcile, which reads them from Events. */
    private Optional<ConflictHistory> memory = Optional.empty();

    private Optional<ClusterView> seen = Optional.empty();
    private Optional<Aibrix> by = Optional.empty();

    public ConflictReconciler(RawClient objects, ControllerSettings settings, EventRecorder events, Clock clock) {
        this.objects = objects;
        this.exclusions = new Exclusions(objects, settings.excludedNamespaces());
        this.settings = settings;
        this.events = events;
        this.clock = clock;
    }

    /** Does nothing if nothing has changed. An Event that could not be posted is tried again at the next reconcile. */
    public void reconcile() {
        Optional<ClusterView> known = settings.autoscaling().get();
        Aibrix policy = settings.inForce().get().aibrix();
        if (known.isEmpty() || (seen.equals(known) && by.equals(Optional.of(policy)))) {
            return;
        }
        if (memory.isEmpty()) {
            memory = Optional.of(ConflictHistory.of(events));
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

    private Map<Conflict, Problem> conflicts(ClusterView known, Aibrix policy) {
        Map<Conflict, Problem> all = new LinkedHashMap<>();
        for (PodAutoscaler one : known.autoscalers().values()) {
            Manifest object = new Manifest(one.root());
            if (object.isBeingDeleted() || object.isIgnored()) {
                continue;
            }
            for (Problem problem : Checks.findConflicts(new CheckInput(one, known, policy, OptionalInt.empty()))) {
                all.put(Conflict.of(object, problem), problem);
            }
        }
        return all;
    }

    private boolean begins(Conflict conflict, Problem problem) {
        if (memory.orElseThrow().isOpen(conflict) || exclusions.isNamespace(conflict.namespace())) {
            return true;
        }
        Optional<Manifest> object = find(conflict);
        Instant moment = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        boolean said = object.isEmpty()
                || says(
                        object.get(),
                        conflict.begins(
                                "%s (%s)"
                                        .formatted(
                                                problem.text(), problem.check().term()),
                                moment));
        if (said && object.isPresent()) {
            memory.orElseThrow().begin(conflict, moment);
        }
        return said;
    }

    /** No Event if the check is ignored by now: the conflict may still be there. */
    private boolean ends(Conflict conflict, Aibrix policy) {
        Optional<Manifest> object = policy.severity(conflict.check()) == Severity.IGNORE
                ? Optional.empty()
                : find(conflict).filter(it -> !it.isBeingDeleted() && !exclusions.test(it));
        Instant moment = memory.orElseThrow().since(conflict);
        boolean said = object.isEmpty() || says(object.get(), conflict.ends(moment));
        if (said) {
            memory.orElseThrow().end(conflict);
        }
        return said;
    }

    private boolean says(Manifest object, EventNote news) {
        return events.record(object, news) != Result.RETRY;
    }

    /** The very one, or none. */
    private Optional<Manifest> find(Conflict conflict) {
        return objects.find(ResourceKind.POD_AUTOSCALER, conflict.namespace(), conflict.name())
                .map(Manifest::new)
                .filter(it -> it.metadata().path("uid").asText("").equals(conflict.uid()));
    }
}
