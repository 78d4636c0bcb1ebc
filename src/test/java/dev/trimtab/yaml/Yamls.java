package dev.trimtab.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Short ways to documents and trees for the tests of this package. */
final class Yamls {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Yamls() {}

    static YamlDocument document(String text) {
        List<YamlDocument> documents = YamlStream.read(text);
        if (documents.size() != 1) {
            throw new AssertionError("one document expected, got " + documents.size());
        }
        return documents.get(0);
    }

    static JsonNode content(String text) {
        return document(text).content();
    }

    /** JSON with single quotes. */
    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** The content with the value set at a pointer, whose parents are created; an index past the end appends. */
    static JsonNode with(JsonNode content, String pointer, JsonNode value) {
        ObjectNode holder = (ObjectNode) json("{}");
        holder.set("root", content.deepCopy());
        Pointers.set(holder, "/root" + pointer, value);
        return holder.get("root");
    }

    static JsonNode without(JsonNode content, String pointer) {
        JsonNode copy = content.deepCopy();
        Pointers.remove(copy, pointer);
        return copy;
    }

    static String set(String text, String pointer, String value) {
        YamlDocument document = document(text);
        return YamlEdit.apply(document, with(document.content(), pointer, json(value)));
    }

    static String remove(String text, String pointer) {
        YamlDocument document = document(text);
        return YamlEdit.apply(document, without(document.content(), pointer));
    }
}
