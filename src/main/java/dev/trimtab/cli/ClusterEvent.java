package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.lifecycle.Times;
import java.time.Instant;

/**
 * An Event.
 *
 * @param uid of the object that it is about
 * @param when last
 * @param moment of the stop or start that it is about, as Trimtab's controller notes it; else when
 * @param message on one line
 * @param gpus what Trimtab's controller noted for programs: JSON, amounts by resource; empty where it noted nothing
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
