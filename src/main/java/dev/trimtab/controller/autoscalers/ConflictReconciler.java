package dev.trimtab.controller.autoscalers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.autoscalers.CheckInput;
import dev.trimtab.autoscalers.Checks;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.autoscalers.PodAutoscaler;
import dev.trimtab.autoscalers.Problem;
import dev.trimtab.controller.ControllerSettings;
import dev.trimtab.controller.ControllerSettings.Exclusions;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.EventRecorder.Result;
import dev.trimtab.kube.RawClient;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.lifecycle.Times;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.ResourceKind;
import dev.trimtab.policy.AibrixCheck;
import dev.trimtab.policy.AibrixCheck.Severity;
import dev.trimtab.policy.Policy.Aibrix;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Posts Events on PodAutoscalers that conflict, and when a conflict is over. A review does not see it if two are
 * created at once, or if another scaler of the target comes later.
 */
public final class ConflictReconciler {
    /** Interval between two checks, which read memory only. */
    public static final Duration PAUSE = Duration.ofSeconds(2);

    private final RawClient objects;
    private final Exclusions exclusions;
    private final ControllerSettings settings;
    private final EventRecorder events;
    private final Clock clock;

    /** Reported conflicts that are not over; empty before the first reconcile, which reads them from Events. */
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

    /** Does nothing if nothing has changed. The next reconcile tries an Event again that could not be posted. */
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
        for (PodAutoscaler one : known.inOrder().toList()) {
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

    /** Posts no Event if the policy ignores the check by now: the conflict may still be there. */
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

    private Optional<Manifest> find(Conflict conflict) {
        return objects.find(ResourceKind.POD_AUTOSCALER, conflict.namespace(), conflict.name())
                .map(Manifest::new)
                .filter(it -> it.metadata().path("uid").asText("").equals(conflict.uid()));
    }

    /**
     * Reported conflicts that are not over, and when they began. A new leader reads them from Events: one says that a
     * conflict began, another one that it ended, and both carry the moment of the beginning. So each conflict is posted
     * once. It is posted again if it comes back, or if the cluster has deleted its Event (after an hour by default)
     * before the next leader begins.
     */
    static final class ConflictHistory {
        private final Map<Conflict, Instant> open;

        private ConflictHistory(Map<Conflict, Instant> open) {
            this.open = open;
        }

        static ConflictHistory of(EventRecorder events) {
            Map<Conflict, Instant> begun = latest(events.history(Conflict.BEGINS));
            latest(events.history(Conflict.ENDS))
                    .forEach((conflict, moment) ->
                            begun.computeIfPresent(conflict, (it, since) -> since.isAfter(moment) ? since : null));
            return new ConflictHistory(begun);
        }

        boolean isOpen(Conflict conflict) {
            return open.containsKey(conflict);
        }

        /** A copy, because callers end conflicts while they iterate. */
        List<Conflict> open() {
            return List.copyOf(open.keySet());
        }

        Instant since(Conflict conflict) {
            return open.get(conflict);
        }

        void begin(Conflict conflict, Instant moment) {
            open.put(conflict, moment);
        }

        void end(Conflict conflict) {
            open.remove(conflict);
        }

        private static Map<Conflict, Instant> latest(List<JsonNode> events) {
            Map<Conflict, Instant> latest = new HashMap<>();
            for (JsonNode event : events) {
                Instant moment = Times.read(
                                event.path("metadata").path("annotations").path(EventAnnotations.MOMENT))
                        .orElse(Instant.EPOCH);
                Conflict.of(event)
                        .ifPresent(conflict ->
                                latest.merge(conflict, moment, (one, other) -> one.isAfter(other) ? one : other));
            }
            return latest;
        }
    }

    /**
     * A conflict of one PodAutoscaler. Its message names the other side and tells it from other conflicts. The path
     * does not: it changes if metrics are reordered.
     *
     * @param uid of the PodAutoscaler
     */
    record Conflict(String namespace, String name, String uid, AibrixCheck check, String message) {
        static final String BEGINS = "PodAutoscalerConflict";
        static final String ENDS = "PodAutoscalerConflictGone";

        static Conflict of(Manifest autoscaler, Problem problem) {
            return new Conflict(
                    autoscaler.namespace(),
                    autoscaler.name(),
                    autoscaler.metadata().path("uid").asText(""),
                    problem.check(),
                    problem.message());
        }

        /** The conflict that an Event is about; empty if the Event cannot be read. */
        static Optional<Conflict> of(JsonNode event) {
            String note = event.path("metadata")
                    .path("annotations")
                    .path(EventAnnotations.CONFLICT)
                    .asText("");
            int space = note.indexOf(' ');
            String id = space < 0 ? note : note.substring(0, space);
            JsonNode object = event.path("involvedObject");
            return Arrays.stream(AibrixCheck.values())
                    .filter(check -> check.term().equals(id))
                    .findFirst()
                    .map(check -> new Conflict(
                            object.path("namespace").asText(""),
                            object.path("name").asText(""),
                            object.path("uid").asText(""),
                            check,
                            note.substring(space + 1)));
        }

        EventNote begins(String text, Instant moment) {
            return news(true, BEGINS, text, moment);
        }

        /** @param moment when the conflict began; another leader matches the two Events by it */
        EventNote ends(Instant moment) {
            return news(false, ENDS, "over: %s (%s)".formatted(message, check.term()), moment);
        }

        private EventNote news(boolean warning, String reason, String text, Instant moment) {
            return new EventNote(warning, reason, text, moment, note(), Map.of(EventAnnotations.CONFLICT, note()));
        }

        private String note() {
            return check.term() + " " + message;
        }
    }
}
