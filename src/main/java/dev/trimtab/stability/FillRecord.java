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
import dev.trimtab.manifest.Quantities;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The fields of an object that are Trimtab's. Annotation {@code trimtab.dev/filled} on the object holds them as compact
 * JSON {@code {"filled": {pointer: value}, "clamped": {pointer: [author's value, ours]}}}. It is never in the template:
 * KServe neither compares nor strips the metadata of a Service.
 *
 * @param clamped by pointer; a place in both maps was filled, and moved later
 */
public record FillRecord(Map<JsonPointer, JsonNode> filled, Map<JsonPointer, Clamp> clamped) {
    public static final String ANNOTATION = "trimtab.dev/filled";

    /** Annotation of an object that has left Trimtab. {@code trimtab leave} moves the record here. */
    public static final String LEFT = "trimtab.dev/left";

    public static final FillRecord EMPTY = new FillRecord(Map.of(), Map.of());

    private static final JsonPointer PLACE = Pointers.of("metadata", "annotations", ANNOTATION);
    private static final ObjectMapper JSON = new ObjectMapper();

    public record Clamp(JsonNode author, JsonNode ours) {}

    public FillRecord {
        filled = sorted(filled);
        clamped = sorted(clamped);
    }

    /** Sorted, so that equal records have equal texts on each replica and each pass. */
    private static <V> Map<JsonPointer, V> sorted(Map<JsonPointer, V> entries) {
        Map<JsonPointer, V> sorted = new TreeMap<>(Comparator.comparing(JsonPointer::toString));
        sorted.putAll(entries);
        return Collections.unmodifiableMap(sorted);
    }

    /** Empty if the object has no record, or if the record does not parse. */
    public static FillRecord of(ObjectNode object) {
        return read(object, ANNOTATION);
    }

    /** Whether two objects have the same text, which need not be parsed twice. */
    static boolean isSameText(ObjectNode one, ObjectNode other) {
        return one.at(PLACE).equals(other.at(PLACE));
    }

    /** The record that {@code trimtab leave} moved away. */
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

    FillRecord within(ObjectNode object) {
        Map<JsonPointer, JsonNode> still = new HashMap<>(filled);
        still.entrySet().removeIf(it -> !isStill(it.getValue(), object.at(it.getKey()), it.getKey()));
        Map<JsonPointer, Clamp> clamps = new HashMap<>(clamped);
        clamps.entrySet().removeIf(it -> !it.getValue().ours().equals(object.at(it.getKey())));
        return new FillRecord(still, clamps);
    }

    FillRecord without(JsonPointer at) {
        Map<JsonPointer, JsonNode> others = new HashMap<>(filled);
        others.remove(at);
        return new FillRecord(others, clamped);
    }

    void takeOut(ObjectNode document) {
        takeOutFilled(document, at -> true);
        takeBackClamped(document);
    }

    void takeBackClamped(ObjectNode document) {
        clamped.forEach((at, clamp) -> {
            if (clamp.ours().equals(document.at(at))) {
                Pointers.set(document, at, clamp.author());
            }
        });
    }

    void takeOutFilled(ObjectNode document, Predicate<JsonPointer> places) {
        filled.entrySet().stream()
                .filter(it -> places.test(it.getKey()) && isStill(it.getValue(), document.at(it.getKey()), it.getKey()))
                .map(Map.Entry::getKey)
                // From the end of each list: a removed entry moves those behind it.
                .sorted(Comparator.comparing(at -> -at.last().getMatchingIndex()))
                .toList()
                .forEach(at -> Pointers.remove(document, at));
    }

    /** Whether the value is still the same. Knative turns a number that is a quantity into a text. */
    static boolean isStill(JsonNode value, JsonNode now, JsonPointer at) {
        return value.equals(now) || (Quantities.standAt(at) && Quantities.same(value, now));
    }

    /** Whether a fill was moved later, because the cluster made its value illegal. */
    boolean wasMoved(JsonPointer at) {
        return filled.containsKey(at) && clamped.containsKey(at);
    }

    boolean isEmpty() {
        return filled.isEmpty() && clamped.isEmpty();
    }

    void writeTo(ObjectNode object) {
        if (!isEmpty()) {
            Pointers.set(object, PLACE, TextNode.valueOf(toJson().toString()));
        } else if (!object.at(PLACE).isMissingNode()) {
            Pointers.remove(object, PLACE);
        }
    }

    /** Writes this record, with the stored text if that means the same. */
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

    /** Sorts the keys, since the API server returns them in another order. */
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
