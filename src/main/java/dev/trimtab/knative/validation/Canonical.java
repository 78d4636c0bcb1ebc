package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * A document in the one form that all spellings of the same Go structs share: no nulls, no zero numbers, false, empty
 * texts, maps or lists, and the protocol TCP, which the CRD fills in, left out.
 */
final class Canonical {
    /** Kinds of volumes and probes: there even when empty. */
    private static final Set<String> POINTERS = Set.of("emptyDir", "tcpSocket", "httpGet", "exec", "grpc");
    /** Numbers and booleans whose zero is not the same as none. */
    private static final Set<String> OPTIONAL = Set.of(
            "containerConcurrency",
            "timeoutSeconds",
            "idleTimeoutSeconds",
            "responseStartTimeoutSeconds",
            "enableServiceLinks",
            "automountServiceAccountToken",
            "runAsUser",
            "runAsGroup");

    private Canonical() {}

    static JsonNode of(JsonNode node) {
        return canonical(node, "");
    }

    private static JsonNode canonical(JsonNode node, String field) {
        if (node.isObject()) {
            ObjectNode map = JsonNodeFactory.instance.objectNode();
            boolean quantities = field.equals("limits") || field.equals("requests");
            boolean texts = field.equals("annotations") || field.equals("labels");
            node.properties().forEach(entry -> {
                JsonNode value = canonical(entry.getValue(), entry.getKey());
                if (quantities) {
                    map.put(entry.getKey(), value.asText());
                } else if (texts ? !value.isNull() : !isZero(value, entry.getKey())) {
                    map.set(entry.getKey(), value);
                }
            });
            return map;
        }
        if (node.isArray()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> list.add(canonical(element, field)));
            return list;
        }
        // Jackson holds an int and a long of the same value for two things.
        return node.isIntegralNumber() ? JsonNodeFactory.instance.numberNode(node.bigIntegerValue()) : node;
    }

    private static boolean isZero(JsonNode value, String field) {
        if (value.isContainerNode()) {
            return value.isEmpty() && !POINTERS.contains(field);
        }
        if (value.isTextual()) {
            return value.asText().isEmpty()
                    || (field.equals("protocol") && value.asText().equals("TCP"));
        }
        boolean zero = (value.isNumber() && value.asDouble() == 0) || (value.isBoolean() && !value.asBoolean());
        return value.isNull() || value.isMissingNode() || (zero && !OPTIONAL.contains(field));
    }
}
