package dev.trimtab.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.Review;
import dev.trimtab.yaml.YamlDocument;
import java.util.List;

/**
 * A document and what admission makes of it.
 *
 * @param document as its author wrote it
 * @param after its content after admission
 * @param objects what was reviewed in it: the document itself, or the items of a List
 */
record Previewed(YamlDocument document, JsonNode after, List<Reviewed> objects) {
    /**
     * One object of a document.
     *
     * @param at where it stands in the document; empty for the document itself
     */
    record Reviewed(JsonPointer at, Manifest before, Review review) {}
}
