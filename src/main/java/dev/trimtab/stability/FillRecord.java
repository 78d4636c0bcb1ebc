package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which fields of an object are Trimtab's: annotation {@code trimtab.dev/filled} on the object itself, as compact JSON
 * {@code {"filled": {pointer: value}, "clamped": {pointer: [author's value, ours]}}}. On a Knative Service it stands on
 * the Service's metadata, which KServe neither compares nor strips, never in the template.
 *
 * @param filled our value by pointer
 * @param clamped what the author wrote and what we made of it, by pointer; a place that is in both was filled with what
 *     its author may have written too, and moved since
 */
public record FillRecord(Map<JsonPointer, JsonNode> filled, Map<JsonPointer, Clamp> clamped) {
    public static final String ANNOTATION = "trimtab.dev/filled";

    /** On an object that Trimtab has let go of; {@code trimtab leave} moves the record here. */
    public static final String LEFT = "trimtab.dev/left";

    public static final FillRecord EMPTY = new FillRecord(Map.of(), Map.of());

    private static final JsonPointer PLACE = Pointers.of("metadata", "annotations", ANNOTATION);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** An author's value and the one that stands instead. */
    public record Clamp(JsonNode author, JsonNode ours) {}

    public FillRecord {
        filled = sorted(filled);
        clamped = sorted(clamped);
    }

    /** Sorted, so that the same record is the same text on each replica and each pass. */
    private static <V> Map<JsonPointer, V> sorted(Map<JsonPointer, V> entries) {
        Map<JsonPointer, V> sorted = new TreeMap<>(Comparator.comparing(JsonPointer::toString));
        sorted.putAll(entries);
        return Collections.unmodifiableMap(sorted);
    }

    /** The record that an object carries; empty where it has none, or one that somebody broke. */
    public static FillRecord of(ObjectNode object) {
        return read(object, ANNOTATION);
    }

    /** What was recorded until Trimtab let go of an object; empty where a person wrote something else there. */
    static FillRecord ofLeft(ObjectNode object) {
        return read(object, LEFT);
    }

    private static FillRecord read(ObjectNode object, String annotation) {
        String text = new Manifest(object).annotations().text(annotation).orElse("");
        if (text.isEmpty()) {
            return EMPTY;
        }
        try {
            return parse(JSON.readTree(text));
        } catch (JsonProcessingException | IllegalArgumentException broken) {
            // A record that cannot be read records nothing: the stored fields then count as the author's.
            return EMPTY;
        }
    }

    private static FillRecord parse(JsonNode json) {
        Map<JsonPointer, JsonNode> filled = new HashMap<>();
        json.path("filled").properties().stream()
                // The document itself is never ours.
                .filter(entry -> !entry.getKey().isEmpty())
                .forEach(entry -> filled.put(JsonPointer.compile(entry.getKey()), entry.getValue()));
        Map<JsonPointer, Clamp> clamped = new HashMap<>();
        json.path("clamped").properties().forEach(entry -> {
            JsonNode pair = entry.getValue();
            if (pair.isArray() && pair.size() == 2) {
                clamped.put(JsonPointer.compile(entry.getKey()), new Clamp(pair.get(0), pair.get(1)));
            }
        });
        return new FillRecord(filled, clamped);
    }

    /** Whether a value is a fill that was moved since, because the cluster made it illegal. */
    boolean isBoth(JsonPointer at) {
        return filled.containsKey(at) && clamped.containsKey(at);
    }

    boolean isEmpty() {
        return filled.isEmpty() && clamped.isEmpty();
    }

    /** Puts the record on an object, or takes the annotation off where there is nothing to record. */
    void writeTo(ObjectNode object) {
        if (!isEmpty()) {
            Pointers.set(object, PLACE, TextNode.valueOf(toJson().toString()));
        } else if (!object.at(PLACE).isMissingNode()) {
            Pointers.remove(object, PLACE);
        }
    }

    /** Puts this record on an object: to the letter as it is stored, where that says the same. */
    void writeAsStored(ObjectNode stored, ObjectNode to) {
        if (equals(of(stored))) {
            copy(stored, to);
        } else {
            writeTo(to);
        }
    }

    private static void copy(ObjectNode from, ObjectNode to) {
        JsonNode text = from.at(PLACE);
        if (!text.isMissingNode()) {
            Pointers.set(to, PLACE, text);
        } else if (!to.at(PLACE).isMissingNode()) {
            Pointers.remove(to, PLACE);
        }
    }

    private ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (!filled.isEmpty()) {
            ObjectNode values = json.putObject("filled");
            filled.forEach((at, value) -> values.set(at.toString(), inOrder(value)));
        }
        if (!clamped.isEmpty()) {
            ObjectNode pairs = json.putObject("clamped");
            clamped.forEach((at, clamp) ->
                    pairs.putArray(at.toString()).add(clamp.author()).add(clamp.ours()));
        }
        return json;
    }

    /** With sorted keys: a value that the API server gave back has them in another order than one that was filled. */
    static JsonNode inOrder(JsonNode value) {
        if (value.isArray()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            value.forEach(entry -> list.add(inOrder(entry)));
            return list;
        }
        if (!value.isObject()) {
            return value;
        }
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        value.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> map.set(entry.getKey(), inOrder(entry.getValue())));
        return map;
    }
}
