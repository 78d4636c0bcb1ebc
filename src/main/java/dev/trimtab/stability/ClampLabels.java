package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.rules.Decision;
import dev.trimtab.stability.FillRecord.Clamp;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Carries a fresh clamp from KServe's dry-run UPDATE to the real one, in a label {@code
 * clamped.trimtab.dev/initial-scale: "7_3"} of the Service: the author's value and ours.
 *
 * <p>An empty label says that the author took the clamped value out and that what stands there now is filled, though it
 * is the same. It too would be lost: the template of the real UPDATE is then as stored.
 *
 * <p>The real UPDATE holds the clamped value and no trace of the author's: of what a dry-run answered, KServe keeps the
 * template, the labels and the traffic, and drops the annotations with our record (kserve 0.20, ksvc_reconciler.go
 * 293-303). Without the trace the next reconcile would look like a change of the template, and a policy edited in
 * between would make a revision. The label starts nothing: it is outside of the template, and KServe takes it off again.
 *
 * <p>A label proves little: somebody may have copied it. It counts only on what KServe renders, only if it names the very
 * value that stands there, and never where the author asks for the policy of today.
 */
final class ClampLabels {
    private static final String PREFIX = "clamped.trimtab.dev/";
    private static final Pattern LABEL_VALUE = Pattern.compile("[0-9A-Za-z]([0-9A-Za-z._-]{0,61}[0-9A-Za-z])?");

    /** Stands in none of our values. */
    private static final char SEPARATOR = '_';

    private ClampLabels() {}

    /** A copy of an object that tells nothing by such labels. */
    static ObjectNode takenOff(ObjectNode object) {
        ObjectNode copy = object.deepCopy();
        if (copy.at("/metadata/labels") instanceof ObjectNode labels) {
            labels.properties().removeIf(it -> it.getKey().startsWith(PREFIX));
        }
        return copy;
    }

    private static Map<String, String> labels(ObjectNode object) {
        return new KnativeService(object).origin() == Kind.KNATIVE_SERVICE ? Map.of() : new Manifest(object).labels();
    }

    /** What the labels of an object tell of clamps whose result it holds. */
    static FillRecord read(ObjectNode object) {
        Map<String, String> labels = labels(object);
        Map<JsonPointer, Clamp> clamped = new HashMap<>();
        for (ScaleAnnotation key : ScaleAnnotation.values()) {
            String label = labels.getOrDefault(PREFIX + name(key), "");
            int end = label.lastIndexOf(SEPARATOR);
            JsonPointer at = place(object, key);
            JsonNode ours = object.at(at);
            if (end > 0 && TextNode.valueOf(label.substring(end + 1)).equals(ours)) {
                clamped.put(at, new Clamp(TextNode.valueOf(label.substring(0, end)), ours));
            }
        }
        return new FillRecord(Map.of(), clamped);
    }

    /** Where the labels of an object tell that a clamped value became a filled one. */
    static Set<JsonPointer> givenUp(ObjectNode object) {
        Map<String, String> labels = labels(object);
        return Arrays.stream(ScaleAnnotation.values())
                .filter(key -> "".equals(labels.get(PREFIX + name(key))))
                .map(key -> place(object, key))
                .collect(Collectors.toSet());
    }

    /**
     * Labels an object with the clamps that were just made, and with the clamps of the stored object that a fill has
     * replaced. A value that no label can hold is not carried.
     *
     * @param stored what is ours in the stored object
     */
    static void write(List<Decision> decisions, FillRecord stored, ObjectNode object) {
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Clamped it) {
                String value = it.author().asText() + SEPARATOR + it.ours().asText();
                if (LABEL_VALUE.matcher(value).matches()) {
                    label(object, it.at(), TextNode.valueOf(value));
                }
            }
        }
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Filled it && stored.clamped().containsKey(it.at())) {
                label(object, it.at(), TextNode.valueOf(""));
            }
        }
    }

    private static void label(ObjectNode object, JsonPointer at, JsonNode value) {
        Arrays.stream(ScaleAnnotation.values())
                .filter(key -> place(object, key).equals(at))
                .forEach(key -> Pointers.set(object, Pointers.of("metadata", "labels", PREFIX + name(key)), value));
    }

    private static String name(ScaleAnnotation key) {
        return key.key().substring(key.key().indexOf('/') + 1);
    }

    private static JsonPointer place(ObjectNode object, ScaleAnnotation key) {
        String spelling =
                new KnativeService(object).templateAnnotations().spelling(key).orElse(key.key());
        return KnativeService.annotation(spelling);
    }
}
