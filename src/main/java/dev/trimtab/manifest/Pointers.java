package dev.trimtab.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import java.util.EnumSet;

/** Reads and writes values of a JSON tree by RFC 6901 pointer. */
public final class Pointers {
    /**
     * No moves and copies: with them, zjsonpatch 7.6 makes patches that do not apply to maps with numeric keys. Labels
     * and annotations may have such keys.
     */
    private static final EnumSet<DiffFlags> PLAIN = DiffFlags.dontNormalizeOpIntoMoveAndCopy();

    private Pointers() {}

    /** The RFC 6902 operations that turn one document into the other. */
    public static ArrayNode diff(JsonNode before, JsonNode after) {
        return (ArrayNode) JsonDiff.asJson(before, after, PLAIN);
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
