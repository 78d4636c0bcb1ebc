package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Trees, the many ways to write them, and changes of them: all from one seed. */
final class RandomYaml {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> TEXTS = List.of(
            "a",
            "0",
            "true",
            "yes",
            "null",
            "1e3",
            "0x1f",
            "12:30",
            "",
            " x",
            "x ",
            "a: b",
            "a #b",
            "a\nb\n",
            "~",
            "a\nb",
            "-",
            "- a",
            "--flag=x",
            "*",
            "&a",
            "!t",
            "{a}",
            "[b]",
            "a,b",
            "'q'",
            "\"q\"",
            "\\",
            "\t",
            "ü😀",
            "<<",
            "=",
            "2024-01-01",
            "500m",
            "1_0",
            "01",
            ".5",
            "?",
            "? a",
            "@x",
            "%x",
            "...",
            "---",
            "\u2028",
            "\u0007",
            "http://x/y?z#f");

    private final Random random;
    private final String lineBreak;

    RandomYaml(long seed) {
        this.random = new Random(seed);
        this.lineBreak = chance(5) ? "\r\n" : "\n";
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    ObjectNode tree() {
        ObjectNode tree = JSON.objectNode();
        fill(tree, 4);
        return tree;
    }

    private void fill(ObjectNode object, int depth) {
        int size = random.nextInt(5);
        for (int i = 0; i < size; i++) {
            object.set(chance(4) ? text() : "k" + random.nextInt(9), value(depth - 1));
        }
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private JsonNode value(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 5)) {
            case 0 -> JSON.numberNode(random.nextInt(2000) - 1000);
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2 -> chance(3) ? JSON.nullNode() : JSON.numberNode(random.nextInt(100) / 8.0);
            case 3, 4 -> JSON.textNode(text());
            case 5, 6 -> {
                ArrayNode array = JSON.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = JSON.objectNode();
                fill(object, depth);
                yield object;
            }
        };
    }

    /** One to three changes anywhere in the tree. */
    JsonNode changed(JsonNode tree) {
        ObjectNode holder = JSON.objectNode();
        holder.set("root", tree.deepCopy());
        for (int i = random.nextInt(3); i >= 0; i--) {
            List<JsonNode> containers = new ArrayList<>();
            collect(holder.get("root"), containers);
            change(containers.get(random.nextInt(containers.size())));
        }
        return holder.get("root");
    }

    /** One key more in some mapping. */
    JsonNode withNewKey(JsonNode tree) {
        JsonNode copy = tree.deepCopy();
        List<JsonNode> containers = new ArrayList<>();
        collect(copy, containers);
        containers.removeIf(JsonNode::isArray);
        ((ObjectNode) containers.get(random.nextInt(containers.size()))).set("added", value(2));
        return copy;
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private void change(JsonNode container) {
        int size = container.size();
        int at = size == 0 ? 0 : random.nextInt(size);
        if (container instanceof ArrayNode array) {
            if (size == 0 || chance(2)) {
                array.insert(random.nextInt(size + 1), value(2));
            } else if (chance(2)) {
                array.remove(at);
            } else {
                array.set(at, value(2));
            }
        } else if (container instanceof ObjectNode object) {
            if (size == 0 || chance(2)) {
                object.set(chance(3) ? text() : "new" + random.nextInt(99), value(2));
            } else {
                String key = new ArrayList<>(object.properties()).get(at).getKey();
                if (chance(2)) {
                    object.remove(key);
                } else {
                    object.set(key, value(2));
                }
            }
        }
    }

    /** The tree as some author may have written it. */
    String written(ObjectNode tree) {
        if (chance(4)) {
            String json = chance(2) ? tree.toString() : tree.toPrettyString() + lineBreak;
            return json.replace("\u2028", "\\u2028");
        }
        StringBuilder out = new StringBuilder(chance(3) ? "---" + lineBreak : "");
        if (tree.isEmpty()) {
            return out.append("{}").append(lineBreak).toString();
        }
        comment(out, 0);
        object(out, tree, 0);
        out.append(chance(4) ? "" : lineBreak);
        return out.toString();
    }

    private void comment(StringBuilder out, int indent) {
        if (chance(5)) {
            out.append(" ".repeat(indent)).append("# a: [b, 'c").append(lineBreak);
        }
        if (chance(8)) {
            out.append(lineBreak);
        }
    }

    private String endOfLine() {
        return chance(5) ? "  # it's: {one}" : "";
    }

    private void object(StringBuilder out, JsonNode object, int indent) {
        boolean first = true;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!first) {
                out.append(lineBreak);
                comment(out, indent);
                out.append(" ".repeat(indent));
            }
            first = false;
            out.append(scalar(JSON.textNode(field.getKey()), false)).append(':');
            JsonNode value = field.getValue();
            if (value.isContainerNode() && !value.isEmpty() && !chance(4)) {
                out.append(endOfLine()).append(lineBreak);
                int below = indent + (value.isArray() && chance(2) ? 0 : 2 + random.nextInt(3));
                comment(out, below);
                out.append(" ".repeat(below));
                block(out, value, below);
            } else {
                inline(out, value, indent, true);
            }
        }
    }

    private void block(StringBuilder out, JsonNode value, int indent) {
        if (value.isObject()) {
            object(out, value, indent);
            return;
        }
        for (int i = 0; i < value.size(); i++) {
            if (i > 0) {
                out.append(lineBreak);
                comment(out, indent);
                out.append(" ".repeat(indent));
            }
            JsonNode item = value.get(i);
            out.append('-');
            if (item.isContainerNode() && !item.isEmpty() && !chance(4)) {
                int blanks = 1 + random.nextInt(2);
                out.append(" ".repeat(blanks));
                block(out, item, indent + 1 + blanks);
            } else {
                inline(out, item, indent, true);
            }
        }
    }

    private void inline(StringBuilder out, JsonNode value, int indent, boolean literal) {
        if (value.isNull() && chance(2)) {
            out.append(endOfLine());
        } else if (literal && value.isTextual() && value.textValue().equals("a\nb\n") && chance(2)) {
            String below = lineBreak + " ".repeat(indent + 2);
            out.append(" |").append(below).append('a').append(below).append('b');
            out.append(chance(2) ? "" : lineBreak);
        } else {
            out.append(' ').append(flow(value)).append(endOfLine());
        }
    }

    private String flow(JsonNode value) {
        if (!value.isContainerNode()) {
            return scalar(value, true);
        }
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            parts.add(scalar(JSON.textNode(field.getKey()), true) + ": " + flow(field.getValue()));
        }
        if (value.isArray()) {
            value.forEach(item -> parts.add(flow(item)));
        }
        String blank = chance(2) ? " " : "";
        String body = blank + String.join(chance(2) ? ", " : " , ", parts) + blank;
        return value.isArray() ? "[" + body + "]" : "{" + body + "}";
    }

    private String scalar(JsonNode value, boolean inFlow) {
        boolean quotable = value.isTextual() && value.textValue().chars().allMatch(c -> c >= ' ' && c < 0x2000);
        if (quotable && chance(3)) {
            return "'" + value.textValue().replace("'", "''") + "'";
        }
        return value.isTextual() && chance(3) ? ScalarText.quoted(value.textValue()) : ScalarText.of(value, inFlow);
    }
}
