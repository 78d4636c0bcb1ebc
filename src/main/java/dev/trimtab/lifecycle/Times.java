package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

public final class Times {
    private Times() {}

    /** Empty if the text is not a timestamp. */
    public static Optional<Instant> read(JsonNode time) {
        return parse(time.asText(""));
    }

    /** Empty if the text is not a timestamp of RFC 3339. */
    public static Optional<Instant> parse(String time) {
        try {
            return Optional.of(OffsetDateTime.parse(time).toInstant());
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }
}
