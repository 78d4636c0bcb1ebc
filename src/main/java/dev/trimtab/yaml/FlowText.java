package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Writes values in flow style.
 *
 * @param json all texts in double quotes
 * @param dense no blanks between the tokens; only JSON can do without them
 */
record FlowText(boolean json, boolean dense) {

    String separator() {
        return dense ? "," : ", ";
    }

    String colon() {
        return dense ? ":" : ": ";
    }

    String entry(String key, JsonNode value) {
        return value(TextNode.valueOf(key)) + colon() + value(value);
    }

    String value(JsonNode value) {
        if (value.isArray()) {
            StringJoiner items = new StringJoiner(separator(), "[", "]");
            value.forEach(item -> items.add(value(item)));
            return items.toString();
        }
        if (value.isObject()) {
            StringJoiner entries = new StringJoiner(separator(), "{", "}");
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                entries.add(entry(field.getKey(), field.getValue()));
            }
            return entries.toString();
        }
        return json ? ScalarText.json(value) : ScalarText.of(value, true);
    }
}
