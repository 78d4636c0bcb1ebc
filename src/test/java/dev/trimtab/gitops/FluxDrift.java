package dev.trimtab.gitops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Flux's drift detection (fluxcd/pkg, ssa/manager_diff.go: hasDrifted): labels, annotations and everything but metadata and
 * status, of what is live and of what a server-side apply as {@link #MANAGER} would come to, as a dry-run says.
 */
public final class FluxDrift {
    public static final String MANAGER = "kustomize-controller";

    private FluxDrift() {}

    /** Where Flux sees drift, and applies. */
    public static List<String> of(ObjectNode live, ObjectNode dryRun) {
        List<String> found = new ArrayList<>(Differences.between(compared(live), compared(dryRun)));
        for (String part : List.of("labels", "annotations")) {
            Differences.between(metadata(live, part), metadata(dryRun, part))
                    .forEach(at -> found.add("/metadata/" + part + at));
        }
        return found;
    }

    /** To Go a map that is absent has no entries either. */
    private static JsonNode metadata(ObjectNode object, String part) {
        JsonNode map = object.path("metadata").path(part);
        return map.isObject() ? map : JsonNodeFactory.instance.objectNode();
    }

    private static ObjectNode compared(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        copy.remove(List.of("metadata", "status"));
        return copy;
    }
}
