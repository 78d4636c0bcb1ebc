package dev.trimtab.gitops;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Argo CD's default comparison for kinds that are not compiled into it (gitops-engine, diff.go: ThreeWayDiff; json.go:
 * RemoveMapFields): of what is live only that is looked at which was applied last, lists by index, and what a list has
 * beyond that stays in sight. From what is left to Git a JSON merge patch is made; it is out of sync if that patch would
 * change the live object.
 */
public final class ArgoDefaultDiff {
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
    private static final ObjectMapper JSON = new ObjectMapper();

    private ArgoDefaultDiff() {}

    /** Where Argo CD shows a difference; none where it says Synced. */
    public static List<String> of(ObjectNode git, ObjectNode live) {
        return of(git, live, List.of());
    }

    /** @param ignored {@code ignoreDifferences}, as JSON pointers: taken out of all that is compared */
    public static List<String> of(ObjectNode git, ObjectNode live, List<String> ignored) {
        ObjectNode config = normalized(git, ignored);
        ObjectNode before = normalized(live, ignored);
        JsonNode annotation = live.path("metadata").path("annotations").path(LAST_APPLIED);
        // Without the annotation (server-side apply), what Git has now counts as applied last.
        ObjectNode original = annotation.isTextual() ? normalized(parse(annotation.asText()), ignored) : config;
        ObjectNode patch = threeWayPatch(comparable(original), comparable(config), before);
        return Differences.between(before, merged(before, patch));
    }

    private static ObjectNode normalized(ObjectNode object, List<String> ignored) {
        ObjectNode copy = object.deepCopy();
        for (String pointer : ignored) {
            JsonPointer at = JsonPointer.compile(pointer);
            if (copy.at(at.head()) instanceof ObjectNode parent) {
                parent.remove(at.last().getMatchingProperty());
            }
        }
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("creationTimestamp");
        }
        return copy;
    }

    /** removeNamespaceAnnotation: the live object has a namespace, Git need not. */
    private static ObjectNode comparable(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("namespace");
            if (metadata.path("annotations").isEmpty()) {
                metadata.remove("annotations");
            }
        }
        return copy;
    }

    /** jsonmergepatch.CreateThreeWayJSONMergePatch, of the live object without what was not applied. */
    private static ObjectNode threeWayPatch(ObjectNode original, ObjectNode config, ObjectNode live) {
        ObjectNode addedAndChanged = withNulls(patch(withoutOthers(original, live), config), false);
        ObjectNode deleted = withNulls(patch(original, config), true);
        return mergedPatches(deleted, addedAndChanged);
    }

    /** RemoveMapFields. */
    private static ObjectNode withoutOthers(ObjectNode applied, ObjectNode live) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        applied.properties().forEach(field -> {
            JsonNode value = live.get(field.getKey());
            if (value != null) {
                result.set(field.getKey(), withoutOthers(field.getValue(), value));
            }
        });
        return result;
    }

    private static JsonNode withoutOthers(JsonNode applied, JsonNode live) {
        if (applied instanceof ObjectNode map && live instanceof ObjectNode liveMap) {
            return withoutOthers(map, liveMap);
        }
        if (!applied.isArray() || !live.isArray()) {
            return live;
        }
        ArrayNode result = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < live.size(); i++) {
            result.add(i < applied.size() ? withoutOthers(applied.get(i), live.get(i)) : live.get(i));
        }
        return result;
    }

    /** jsonpatch.CreateMergePatch: maps by key, a list that differs as a whole, null for what goes. */
    private static ObjectNode patch(ObjectNode from, ObjectNode to) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        to.properties().forEach(field -> {
            JsonNode is = from.get(field.getKey());
            JsonNode wanted = field.getValue();
            if (is instanceof ObjectNode isMap && wanted instanceof ObjectNode wantedMap) {
                ObjectNode below = patch(isMap, wantedMap);
                if (!below.isEmpty()) {
                    patch.set(field.getKey(), below);
                }
            } else if (is == null || !Differences.between(is, wanted).isEmpty()) {
                patch.set(field.getKey(), wanted);
            }
        });
        from.fieldNames().forEachRemaining(name -> {
            if (!to.has(name)) {
                patch.putNull(name);
            }
        });
        return patch;
    }

    /** keepOrDeleteNullInObj: of a patch only what deletes, or only what does not. */
    private static ObjectNode withNulls(ObjectNode patch, boolean wanted) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        patch.properties().forEach(field -> {
            if (field.getValue() instanceof ObjectNode map) {
                ObjectNode below = withNulls(map, wanted);
                // An empty map that Git has is a value like any other.
                if (!below.isEmpty() || (map.isEmpty() && !wanted)) {
                    result.set(field.getKey(), below);
                }
            } else if (field.getValue().isNull() == wanted) {
                result.set(field.getKey(), field.getValue());
            }
        });
        return result;
    }

    private static ObjectNode mergedPatches(ObjectNode first, ObjectNode second) {
        ObjectNode result = first.deepCopy();
        second.properties().forEach(field -> {
            boolean both = result.get(field.getKey()) instanceof ObjectNode && field.getValue() instanceof ObjectNode;
            result.set(
                    field.getKey(),
                    both
                            ? mergedPatches((ObjectNode) result.get(field.getKey()), (ObjectNode) field.getValue())
                            : field.getValue());
        });
        return result;
    }

    /** RFC 7386. */
    private static ObjectNode merged(ObjectNode object, ObjectNode patch) {
        ObjectNode result = object.deepCopy();
        patch.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                result.remove(field.getKey());
            } else if (value instanceof ObjectNode map) {
                ObjectNode below = result.get(field.getKey()) instanceof ObjectNode is
                        ? is
                        : JsonNodeFactory.instance.objectNode();
                result.set(field.getKey(), merged(below, map));
            } else {
                result.set(field.getKey(), value);
            }
        });
        return result;
    }

    private static ObjectNode parse(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
