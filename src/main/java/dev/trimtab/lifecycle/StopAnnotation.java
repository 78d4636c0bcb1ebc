package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;

/**
 * {@code serving.kserve.io/stop}, as KServe reads it (kserve 0.20, pkg/constants 121, utils.go 332-348): "true" in any
 * case stops, every other value runs.
 *
 * <p>The changes are JSON Patches that hold for the very version that was read: an InferenceService has maps and lists
 * that a server-side apply would replace as a whole.
 */
public final class StopAnnotation {
    public static final String KEY = Stoppable.GROUP + "/stop";

    private StopAnnotation() {}

    public static boolean isStopped(Manifest service) {
        return service.annotations().text(KEY).filter(StopAnnotation::stops).isPresent();
    }

    public static boolean stops(String value) {
        return value.equalsIgnoreCase("true");
    }

    /** What sets it. */
    public static ArrayNode set(Manifest service) {
        ArrayNode patch = onlyIfUnchanged(service);
        if (!service.annotations().map().isObject()) {
            patch.addObject()
                    .put("op", "add")
                    .put("path", "/metadata/annotations")
                    .putObject("value");
        }
        patch.addObject().put("op", "add").put("path", path()).put("value", "true");
        return patch;
    }

    /** What takes the key away. "false" would run too, but stay in the pods' template and differ from what Git has. */
    public static ArrayNode remove(Manifest service) {
        ArrayNode patch = onlyIfUnchanged(service);
        patch.addObject().put("op", "remove").put("path", path());
        return patch;
    }

    private static ArrayNode onlyIfUnchanged(Manifest service) {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject()
                .put("op", "test")
                .put("path", "/metadata/resourceVersion")
                .set("value", service.root().at("/metadata/resourceVersion"));
        return patch;
    }

    private static String path() {
        return Pointers.of("metadata", "annotations", KEY).toString();
    }
}
