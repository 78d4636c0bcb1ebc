package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;

/**
 * Writes values in block style.
 *
 * <p>All texts begin without indentation and end without a line break: the caller knows what stands around them.
 *
 * @param listIndent how much deeper than its key the author (0 for kubectl) indents a list
 * @param mapIndent how much deeper than its key the author indents a map
 */
record BlockText(String lineBreak, int listIndent, int mapIndent) {
    /** For an author who shows none: kubectl's. */
    static final int MAP_INDENT = 2;

    /** Parsers give up looking for the colon of a key after 1024 characters; this leaves room for escapes. */
    private static final int LONGEST_KEY = 300;

    static boolean isInline(JsonNode value) {
        return !value.isContainerNode() || value.isEmpty();
    }

    static String inline(JsonNode value) {
        if (value.isContainerNode()) {
            return value.isArray() ? "[]" : "{}";
        }
        return ScalarText.of(value, false);
    }

    /** A value whose first character is to stand at the column. */
    String value(JsonNode value, int column) {
        StringBuilder out = new StringBuilder();
        value(out, value, column);
        return out.toString();
    }

    String entry(String key, JsonNode value, int column) {
        StringBuilder out = new StringBuilder();
        entry(out, key, value, column);
        return out.toString();
    }

    String item(JsonNode value, int column) {
        StringBuilder out = new StringBuilder("- ");
        value(out, value, column + 2);
        return out.toString();
    }

    /** What follows the colon of a key at the column: a blank and the value, or its lines. */
    String afterColon(JsonNode value, int column) {
        StringBuilder out = new StringBuilder();
        afterColon(out, value, column);
        return out.toString();
    }

    String newLine(int column) {
        return lineBreak + " ".repeat(column);
    }

    private void value(StringBuilder out, JsonNode value, int column) {
        if (isInline(value)) {
            out.append(inline(value));
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                out.append(i == 0 ? "" : newLine(column)).append("- ");
                value(out, value.get(i), column + 2);
            }
        } else {
            boolean first = true;
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                out.append(first ? "" : newLine(column));
                entry(out, field.getKey(), field.getValue(), column);
                first = false;
            }
        }
    }

    private void entry(StringBuilder out, String key, JsonNode value, int column) {
        String text = ScalarText.of(TextNode.valueOf(key), false);
        if (text.length() > LONGEST_KEY) {
            out.append("? ").append(text).append(newLine(column));
        } else {
            out.append(text);
        }
        out.append(':');
        afterColon(out, value, column);
    }

    private void afterColon(StringBuilder out, JsonNode value, int column) {
        if (isInline(value)) {
            out.append(' ').append(inline(value));
        } else {
            int below = column + (value.isArray() ? listIndent : mapIndent);
            out.append(newLine(below));
            value(out, value, below);
        }
    }
}
