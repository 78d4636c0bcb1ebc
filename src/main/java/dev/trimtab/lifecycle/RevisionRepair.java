package dev.trimtab.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.Legality;
import dev.trimtab.rules.Legality.Illegal;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A patch that makes Knative accept a Revision again, after the cluster set a {@code max-scale-limit} or forbade an
 * {@code initial-scale} of zero. Knative checks the annotations of a Revision at every write, also of its status
 * (Knative 1.23, revision_validation.go), so the Revision can no longer become ready. Its spec is immutable, its
 * annotations are not. Since 1.21 Knative copies them to the PodAutoscaler, and makes no new Revision.
 *
 * @param patch a JSON Patch that fails if the Revision has changed since it was read
 * @param reason on one line
 */
public record RevisionRepair(ArrayNode patch, String reason) {
    /** Empty if Knative accepts the Revision as it is. */
    public static Optional<RevisionRepair> of(Manifest revision, AutoscalerConfig cluster) {
        Annotations annotations = revision.annotations();
        Map<ScaleAnnotation, Illegal> illegal = Legality.ofScale(annotations, cluster);
        if (illegal.isEmpty()) {
            return Optional.empty();
        }
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject()
                .put("op", "test")
                .put("path", "/metadata/resourceVersion")
                .set("value", revision.root().at("/metadata/resourceVersion"));
        illegal.forEach((key, it) -> move(patch, annotations, key, it.nearest()));
        return Optional.of(new RevisionRepair(
                patch, illegal.values().stream().map(Illegal::because).collect(Collectors.joining("; "))));
    }

    private static void move(ArrayNode patch, Annotations annotations, ScaleAnnotation key, JsonNode nearest) {
        if (nearest.isMissingNode()) {
            // All spellings: without the first, Knative would read the second.
            key.spellings().stream()
                    .filter(annotations::has)
                    .forEach(it -> patch.addObject().put("op", "remove").put("path", path(it)));
        } else {
            annotations.spelling(key).ifPresent(it -> patch.addObject()
                    .put("op", "replace")
                    .put("path", path(it))
                    .set("value", nearest));
        }
    }

    private static String path(String key) {
        return Pointers.of("metadata", "annotations", key).toString();
    }
}
