package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;

/**
 * The label {@code trimtab.dev/ignore} in a template. KServe copies the labels of an InferenceService there: to switch
 * Trimtab off for one, and on again, would start new pods each time.
 */
final class IgnoreLabel {
    private static final JsonPointer LABELS =
            KnativeService.TEMPLATE.appendProperty("metadata").appendProperty("labels");
    private static final JsonPointer PLACE = LABELS.appendProperty(Manifest.IGNORE);

    private IgnoreLabel() {}

    /** What KServe sends, with the label in its template as it is stored. What a person wrote stays as it is. */
    static ObjectNode asStored(ObjectNode incoming, ObjectNode stored) {
        JsonNode before = stored.at(PLACE);
        boolean rendered = new KnativeService(incoming).origin() != Kind.KNATIVE_SERVICE;
        if (!rendered || before.equals(incoming.at(PLACE))) {
            return incoming;
        }
        ObjectNode labelled = incoming.deepCopy();
        if (before.isMissingNode()) {
            Pointers.remove(labelled, PLACE);
        } else {
            Pointers.set(labelled, PLACE, before);
        }
        return labelled;
    }
}
