package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.yaml.AuthorStyle.BlockText;
import java.util.List;
import java.util.Optional;

/**
 * Changes a document only where its content changes. Comments, order, quotes, indentation, blank lines and line breaks
 * stay as the author wrote them.
 *
 * <p>Each edit is read again and compared with the wanted content. If it differs, the smallest container around the
 * change is written anew, at worst the whole document.
 */
public final class YamlEdit {
    /** Each round does at least one operation. Only documents with many aliases need many rounds. */
    private static final int ROUNDS = 1000;

    private YamlEdit() {}

    /**
     * The document's text with the content {@code after}. The same text if the content does not change.
     *
     * @throws IllegalArgumentException if {@code after} holds an infinite number, which JSON cannot express
     */
    public static String apply(YamlDocument document, JsonNode after) {
        if (Trees.same(document.content(), after)) {
            return document.text();
        }
        if (hasNoValue(document.root())) {
            return append(document, after).orElseGet(() -> anew(document, after));
        }
        for (int limit = Trees.depth(document.content()) + 1; limit >= 0; limit--) {
            Optional<String> edited = apply(document, after, limit);
            if (edited.isPresent()) {
                return edited.get();
            }
        }
        return anew(document, after);
    }

    /** Empty if the edit fails. {@code limit} is the depth from which containers are written anew. */
    static Optional<String> apply(YamlDocument document, JsonNode after, int limit) {
        Optional<YamlDocument> current = Optional.of(document);
        for (int round = 0; round < ROUNDS && current.isPresent(); round++) {
            YamlDocument edited = current.get();
            if (Trees.same(edited.content(), after)) {
                return Optional.of(edited.text());
            }
            current = new PatchEdit(edited, limit).apply(patch(edited.content(), after));
        }
        return Optional.empty();
    }

    /** Compares a Kubernetes List item by item, also a List in it: the diff of whole lists takes quadratic time. */
    private static ArrayNode patch(JsonNode before, JsonNode after) {
        JsonNode items = before.path("items");
        if (!items.isArray()
                || items.isEmpty()
                || items.size() != after.path("items").size()) {
            return Pointers.diff(before, after);
        }
        ArrayNode patch = Pointers.diff(withoutItems(before), withoutItems(after));
        for (int i = 0; i < items.size(); i++) {
            for (JsonNode operation : patch(items.get(i), after.get("items").get(i))) {
                String path = "/items/" + i + operation.get("path").asText();
                patch.add(((ObjectNode) operation).put("path", path));
            }
        }
        return patch;
    }

    private static JsonNode withoutItems(JsonNode list) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        rest.setAll((ObjectNode) list);
        rest.remove("items");
        return rest;
    }

    private static boolean hasNoValue(YamlNode root) {
        return root == null || root.start() == root.end();
    }

    /** Adds content to a document that has only comments and markers: below them, but above an end marker. */
    private static Optional<String> append(YamlDocument document, JsonNode after) {
        String text = document.text();
        SourceText source = new SourceText(text);
        int lastLine = source.lineStart(text.stripTrailing().length());
        int at = text.startsWith("...", lastLine) ? lastLine : text.length();
        String above = text.substring(0, at);
        boolean open = at > 0 && !SourceText.isBreak(text.charAt(at - 1));
        String edited = above + (open ? source.lineBreak() : "") + text(source, after) + text.substring(at);
        return Optional.of(edited).filter(candidate -> readsAs(candidate, after));
    }

    private static String anew(YamlDocument document, JsonNode after) {
        SourceText source = new SourceText(document.text());
        String marker = document.text().startsWith("---") ? "---" + source.lineBreak() : "";
        return marker + text(source, after);
    }

    private static String text(SourceText source, JsonNode after) {
        return new BlockText(source.lineBreak(), 0, BlockText.MAP_INDENT).value(after, 0) + source.lineBreak();
    }

    private static boolean readsAs(String text, JsonNode after) {
        return read(text).filter(it -> Trees.same(it.content(), after)).isPresent();
    }

    static Optional<YamlDocument> read(String text) {
        try {
            List<YamlDocument> read = YamlStream.read(text);
            return read.size() == 1 ? Optional.of(read.get(0)) : Optional.empty();
        } catch (YamlProblem e) {
            return Optional.empty();
        }
    }
}
