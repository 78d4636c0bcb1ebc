package dev.trimtab.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Changes of a tree at a JSON pointer. */
final class Pointers {
    private Pointers() {}

    /** An index in a list that starts with {@code +} inserts before it. */
    static void set(JsonNode tree, String pointer, JsonNode value) {
        JsonPointer path = JsonPointer.compile(pointer);
        JsonNode parent = tree;
        for (JsonPointer at = path; !at.tail().matches(); at = at.tail()) {
            JsonNode child = step(parent, at.getMatchingProperty());
            if (child == null || child.isNull()) {
                child = ((ObjectNode) parent).putObject(at.getMatchingProperty());
            }
            parent = child;
        }
        String last = path.last().getMatchingProperty();
        if (parent instanceof ObjectNode object) {
            object.set(last, value);
        } else if (last.startsWith("+")) {
            ((ArrayNode) parent).insert(Integer.parseInt(last.substring(1)), value);
        } else {
            ((ArrayNode) parent).set(Integer.parseInt(last), value);
        }
    }

    static void remove(JsonNode tree, String pointer) {
        JsonPointer path = JsonPointer.compile(pointer);
        JsonNode parent = tree.at(path.head());
        String last = path.last().getMatchingProperty();
        if (parent instanceof ObjectNode object) {
            object.remove(last);
        } else {
            ((ArrayNode) parent).remove(Integer.parseInt(last));
        }
    }

    private static JsonNode step(JsonNode parent, String name) {
        return parent.isArray() ? parent.get(Integer.parseInt(name)) : parent.get(name);
    }
}
