package dev.trimtab.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import java.util.EnumSet;
import java.util.Map;

/** Reads and writes values of a JSON tree by RFC 6901 pointer. */
public final class Pointers {
    /**
     * No moves and copies: with them, zjsonpatch 7.6 makes patches that do not apply to maps with numeric keys. Labels
     * and annotations may have such keys.
     */
    private static final EnumSet<DiffFlags> PLAIN = DiffFlags.dontNormalizeOpIntoMoveAndCopy();

    private Pointers() {}

    /**
     * The RFC 6902 operations that turn one document into the other.
     *
     * <p>Maps, and lists that keep their items, are compared here: a review changes little of a document. Other lists go
     * to the library, which finds what moved.
     */
    public static ArrayNode diff(JsonNode before, JsonNode after) {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        diff("", before, after, patch);
        return patch;
    }

    private static void diff(String at, JsonNode before, JsonNode after, ArrayNode patch) {
        if (before.isObject() && after.isObject()) {
            diffOfMaps(at, before, after, patch);
        } else if (before.isArray() && after.isArray() && keepsItems(before, after)) {
            for (int i = 0; i < after.size(); i++) {
                if (i >= before.size()) {
                    operation("add", at + "/" + i, patch).set("value", after.get(i));
                } else {
                    diff(at + "/" + i, before.get(i), after.get(i), patch);
                }
            }
        } else if (before.isArray() && after.isArray()) {
            for (JsonNode operation : JsonDiff.asJson(before, after, PLAIN)) {
                ((ObjectNode) operation).put("path", at + operation.path("path").textValue());
                patch.add(operation);
            }
        } else if (!before.equals(after)) {
            operation("replace", at, patch).set("value", after);
        }
    }

    private static void diffOfMaps(String at, JsonNode before, JsonNode after, ArrayNode patch) {
        for (Map.Entry<String, JsonNode> field : before.properties()) {
            JsonNode now = after.get(field.getKey());
            if (now == null) {
                // The value is for explain; RFC 6902 lets it be.
                operation("remove", place(at, field.getKey()), patch).set("value", field.getValue());
            } else if (now.isContainerNode() || !field.getValue().equals(now)) {
                diff(place(at, field.getKey()), field.getValue(), now, patch);
            }
        }
        for (Map.Entry<String, JsonNode> field : after.properties()) {
            if (!before.has(field.getKey())) {
                operation("add", place(at, field.getKey()), patch).set("value", field.getValue());
            }
        }
    }

    /** Whether no item was taken out or moved: each is equal, or a map that may have changed; others come behind. */
    private static boolean keepsItems(JsonNode before, JsonNode after) {
        boolean grew = after.size() > before.size();
        for (int i = 0; i < before.size(); i++) {
            boolean maps = !grew && before.get(i).isObject() && after.path(i).isObject();
            if (!maps && !before.get(i).equals(after.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static String place(String at, String name) {
        return at + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    private static ObjectNode operation(String operation, String at, ArrayNode patch) {
        return patch.addObject().put("op", operation).put("path", at);
    }

    /** The pointer of nested property names: {@code of("metadata", "a/b")} is {@code /metadata/a~1b}. */
    public static JsonPointer of(String... names) {
        JsonPointer pointer = JsonPointer.empty();
        for (String name : names) {
            pointer = pointer.appendProperty(name);
        }
        return pointer;
    }

    /**
     * Whether a value is missing, {@code null}, an empty map or an empty list. The API server and Knative drop and add
     * such values, so they do not show what the author meant.
     */
    public static boolean isAbsent(JsonNode node) {
        return node == null || node.isMissingNode() || node.isNull() || (node.isContainerNode() && node.isEmpty());
    }

    /**
     * Writes a value and creates the maps above it if they are missing or {@code null}.
     *
     * <p>The index after the last item of an existing list appends to the list.
     *
     * @return false, with nothing written, if a parent is neither a map nor a long enough list, or if the pointer is
     *     empty. Knative refuses such a document
     */
    public static boolean set(ObjectNode root, JsonPointer pointer, JsonNode value) {
        if (pointer.matches() || !canHold(root, pointer)) {
            return false;
        }
        JsonNode parent = root;
        for (JsonPointer rest = pointer; !rest.tail().matches(); rest = rest.tail()) {
            JsonNode child = child(parent, rest);
            if (child.isMissingNode() || child.isNull()) {
                child = ((ObjectNode) parent).putObject(rest.getMatchingProperty());
            }
            parent = child;
        }
        if (parent instanceof ArrayNode list) {
            int index = pointer.last().getMatchingIndex();
            if (index == list.size()) {
                list.add(value);
            } else {
                list.set(index, value);
            }
        } else {
            ((ObjectNode) parent).set(pointer.last().getMatchingProperty(), value);
        }
        return true;
    }

    /** Removes a value from a map or a list. The parents stay, even if they are empty. */
    public static void remove(ObjectNode root, JsonPointer pointer) {
        if (pointer.matches()) {
            return;
        }
        JsonNode parent = root.at(pointer.head());
        if (parent instanceof ObjectNode map) {
            map.remove(pointer.last().getMatchingProperty());
        } else if (parent instanceof ArrayNode list && pointer.last().mayMatchElement()) {
            list.remove(pointer.last().getMatchingIndex());
        }
    }

    private static boolean canHold(JsonNode root, JsonPointer pointer) {
        JsonNode parent = root;
        for (JsonPointer rest = pointer; !rest.tail().matches(); rest = rest.tail()) {
            JsonNode child = child(parent, rest);
            boolean missing = child.isMissingNode() || child.isNull();
            if (missing) {
                return parent.isObject();
            }
            if (!child.isContainerNode()) {
                return false;
            }
            parent = child;
        }
        int index = pointer.last().getMatchingIndex();
        return parent.isObject() || (parent.isArray() && index >= 0 && index <= parent.size());
    }

    private static JsonNode child(JsonNode parent, JsonPointer rest) {
        return parent.isArray() ? parent.path(rest.getMatchingIndex()) : parent.path(rest.getMatchingProperty());
    }
}
