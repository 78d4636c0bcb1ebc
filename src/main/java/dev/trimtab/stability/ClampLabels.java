package dev.trimtab.stability;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Carries a clamp from KServe's dry-run UPDATE to the real one, in a label of the Service such as {@code
 * clamped.trimtab.dev/initial-scale: "7_3"}: the author's value and ours. An empty label means that the author removed
 * the clamped value, and that the present value is a fill.
 *
 * <p>The real UPDATE has no trace of the author's value. From the dry-run's answer KServe keeps the template, the
 * labels and the traffic, and drops the annotations with our record (kserve 0.20, ksvc_reconciler.go 293-303). Without
 * the label the next reconcile would look like a change of the template. KServe removes the label at its next
 * reconcile. A label starts no new pods.
 *
 * <p>A label holds no sign, and Knative reads numbers with one, as Go does. So {@code +7} is written in hex: {@code
 * x2b37}.
 *
 * <p>A label may be a copy. It counts only on objects that KServe renders, only if it has the present value, and never
 * on a refresh.
 */
final class ClampLabels {
    private static final String PREFIX = "clamped.trimtab.dev/";
    private static final Pattern LABEL_VALUE = Pattern.compile("[0-9A-Za-z]([0-9A-Za-z._-]{0,61}[0-9A-Za-z])?");

    /** Text that is written as it is. No number of Knative begins with an x. */
    private static final Pattern PLAIN = Pattern.compile("[0-9A-Za-wyz][0-9A-Za-z._-]*");

    private static final String IN_HEX = "x";

    /** Occurs in none of our values. */
    private static final char SEPARATOR = '_';

    private ClampLabels() {}

    /** A copy of the object without clamp labels. */
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

    static FillRecord read(ObjectNode object) {
        Map<String, String> labels = labels(object);
        if (labels.keySet().stream().noneMatch(it -> it.startsWith(PREFIX))) {
            return FillRecord.EMPTY;
        }
        Map<JsonPointer, Clamp> clamped = new HashMap<>();
        for (ScaleAnnotation key : ScaleAnnotation.values()) {
            String label = labels.getOrDefault(PREFIX + name(key), "");
            int end = label.lastIndexOf(SEPARATOR);
            JsonPointer at = place(object, key);
            JsonNode ours = object.at(at);
            if (end > 0 && TextNode.valueOf(label.substring(end + 1)).equals(ours)) {
                author(label.substring(0, end)).ifPresent(author -> clamped.put(at, new Clamp(author, ours)));
            }
        }
        return new FillRecord(Map.of(), clamped);
    }

    /** The places where a fill replaced a clamped value, according to the labels. */
    static Set<JsonPointer> givenUp(ObjectNode object) {
        Map<String, String> labels = labels(object);
        return Arrays.stream(ScaleAnnotation.values())
                .filter(key -> "".equals(labels.get(PREFIX + name(key))))
                .map(key -> place(object, key))
                .collect(Collectors.toSet());
    }

    /**
     * Labels an object with its new clamps, and with the clamps of the stored object that a fill has replaced.
     *
     * @param stored the record of the stored object
     */
    static void write(List<Decision> decisions, FillRecord stored, ObjectNode object) {
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Clamped it) {
                String value =
                        written(it.author().asText()) + SEPARATOR + it.ours().asText();
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

    /** The text itself if a label can hold it, else its bytes in hex after an x. */
    private static String written(String author) {
        return PLAIN.matcher(author).matches()
                ? author
                : IN_HEX + HexFormat.of().formatHex(author.getBytes(UTF_8));
    }

    /** Empty for a text that this class has not written. */
    private static Optional<JsonNode> author(String written) {
        if (!written.startsWith(IN_HEX)) {
            return Optional.of(TextNode.valueOf(written));
        }
        try {
            byte[] bytes = HexFormat.of().parseHex(written.substring(IN_HEX.length()));
            return Optional.of(TextNode.valueOf(new String(bytes, UTF_8)));
        } catch (IllegalArgumentException noHex) {
            return Optional.empty();
        }
    }
}
