package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.stream.StreamSupport;

public final class Fields {
    private Fields() {}

    /** A missing node if any field of the path is missing. */
    public static JsonNode at(JsonNode node, String... path) {
        JsonNode found = node == null ? MissingNode.getInstance() : node;
        for (String field : path) {
            found = found.path(field);
        }
        return found;
    }

    public static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() ? value.asText() : "";
    }

    public static long integer(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.canConvertToExactIntegral() ? value.asLong() : 0;
    }

    static boolean isTrue(JsonNode node, String field) {
        return node.path(field).asBoolean(false);
    }

    /** Whether a Go pointer would be set: anything but null, even an empty map. */
    static boolean has(JsonNode node, String field) {
        return node.hasNonNull(field);
    }

    /** Whether a Go value would be set: not null, false, "", or an empty map or list. */
    static boolean hasValue(JsonNode node, String field) {
        JsonNode value = node.path(field);
        boolean empty = value.isContainerNode() && value.isEmpty();
        boolean zero = (value.isBoolean() && !value.asBoolean())
                || (value.isTextual() && value.asText().isEmpty());
        return !value.isMissingNode() && !value.isNull() && !empty && !zero;
    }

    public static List<JsonNode> list(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isArray()
                ? StreamSupport.stream(value.spliterator(), false).toList()
                : List.of();
    }
}
