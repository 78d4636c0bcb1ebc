package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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
 *
 * <p>An empty label says that nothing was to be filled: then the real UPDATE gets nothing either.
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

    /** Takes back what was just filled where the label of the incoming object says that nothing is. */
    static List<Decision> withoutLeftOut(List<Decision> decisions, ObjectNode incoming, ObjectNode object) {
        JsonPointer at = place(incoming);
        boolean nothingWas = "".equals(new Manifest(incoming).labels().get(LABEL));
        if (!nothingWas || decisions.stream().noneMatch(it -> isFill(it, at))) {
            return decisions;
        }
        Pointers.remove(object, at);
        return decisions.stream().filter(it -> !isFill(it, at)).toList();
    }

    /** Labels an object with the value that was just filled, or with the lack of one. */
    static void write(List<Decision> decisions, ObjectNode object) {
        JsonPointer at = place(object);
        JsonNode value = object.at(at);
        if (value.isMissingNode()) {
            Pointers.set(object, Pointers.of("metadata", "labels", LABEL), TextNode.valueOf(""));
        } else if (decisions.stream().anyMatch(it -> isFill(it, at))) {
            Pointers.set(object, Pointers.of("metadata", "labels", LABEL), value);
        }
    }

    private static boolean isFill(Decision decision, JsonPointer at) {
        return decision instanceof Decision.Filled it && it.at().equals(at);
    }

    private static JsonPointer place(ObjectNode object) {
        String spelling = new KnativeService(object)
                .templateAnnotations()
                .spelling(CARRIED)
                .orElse(CARRIED.key());
        return KnativeService.annotation(spelling);
    }
}
