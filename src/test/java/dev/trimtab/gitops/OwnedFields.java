package dev.trimtab.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a manager owns of an object. Argo CD knows by the schema which lists are merged by key; here the field sets of the API
 * server say so.
 */
final class OwnedFields {
    private OwnedFields() {}

    /**
     * The live object, with what Argo CD owns of another one.
     *
     * @param owner whose managed fields say what that is
     */
    static ObjectNode merged(ObjectNode live, ObjectNode other, ObjectNode owner) {
        ObjectNode result = live.deepCopy();
        boolean any = false;
        for (JsonNode entry : owner.at("/metadata/managedFields")) {
            if (entry.path("manager").asText().equals(ArgoServerSideDiff.MANAGER)) {
                result = (ObjectNode) merged(result, other, entry.path("fieldsV1"));
                any = true;
            }
        }
        if (!any) {
            throw new IllegalArgumentException("no managed fields found for manager: " + ArgoServerSideDiff.MANAGER);
        }
        return result;
    }

    private static JsonNode merged(JsonNode live, JsonNode other, JsonNode fields) {
        if (other instanceof ObjectNode map) {
            ObjectNode result = live instanceof ObjectNode is ? is.deepCopy() : JsonNodeFactory.instance.objectNode();
            fields.properties().forEach(field -> {
                String name = field.getKey().startsWith("f:") ? field.getKey().substring(2) : "";
                if (map.has(name)) {
                    result.set(name, merged(result.path(name), map.get(name), field.getValue()));
                }
            });
            return result;
        }
        boolean byKey = fields.properties().stream()
                .anyMatch(field ->
                        field.getKey().startsWith("k:") || field.getKey().startsWith("v:"));
        return other instanceof ArrayNode list && byKey ? mergedByKey(live, list, fields) : other;
    }

    private static JsonNode mergedByKey(JsonNode live, ArrayNode other, JsonNode fields) {
        ArrayNode result = live instanceof ArrayNode is ? is.deepCopy() : JsonNodeFactory.instance.arrayNode();
        fields.properties().forEach(field -> {
            String key = field.getKey();
            if (key.equals(".")) {
                return;
            }
            JsonNode identity = FieldKeys.parse(key.substring(2));
            int there = FieldKeys.indexOf(other, identity);
            int at = FieldKeys.indexOf(result, identity);
            if (there >= 0 && at >= 0) {
                result.set(at, merged(result.get(at), other.get(there), field.getValue()));
            } else if (there >= 0) {
                result.add(other.get(there));
            }
        });
        return result;
    }
}
