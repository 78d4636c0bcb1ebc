package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Points in time as Kubernetes writes them. */
public final class Times {
    private Times() {}

    /** Empty for what is none. */
    public static Optional<Instant> read(JsonNode time) {
        try {
            return Optional.of(OffsetDateTime.parse(time.asText("")).toInstant());
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }
}
