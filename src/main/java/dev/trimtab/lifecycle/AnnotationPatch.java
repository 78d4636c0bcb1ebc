package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;

/**
 * JSON Patches that set or remove one annotation. They fail if the object has changed since it was read. A server-side
 * apply would replace maps and lists of an InferenceService as a whole.
 */
public final class AnnotationPatch {
    private AnnotationPatch() {}

    public static ArrayNode set(Manifest object, String key, String value) {
        ArrayNode patch = onlyIfUnchanged(object);
        if (!object.annotations().map().isObject()) {
            patch.addObject()
                    .put("op", "add")
                    .put("path", "/metadata/annotations")
                    .putObject("value");
        }
        patch.addObject().put("op", "add").put("path", path(key)).put("value", value);
        return patch;
    }

    static ArrayNode remove(Manifest object, String key) {
        ArrayNode patch = onlyIfUnchanged(object);
        patch.addObject().put("op", "remove").put("path", path(key));
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
