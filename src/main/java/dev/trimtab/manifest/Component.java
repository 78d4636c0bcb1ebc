package dev.trimtab.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A part of an InferenceService with pods of its own: predictor, transformer or explainer. An InferenceGraph is one
 * component as a whole.
 *
 * @param name KServe's name; {@code graph} for an InferenceGraph
 * @param at its place in the document
 * @param object the whole document
 */
public record Component(String name, JsonPointer at, ObjectNode object) {
    private static final String PREDICTOR = "predictor";
    private static final String CANARY = "canary";
    private static final JsonPointer SPEC = Pointers.of("spec");
    private static final Map<String, JsonPointer> PLACES = places(PREDICTOR, "transformer", "explainer");

    public static List<Component> of(ObjectNode object) {
        if (new Manifest(object).kind() == Kind.INFERENCE_GRAPH) {
            return object.at(SPEC).isObject() ? List.of(new Component("graph", SPEC, object)) : List.of();
        }
        JsonNode spec = object.at(SPEC);
        List<Component> components = new ArrayList<>();
        PLACES.forEach((name, at) -> {
            if (spec.path(name).isObject()) {
                components.add(new Component(name, at, object));
            }
        });
        return components;
    }

    /**
     * The predictors of {@code spec.canary}, which KServe 0.20 runs beside the predictor in Standard mode. Their names
     * are {@code canary[0]} and so on. {@link #of} leaves them out: they follow the predictor.
     */
    public static List<Component> canaries(ObjectNode object) {
        JsonNode list = object.at(SPEC).path(CANARY);
        List<Component> canaries = new ArrayList<>();
        for (int i = 0; list.isArray() && i < list.size(); i++) {
            JsonPointer at = SPEC.appendProperty(CANARY).appendIndex(i).appendProperty(PREDICTOR);
            if (object.at(at).isObject()) {
                canaries.add(new Component(CANARY + "[" + i + "]", at, object));
            }
        }
        return canaries;
    }

    public static Optional<Component> find(ObjectNode object, String name) {
        return Stream.concat(of(object).stream(), canaries(object).stream())
                .filter(it -> it.name.equals(name))
                .findFirst();
    }

    private static Map<String, JsonPointer> places(String... names) {
        Map<String, JsonPointer> places = new LinkedHashMap<>();
        for (String name : names) {
            places.put(name, SPEC.appendProperty(name));
        }
        return places;
    }

    public JsonNode node() {
        return object.at(at);
    }

    /** The object's annotations, overridden by the component's own, as KServe merges them. */
    public Annotations annotations() {
        ObjectNode merged = JsonNodeFactory.instance.objectNode();
        copy(new Manifest(object).annotations().map(), merged);
        if (!isGraph()) {
            copy(ownAnnotations(), merged);
        }
        return new Annotations(merged);
    }

    public JsonNode ownAnnotations() {
        return isGraph() ? MissingNode.getInstance() : node().path("annotations");
    }

    /** The labels that KServe puts on rendered objects: the object's, the component's own, and KServe's. */
    public Map<String, String> labels() {
        Manifest whole = new Manifest(object);
        Map<String, String> merged = new LinkedHashMap<>(whole.labels());
        if (isGraph()) {
            merged.put(KnativeService.INFERENCE_GRAPH_LABEL, whole.name());
        } else {
            merged.putAll(Manifest.strings(node().path("labels")));
            merged.put(KnativeService.INFERENCE_SERVICE_LABEL, whole.name());
            merged.put("component", name.startsWith(CANARY) ? PREDICTOR : name);
        }
        return merged;
    }

    public JsonPointer field(String name) {
        return at.appendProperty(name);
    }

    public boolean isGraph() {
        return at.equals(SPEC);
    }

    private static void copy(JsonNode from, ObjectNode to) {
        from.properties().forEach(entry -> to.set(entry.getKey(), entry.getValue()));
    }
}
