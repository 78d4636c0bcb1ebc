package dev.trimtab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.lifecycle.Times;
import java.time.Instant;

/**
 * An Event.
 *
 * @param uid of the object that it is about
 * @param when last
 * @param message on one line
 * @param gpus what Trimtab's controller noted for programs: JSON, amounts by resource; empty where it noted nothing
 */
record Happened(String uid, String reason, Instant when, String message, String gpus) {
    private static final String GPUS = "trimtab.dev/gpus";

    static Happened of(JsonNode event) {
        Instant when = Times.read(event.path("lastTimestamp"))
                .or(() -> Times.read(event.path("eventTime")))
                .or(() -> Times.read(event.at("/metadata/creationTimestamp")))
                .orElse(Instant.EPOCH);
        return new Happened(
                event.path("involvedObject").path("uid").asText(""),
                event.path("reason").asText(""),
                when,
                event.path("message").asText("").strip().replaceAll("\\s+", " "),
                event.path("metadata").path("annotations").path(GPUS).asText(""));
    }
}
