package dev.trimtab.controller;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.lifecycle.GpuCount;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** GPUs by resource on an Event, for the next leader and for {@code trimtab status}. */
final class GpuNote {
    static final String KEY = "trimtab.dev/gpus";

    private static final JsonMapper JSON = new JsonMapper();

    private GpuNote() {}

    static String text(GpuCount gpus) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        gpus.byResource().forEach((resource, amount) -> json.put(resource, amount.toPlainString()));
        return json.toString();
    }

    /** None for what is none of ours. */
    static GpuCount read(JsonNode event) {
        Map<String, BigDecimal> gpus = new HashMap<>();
        String note = event.path("metadata").path("annotations").path(KEY).asText("{}");
        try {
            for (Map.Entry<String, JsonNode> entry : JSON.readTree(note).properties()) {
                gpus.put(entry.getKey(), new BigDecimal(entry.getValue().asText()));
            }
        } catch (JsonProcessingException | NumberFormatException written) {
            return GpuCount.NONE;
        }
        return new GpuCount(gpus);
    }
}
