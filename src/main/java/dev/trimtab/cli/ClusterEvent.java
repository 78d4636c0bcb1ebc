package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.lifecycle.Times;
import java.time.Instant;

/**
 * An Event of Kubernetes.
 *
 * @param uid uid of the object that the Event is about
 * @param when time of the last occurrence
 * @param moment time of the stop or start, as Trimtab's controller notes it; without such a note, {@code when}
 * @param message text on one line
 * @param gpus amounts by resource as JSON, from the annotation of Trimtab's controller; empty without the annotation
 */
public record ClusterEvent(String uid, String reason, Instant when, Instant moment, String message, String gpus) {
    public static ClusterEvent of(JsonNode event) {
        Instant when = Times.read(event.path("lastTimestamp"))
                .or(() -> Times.read(event.path("eventTime")))
                .or(() -> Times.read(event.at("/metadata/creationTimestamp")))
                .orElse(Instant.EPOCH);
        JsonNode notes = event.path("metadata").path("annotations");
        return new ClusterEvent(
                event.path("involvedObject").path("uid").asText(""),
                event.path("reason").asText(""),
                when,
                Times.read(notes.path(EventAnnotations.MOMENT)).orElse(when),
                event.path("message").asText("").strip().replaceAll("\\s+", " "),
                notes.path(EventAnnotations.GPUS).asText(""));
    }
}
