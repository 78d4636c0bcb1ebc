package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Compares JSON trees by their meaning in YAML. */
final class Trees {
    private Trees() {}

    /**
     * Whether both have the same values. Java's number types do not count: kubectl sends 1 and 1.0 both as 1. The order
     * of keys does not count.
     */
    static boolean same(JsonNode left, JsonNode right) {
        if (isNull(left) || isNull(right)) {
            return isNull(left) && isNull(right);
        }
        if (left.isObject() && right.isObject()) {
            return sameFields(left, right);
        }
        if (left.isArray() && right.isArray()) {
            return sameItems(left, right);
        }
        if (left.isNumber() && right.isNumber()) {
            return sameNumber(left, right);
        }
        return left.isContainerNode() == right.isContainerNode()
                && left.isNumber() == right.isNumber()
                && left.isBoolean() == right.isBoolean()
                && left.asText().equals(right.asText());
    }

    static boolean isNull(JsonNode node) {
        return node == null || node.isNull() || node.isMissingNode();
    }

    private static boolean sameFields(JsonNode left, JsonNode right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<String, JsonNode> field : left.properties()) {
            JsonNode other = right.get(field.getKey());
            if (other == null || !same(field.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameItems(JsonNode left, JsonNode right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!same(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameNumber(JsonNode left, JsonNode right) {
        if (!isFinite(left) || !isFinite(right)) {
            return left.equals(right);
        }
        return left.decimalValue().compareTo(right.decimalValue()) == 0;
    }

    private static boolean isFinite(JsonNode number) {
        return number.isIntegralNumber() || number.isBigDecimal() || Double.isFinite(number.doubleValue());
    }

    static int depth(JsonNode node) {
        int deepest = 0;
        for (JsonNode child : node) {
            deepest = Math.max(deepest, 1 + depth(child));
        }
        return deepest;
    }
}
