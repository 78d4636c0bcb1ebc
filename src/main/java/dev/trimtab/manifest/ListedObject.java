package dev.trimtab.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * An object of a document: the document itself, or an item of a list.
 *
 * <p>As for kubectl 1.32 (apimachinery, unstructured/helpers.go), a list is an object of any kind whose {@code items} are
 * one, and an item with neither kind nor apiVersion has those of the list: a ServiceList of the API server has such
 * items. A list may be in a list. kubectl refuses that, but kustomize takes it apart, and so do the tools that use
 * kustomize.
 *
 * @param at its place in the document
 * @param manifest with the kind and apiVersion of the list if it has none
 * @param hasOwnKind false if kind and apiVersion are the list's
 */
public record ListedObject(JsonPointer at, Manifest manifest, boolean hasOwnKind) {
    private static final String ITEMS = "items";
    private static final String KIND = "kind";
    private static final String API_VERSION = "apiVersion";

    /** Lists the objects of a document in their order. Skips list items that are no objects. */
    public static List<ListedObject> of(JsonNode document) {
        List<ListedObject> objects = new ArrayList<>();
        if (document instanceof ObjectNode root) {
            add(new ListedObject(JsonPointer.empty(), new Manifest(root), true), objects);
        }
        return objects;
    }

    private static void add(ListedObject object, List<ListedObject> objects) {
        JsonNode items = object.manifest.root().path(ITEMS);
        if (object.manifest.kindName().isEmpty() || !items.isArray()) {
            objects.add(object);
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof ObjectNode item) {
                JsonPointer at = object.at.appendProperty(ITEMS).appendIndex(i);
                add(object.item(at, item), objects);
            }
        }
    }

    private ListedObject item(JsonPointer at, ObjectNode item) {
        Manifest own = new Manifest(item);
        if (!own.kindName().isEmpty() || !own.apiVersion().isEmpty()) {
            return new ListedObject(at, own, true);
        }
        ObjectNode named = item.deepCopy();
        named.put(API_VERSION, manifest.apiVersion());
        named.put(KIND, manifest.kindName().replaceFirst("List$", ""));
        return new ListedObject(at, new Manifest(named), false);
    }

    /**
     * The document with another content of this object. A kind and apiVersion that are the list's are not written.
     *
     * @param document is changed if the object is an item
     */
    public JsonNode replaceIn(JsonNode document, ObjectNode content) {
        if (at.matches()) {
            return content;
        }
        ObjectNode item = content;
        if (!hasOwnKind) {
            item = content.deepCopy();
            item.remove(List.of(API_VERSION, KIND));
        }
        Pointers.set((ObjectNode) document, at, item);
        return document;
    }
}
