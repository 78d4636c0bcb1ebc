package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.AutoscalerGuard.AutoscalerVerdict;
import dev.trimtab.review.PartialObject;
import dev.trimtab.review.Review;
import dev.trimtab.yaml.YamlDocument;
import java.util.List;
import java.util.Optional;

/**
 * A document and what admission makes of it.
 *
 * @param document as its author wrote it
 * @param after its content after admission
 * @param objects what was reviewed in it: the document itself, or the items of a List
 */
record PreviewedDocument(YamlDocument document, JsonNode after, List<Reviewed> objects) {
    /**
     * One object of a document.
     *
     * @param at where it stands in the document
     * @param place of the object, for people: the document's number, and the item's in a List
     * @param namespace where it goes
     * @param before as its author wrote it
     * @param stored what {@code --old} has of it
     * @param missing what it lacks to be a whole object; then it is left as it is
     * @param isPart whether it is but a part of a kustomization
     * @param verdict of the checks, where it is a PodAutoscaler
     */
    record Reviewed(
            JsonPointer at,
            String place,
            String namespace,
            Manifest before,
            Optional<Manifest> stored,
            Optional<PartialObject> missing,
            boolean isPart,
            Review review,
            Optional<AutoscalerVerdict> verdict) {
        boolean isOurs() {
            return before.kind() != Kind.OTHER && !isPart;
        }

        /** Why an object of a reviewed kind stays unchanged, and what to do. */
        Optional<String> leftBecause() {
            return missing.map(it ->
                    "%s is not a complete object (%s), left unchanged: if it is a patch, check what is rendered by trimtab check -k DIR"
                            .formatted(named(), it.what()));
        }

        String named() {
            return before.kindName() + " " + before.title();
        }

        /** The object with its namespace filled in. */
        Manifest inItsNamespace() {
            if (!before.namespace().isEmpty() || !before.root().path("metadata").isObject()) {
                return before;
            }
            ObjectNode root = before.root().deepCopy();
            root.withObject("/metadata").put("namespace", namespace);
            return new Manifest(root);
        }

        /** Heads the lines about this object. */
        String heading(ManifestFile file) {
            return "%s (%s, %s)".formatted(named(), file.name(), place);
        }
    }
}
