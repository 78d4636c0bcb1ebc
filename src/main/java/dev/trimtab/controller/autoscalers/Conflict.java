package dev.trimtab.controller.autoscalers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.autoscalers.Problem;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.AibrixCheck;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Something or somebody in the way of one PodAutoscaler, told from its other conflicts by what is said: that names the other
 * one. Not by the path, which is another one when metrics are put in another order.
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

    /** What an Event of ours is about; empty where it is not one that can be read. */
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

    /** @param moment when it began: another leader finds the two together by it */
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
