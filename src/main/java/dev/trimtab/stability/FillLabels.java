package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Decision;
import java.util.List;
import java.util.Map;

/**
 * Carries a filled value that hangs on what runs now from KServe's dry-run UPDATE to the real one, in a label {@code
 * filled.trimtab.dev/initial-scale: "4"} of the Service.
 *
 * <p>Any other fill is known again because the rules would fill the same a moment later. How many pods run may have
 * changed by then, or another replica may have seen it earlier: the real UPDATE would carry a number that nobody would
 * fill now, it would count as the author's, and the next reconcile, which does not send it, would make a revision. As
 * with {@link ClampLabels}, KServe takes the label off again.
 */
final class FillLabels {
    private static final String PREFIX = "filled.trimtab.dev/";
    private static final ScaleAnnotation CARRIED = ScaleAnnotation.INITIAL_SCALE;
    private static final String LABEL =
            PREFIX + CARRIED.key().substring(CARRIED.key().indexOf('/') + 1);

    private FillLabels() {}

    /** What the label of an object tells of a fill that it holds. */
    static FillRecord read(ObjectNode object) {
        String filled = new Manifest(object).labels().get(LABEL);
        JsonPointer at = place(object);
        JsonNode value = object.at(at);
        return filled != null && value.isTextual() && value.textValue().equals(filled)
                ? new FillRecord(Map.of(at, value), Map.of())
                : FillRecord.EMPTY;
    }

    /** Labels an object where such a value was just filled. */
    static void write(List<Decision> decisions, ObjectNode object) {
        JsonPointer at = place(object);
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Filled it && it.at().equals(at)) {
                Pointers.set(object, Pointers.of("metadata", "labels", LABEL), it.value());
            }
        }
    }

    private static JsonPointer place(ObjectNode object) {
        String spelling = new KnativeService(object)
                .templateAnnotations()
                .spelling(CARRIED)
                .orElse(CARRIED.key());
        return KnativeService.annotation(spelling);
    }
}
