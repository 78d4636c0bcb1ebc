package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.StringJoiner;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

/** The author's style: indentation, quotes and spaces. Added text follows it. */
final class AuthorStyle {
    private final SourceText source;
    private Integer listIndent;
    private Integer mapIndent;
    private Boolean dense;
    private boolean aliases;
    private boolean bareKeys;

    private AuthorStyle(SourceText source) {
        this.source = source;
    }

    static AuthorStyle of(SourceText source, YamlNode root) {
        AuthorStyle style = new AuthorStyle(source);
        style.bareKeys = !isFlow(root);
        style.look(root);
        return style;
    }

    private static boolean isFlow(YamlNode node) {
        return !(node instanceof YamlNode.Scalar) && !node.isBlockCollection();
    }

    BlockText block() {
        return new BlockText(
                source.lineBreak(),
                listIndent == null ? 0 : listIndent,
                mapIndent == null ? BlockText.MAP_INDENT : mapIndent);
    }

    FlowText flow() {
        boolean json = !bareKeys;
        return new FlowText(json, json && dense != null && dense);
    }

    boolean aliases() {
        return aliases;
    }

    private void look(YamlNode node) {
        if (node instanceof YamlNode.Alias) {
            aliases = true;
        } else if (node instanceof YamlNode.Sequence sequence) {
            sequence.items().forEach(this::look);
        } else if (node instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                look(entry);
                look(entry.value());
            }
        }
    }

    private void look(YamlNode.Entry entry) {
        boolean quoted = entry.key() instanceof YamlNode.Scalar key && key.style() == ScalarStyle.DOUBLE_QUOTED;
        bareKeys |= !quoted;
        if (dense == null) {
            dense = source.at(entry.key().end()) == ':'
                    && !SourceText.isBlankOrBreak(source.at(entry.key().end() + 1));
        }
        if (listIndent == null && entry.value() instanceof YamlNode.Sequence list && list.isBlockCollection()) {
            listIndent = Math.max(0, list.span().column() - entry.key().span().column());
        }
        if (mapIndent == null && entry.value() instanceof YamlNode.Mapping map && map.isBlockCollection()) {
            mapIndent = Math.max(1, map.span().column() - entry.key().span().column());
        }
    }

    /**
     * Writes values in block style. Texts begin without indentation and end without a line break: the caller adds both.
     *
     * @param listIndent how much deeper than its key the author indents a list; 0 for kubectl
     * @param mapIndent how much deeper than its key the author indents a map
     */
    record BlockText(String lineBreak, int listIndent, int mapIndent) {
        static final int MAP_INDENT = 2;

        /** Parsers look for a key's colon in the first 1024 characters only. This leaves room for escapes. */
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

        /** Writes a value whose first character will stand at the column. */
        String value(JsonNode value, int column) {
            if (isInline(value)) {
                return inline(value);
            }
            StringJoiner parts = new StringJoiner(newLine(column));
            if (value.isArray()) {
                value.forEach(item -> parts.add(item(item, column)));
            } else {
                value.properties().forEach(field -> parts.add(entry(field.getKey(), field.getValue(), column)));
            }
            return parts.toString();
        }

        String item(JsonNode value, int column) {
            return "- " + value(value, column + 2);
        }

        String entry(String key, JsonNode value, int column) {
            String text = ScalarText.of(TextNode.valueOf(key), false);
            String start = text.length() > LONGEST_KEY ? "? " + text + newLine(column) : text;
            return start + ":" + afterColon(value, column);
        }

        /** The text after the colon of a key at the column: a space and the value, or the lines below. */
        String afterColon(JsonNode value, int column) {
            if (isInline(value)) {
                return " " + inline(value);
            }
            int below = column + (value.isArray() ? listIndent : mapIndent);
            return newLine(below) + value(value, below);
        }

        String newLine(int column) {
            return lineBreak + " ".repeat(column);
        }
    }

    /**
     * Writes values in flow style.
     *
     * @param json whether all texts are in double quotes
     * @param dense whether there are no spaces between tokens; only JSON allows that
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
}
