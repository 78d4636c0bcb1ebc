package dev.trimtab.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How two sets of manifests differ. */
final class Differences {
    private Differences() {}

    /** One line for each object that is gone or new, and for each field that differs; in the order of the alphabet. */
    static List<String> between(Manifests before, Manifests after) {
        var olds = byId(before);
        var news = byId(after);
        return Stream.concat(olds.keySet().stream(), news.keySet().stream())
                .distinct()
                .flatMap(id -> {
                    if (!news.containsKey(id)) {
                        return Stream.of(id + ": gone");
                    }
                    if (!olds.containsKey(id)) {
                        return Stream.of(id + ": new");
                    }
                    return changes(olds.get(id), news.get(id)).map(change -> id + ": " + change);
                })
                .sorted()
                .toList();
    }

    private static Stream<String> changes(JsonNode before, JsonNode after) {
        return Manifests.stream(JsonDiff.asJson(before, after, DiffFlags.dontNormalizeOpIntoMoveAndCopy()))
                .map(operation -> operation.path("op").asText() + " "
                        + operation.path("path").asText() + " "
                        + operation.path("value").asText());
    }

    private static Map<String, JsonNode> byId(Manifests manifests) {
        return manifests.objects().stream().collect(Collectors.toMap(Manifests::id, Differences::byName));
    }

    /** Webhooks under their names: a path then says which one. */
    private static JsonNode byName(JsonNode object) {
        ObjectNode named = object.deepCopy();
        if (object.has("webhooks")) {
            ObjectNode webhooks = named.putObject("webhooks");
            object.path("webhooks").forEach(it -> webhooks.set(it.path("name").asText(), it));
        }
        return named;
    }
}
