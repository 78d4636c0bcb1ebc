package dev.trimtab.controller.autoscalers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.kube.EventRecorder;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.lifecycle.Times;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which conflicts were said and are not over, and since when. A new leader has it from the Events: one says that a conflict
 * began, another one that it ended, and both carry the moment of the beginning. So one that outlives a leader is not said
 * twice, one that ended in between is not forgotten, and one that comes back is said anew. What the cluster has forgotten,
 * after an hour unless set otherwise, is said again by the next leader.
 */
final class ConflictHistory {
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

    /** A copy: what is open changes while one goes through it. */
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
