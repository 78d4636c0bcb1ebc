package dev.trimtab.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Argo CD's server-side diff (gitops-engine, diff.go: serverSideDiff): what a server-side apply as {@link #MANAGER} would
 * come to, as a dry-run says, against what is live. Unless IncludeMutationWebhook is set, all that this manager does not
 * own is taken from the live object (removeWebhookMutation).
 *
 * <p>Argo CD knows by the schema which lists are merged by key; here the field sets of the API server say so.
 */
public final class ArgoServerSideDiff {
    public static final String MANAGER = "argocd-controller";

    private ArgoServerSideDiff() {}

    /** With the annotation {@code ServerSideDiff=true}: where it shows a difference. */
    public static List<String> of(ObjectNode live, ObjectNode dryRun) {
        ObjectNode owned = live.deepCopy();
        boolean any = false;
        for (JsonNode entry : dryRun.at("/metadata/managedFields")) {
            if (entry.path("manager").asText().equals(MANAGER)) {
                owned = (ObjectNode) merged(owned, dryRun, entry.path("fieldsV1"));
                any = true;
            }
        }
        if (!any) {
            throw new IllegalArgumentException("no managed fields found for manager: " + MANAGER);
        }
        return Differences.between(normalized(live), normalized(owned));
    }

    /** With {@code ServerSideDiff=true,IncludeMutationWebhook=true}. */
    public static List<String> withMutations(ObjectNode live, ObjectNode dryRun) {
        return Differences.between(normalized(live), normalized(dryRun));
    }

    private static ObjectNode normalized(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.withObject("/metadata").remove(List.of("creationTimestamp", "managedFields"));
        return copy;
    }

    /** The live value, with what the manager owns of the predicted one. */
    private static JsonNode merged(JsonNode live, JsonNode predicted, JsonNode fields) {
        if (predicted instanceof ObjectNode map) {
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
        return predicted instanceof ArrayNode list && byKey ? mergedByKey(live, list, fields) : predicted;
    }

    private static JsonNode mergedByKey(JsonNode live, ArrayNode predicted, JsonNode fields) {
        ArrayNode result = live instanceof ArrayNode is ? is.deepCopy() : JsonNodeFactory.instance.arrayNode();
        fields.properties().forEach(field -> {
            String key = field.getKey();
            if (key.equals(".")) {
                return;
            }
            JsonNode identity = FieldKeys.parse(key.substring(2));
            int there = FieldKeys.indexOf(predicted, identity);
            int at = FieldKeys.indexOf(result, identity);
            if (there >= 0 && at >= 0) {
                result.set(at, merged(result.get(at), predicted.get(there), field.getValue()));
            } else if (there >= 0) {
                result.add(predicted.get(there));
            }
        });
        return result;
    }
}
