package dev.trimtab.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Where two documents differ, as JSON pointers: a list of another length as a whole. */
final class Differences {
    private Differences() {}

    static List<String> between(JsonNode one, JsonNode other) {
        List<String> found = new ArrayList<>();
        collect("", one, other, found);
        return found;
    }

    private static void collect(String at, JsonNode one, JsonNode other, List<String> found) {
        if (one.isObject() && other.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            one.fieldNames().forEachRemaining(names::add);
            other.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                String below = at + "/" + name.replace("~", "~0").replace("/", "~1");
                collect(below, orMissing(one.get(name)), orMissing(other.get(name)), found);
            }
        } else if (one.isArray() && one.size() == other.size() && other.isArray()) {
            for (int i = 0; i < one.size(); i++) {
                collect(at + "/" + i, one.get(i), other.get(i), found);
            }
        } else if (!same(one, other)) {
            found.add(at);
        }
    }

    /** Go reads every number as the same type. */
    private static boolean same(JsonNode one, JsonNode other) {
        return (one.isNumber() && other.isNumber())
                ? one.decimalValue().compareTo(other.decimalValue()) == 0
                : one.equals(other);
    }

    private static JsonNode orMissing(JsonNode node) {
        return node == null ? MissingNode.getInstance() : node;
    }
}
