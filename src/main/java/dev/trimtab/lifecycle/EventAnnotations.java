package dev.trimtab.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.gpu.GpuCount;
import java.util.Optional;

/** Annotations of Trimtab's Events. The next leader and {@code trimtab status} read them. */
public final class EventAnnotations {
    public static final String GPUS = "trimtab.dev/gpus";

    /** Moment of the stop, start or conflict that the Event is about. */
    public static final String MOMENT = "trimtab.dev/moment";

    public static final String CONFLICT = "trimtab.dev/conflict";

    private static final JsonMapper JSON = new JsonMapper();

    private EventAnnotations() {}

    public static String text(GpuCount gpus) {
        return gpus.toJson().toString();
    }

    /** Returns no GPUs if the Event has no readable annotation. */
    public static GpuCount read(JsonNode event) {
        return gpus(event.path("metadata").path("annotations").path(GPUS).asText(""))
                .orElse(GpuCount.NONE);
    }

    /** Amounts of GPUs in the text of {@link #text}. Empty if the text is not JSON. */
    public static Optional<GpuCount> gpus(String note) {
        if (note.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(GpuCount.ofJson(JSON.readTree(note)));
        } catch (JsonProcessingException written) {
            return Optional.empty();
        }
    }
}
