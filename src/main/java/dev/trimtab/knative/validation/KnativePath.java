package dev.trimtab.knative.validation;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds the places of Knative's problems, such as {@code spec.template.spec.containers[0].image}, in a document. */
public final class KnativePath {
    private KnativePath() {}

    /**
     * The deepest place of a path that is there: a field that is missing has none of its own. Keys of maps may have dots
     * themselves, and Knative writes them as they are.
     *
     * @param path without spaces, as in {@link FieldProblem#paths()}
     */
    public static JsonPointer deepest(JsonNode document, String path) {
        List<String> words = new ArrayList<>(Arrays.asList(path.split("[.\\[\\]]+")));
        JsonPointer at = JsonPointer.empty();
        JsonNode node = document;
        while (!words.isEmpty()) {
            int taken = longestKey(node, words);
            if (taken == 0) {
                return at;
            }
            String key = String.join(".", words.subList(0, taken));
            at = node.isArray() ? at.appendIndex(Integer.parseInt(key)) : at.appendProperty(key);
            node = node.isArray() ? node.get(Integer.parseInt(key)) : node.get(key);
            words.subList(0, taken).clear();
        }
        return at;
    }

    /** How many words make a key that is there. */
    private static int longestKey(JsonNode node, List<String> words) {
        if (node.isArray()) {
            String first = words.get(0);
            boolean index = first.matches("\\d{1,9}");
            return index && node.has(Integer.parseInt(first)) ? 1 : 0;
        }
        for (int count = words.size(); count > 0; count--) {
            if (node.has(String.join(".", words.subList(0, count)))) {
                return count;
            }
        }
        return 0;
    }
}
