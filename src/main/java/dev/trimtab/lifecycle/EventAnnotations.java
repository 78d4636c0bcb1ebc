package dev.trimtab.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.gpu.GpuCount;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
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
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        gpus.byResource().forEach((resource, amount) -> json.put(resource, amount.toPlainString()));
        return json.toString();
    }

    /** Returns no GPUs if the Event has no readable annotation. */
    public static GpuCount read(JsonNode event) {
        return gpus(event.path("metadata").path("annotations").path(GPUS).asText(""))
                .orElse(GpuCount.NONE);
    }

    /** Reads the result of {@link #text}; empty if the text is not of that form. */
    public static Optional<GpuCount> gpus(String note) {
        if (note.isEmpty()) {
            return Optional.empty();
        }
        Map<String, BigDecimal> gpus = new HashMap<>();
        try {
            for (Map.Entry<String, JsonNode> entry : JSON.readTree(note).properties()) {
                gpus.put(entry.getKey(), new BigDecimal(entry.getValue().asText()));
            }
        } catch (JsonProcessingException | NumberFormatException written) {
            return Optional.empty();
        }
        return Optional.of(new GpuCount(gpus));
    }
}
