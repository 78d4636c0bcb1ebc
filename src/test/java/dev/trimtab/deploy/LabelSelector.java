package dev.trimtab.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** A label selector, decided as the API server does (apimachinery, labels.Requirement.Matches). */
record LabelSelector(JsonNode selector) {

    boolean matches(Map<String, String> labels) {
        return Manifests.stream(selector.path("matchExpressions")).allMatch(expression -> matches(expression, labels))
                && selector.path("matchLabels").properties().stream()
                        .allMatch(label -> label.getValue().asText().equals(labels.get(label.getKey())));
    }

    /** The object selector of a webhook on an UPDATE: it is called when the new or the old object matches. */
    boolean matchesUpdate(Map<String, String> before, Map<String, String> after) {
        return matches(before) || matches(after);
    }

    private static boolean matches(JsonNode expression, Map<String, String> labels) {
        var value = labels.get(expression.path("key").asText());
        var listed = value != null && Manifests.texts(expression.path("values")).contains(value);
        var operator = expression.path("operator").asText();
        return switch (operator) {
            case "In" -> listed;
            case "NotIn" -> !listed; // an absent label matches
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> throw new AssertionError("no operator of a label selector: " + operator);
        };
    }
}
