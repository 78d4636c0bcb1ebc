package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON Patches of an object's finalizers. They fail if the object has changed since it was read.
 *
 * @param finalizers those that the object has
 */
public record FinalizerPatch(List<String> finalizers, String resourceVersion) {
    public FinalizerPatch {
        finalizers = List.copyOf(finalizers);
    }

    public static FinalizerPatch of(Manifest object) {
        List<String> names = new ArrayList<>();
        for (JsonNode name : object.metadata().path("finalizers")) {
            names.add(name.asText());
        }
        return new FinalizerPatch(
                names, object.metadata().path("resourceVersion").asText(""));
    }

    public boolean has(String name) {
        return finalizers.contains(name);
    }

    public ArrayNode add(String name) {
        ArrayNode patch = onlyIfUnchanged();
        ObjectNode add = patch.addObject().put("op", "add");
        if (finalizers.isEmpty()) {
            add.put("path", "/metadata/finalizers").putArray("value").add(name);
        } else {
            add.put("path", "/metadata/finalizers/-").put("value", name);
        }
        return patch;
    }

    public ArrayNode remove(String name) {
        ArrayNode patch = onlyIfUnchanged();
        patch.addObject().put("op", "remove").put("path", "/metadata/finalizers/" + finalizers.indexOf(name));
        return patch;
    }

    private ArrayNode onlyIfUnchanged() {
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject()
                .put("op", "test")
                .put("path", "/metadata/resourceVersion")
                .put("value", resourceVersion);
        return patch;
    }
}
