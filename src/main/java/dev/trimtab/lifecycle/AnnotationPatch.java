package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * JSON Patches that set and remove annotations. They fail if the object has changed since it was read. A server-side
 * apply would replace maps and lists of an InferenceService as a whole.
 */
public final class AnnotationPatch {
    private AnnotationPatch() {}

    public static ArrayNode set(Manifest object, String key, String value) {
        return change(object, Map.of(key, value), List.of());
    }

    /**
     * All in one patch, so the object never has one without the other. Keys to remove that the object does not have are
     * left out: the API server would refuse the whole patch.
     */
    public static ArrayNode change(Manifest object, Map<String, String> set, Collection<String> remove) {
        ArrayNode patch = onlyIfUnchanged(object);
        JsonNode annotations = object.annotations().map();
        if (!annotations.isObject() && !set.isEmpty()) {
            patch.addObject()
                    .put("op", "add")
                    .put("path", "/metadata/annotations")
                    .putObject("value");
        }
        new TreeMap<>(set).forEach((key, value) -> patch.addObject()
                .put("op", "add")
                .put("path", path(key))
                .put("value", value));
        new TreeSet<>(remove)
                .stream()
                        .filter(key -> annotations.has(key) && !set.containsKey(key))
                        .forEach(key -> patch.addObject().put("op", "remove").put("path", path(key)));
        return patch;
    }

    /** A patch that changes nothing. It fails if the object was written since it was read. */
    public static ArrayNode onlyIfUnchanged(Manifest object) {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject()
                .put("op", "test")
                .put("path", "/metadata/resourceVersion")
                .set("value", object.root().at("/metadata/resourceVersion"));
        return patch;
    }

    private static String path(String key) {
        return Pointers.of("metadata", "annotations", key).toString();
    }
}
