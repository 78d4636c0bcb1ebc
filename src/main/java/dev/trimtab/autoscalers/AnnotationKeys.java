package dev.trimtab.autoscalers;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Pointers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The annotations that AIBrix reads (types/annotations.go, context.go 124-181 at HEAD), and the values that it takes.
 */
final class AnnotationKeys {
    static final String PREFIX = "autoscaling.aibrix.ai/";
    static final String SCALE_TO_ZERO = PREFIX + "scale-to-zero";

    private static final int LONGEST = 40;

    private static final Value RATE = number("a number above 1, such as \"2\"", it -> it > 1 && Double.isFinite(it));
    private static final Value TOLERANCE =
            number("a share from 0 to below 1, such as \"0.1\"", it -> it >= 0 && it < 1);
    private static final Value COOLDOWN = new Value(
            "a duration such as \"300s\"",
            text -> GoParsing.duration(text).filter(it -> !it.isNegative()).isPresent());

    static final Map<String, Value> VALUES = values();

    private AnnotationKeys() {}

    record Value(String expected, Predicate<String> fits) {
        boolean takes(String text) {
            return fits.test(text);
        }
    }

    private static Map<String, Value> values() {
        Map<String, Value> values = new TreeMap<>();
        values.put(PREFIX + "max-scale-up-rate", RATE);
        values.put(PREFIX + "max-scale-down-rate", RATE);
        values.put(PREFIX + "scale-up-tolerance", TOLERANCE);
        values.put(PREFIX + "scale-down-tolerance", TOLERANCE);
        // The bounds of Knative's, 110 to 1000 percent, as the ratio that AIBrix takes.
        values.put(
                PREFIX + "panic-threshold",
                number("a ratio above 1 and at most 10 (no percentage), such as \"2.0\"", it -> it > 1 && it <= 10));
        values.put(PREFIX + "scale-up-cooldown-window", COOLDOWN);
        values.put(PREFIX + "scale-down-cooldown-window", COOLDOWN);
        values.put(SCALE_TO_ZERO, new Value("\"true\" or \"false\"", text -> GoParsing.bool(text)
                .isPresent()));
        values.put(
                PREFIX + "storm-service-mode",
                new Value("\"pool\" or \"replica\"", text -> text.equals("pool") || text.equals("replica")));
        return Collections.unmodifiableMap(values);
    }

    private static Value number(String expected, Predicate<Double> fits) {
        return new Value(expected, text -> {
            OptionalDouble number = GoParsing.float64(text);
            return number.isPresent() && fits.test(number.getAsDouble());
        });
    }

    /** Whether a key is one of AIBrix's autoscaling, read or not. */
    static boolean isAibrix(String key) {
        return key.startsWith(PREFIX) || key.startsWith("kpa." + PREFIX) || key.startsWith("apa." + PREFIX);
    }

    static List<String> ofAibrix(Annotations annotations) {
        List<String> keys = new ArrayList<>();
        annotations.map().fieldNames().forEachRemaining(key -> {
            if (isAibrix(key)) {
                keys.add(key);
            }
        });
        return keys;
    }

    static JsonPointer path(String key) {
        return Pointers.of("metadata", "annotations", key);
    }

    static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    /**
     * An annotation that AIBrix does not read since 0.5.
     *
     * @param successor the annotation or field of {@code spec} that replaces the key; empty if nothing does
     */
    record DeadKey(String key, String successor) {
        private static final String KPA = "kpa." + AnnotationKeys.PREFIX;
        private static final String APA = "apa." + AnnotationKeys.PREFIX;
        private static final List<String> WINDOWS = List.of("observeWindowSeconds", "panicWindowSeconds");
        private static final int LONGEST_WINDOW = 3600;

        private static final Map<String, String> SUCCESSORS = Map.ofEntries(
                Map.entry(KPA + "scale-down-delay", AnnotationKeys.PREFIX + "scale-down-cooldown-window"),
                Map.entry(KPA + "stable-window", WINDOWS.get(0)),
                Map.entry(APA + "window", WINDOWS.get(0)),
                Map.entry(KPA + "panic-window", WINDOWS.get(1)),
                Map.entry(KPA + "panic-threshold", AnnotationKeys.PREFIX + "panic-threshold"),
                Map.entry(KPA + "target-burst-capacity", ""),
                Map.entry(KPA + "activation-scale", ""),
                Map.entry(
                        AnnotationKeys.PREFIX + "up-fluctuation-tolerance",
                        AnnotationKeys.PREFIX + "scale-up-tolerance"),
                Map.entry(
                        AnnotationKeys.PREFIX + "down-fluctuation-tolerance",
                        AnnotationKeys.PREFIX + "scale-down-tolerance"));

        static Optional<DeadKey> of(String key) {
            return Optional.ofNullable(SUCCESSORS.get(key)).map(successor -> new DeadKey(key, successor));
        }

        boolean isWindow() {
            return WINDOWS.contains(successor);
        }

        Optional<JsonPointer> place() {
            if (successor.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(
                    isWindow() ? Pointers.of("spec", successor) : Pointers.of("metadata", "annotations", successor));
        }

        /** Whether the successor is written too: then the dead key does no harm. */
        boolean isWrittenAnew(PodAutoscaler autoscaler) {
            return place().filter(at -> !Pointers.isAbsent(autoscaler.root().at(at)))
                    .isPresent();
        }

        /** The same value for the successor; empty if the successor does not take it. */
        Optional<JsonNode> value(String text) {
            if (isWindow()) {
                return GoParsing.duration(text)
                        .map(Duration::toSeconds)
                        .filter(seconds -> seconds >= 1 && seconds <= LONGEST_WINDOW)
                        .map(seconds -> IntNode.valueOf(seconds.intValue()));
            }
            AnnotationKeys.Value takes = AnnotationKeys.VALUES.get(successor);
            return takes != null && takes.takes(text) ? Optional.of(TextNode.valueOf(text)) : Optional.empty();
        }

        String remedy(boolean hasWindowFields) {
            if (successor.isEmpty()) {
                return "nothing took its place; remove it";
            }
            if (!isWindow()) {
                return "write " + successor;
            }
            return hasWindowFields
                    ? "write spec." + successor + ", in seconds"
                    : "write spec." + successor + " where the CRD has it (after AIBrix 0.7), else remove it";
        }
    }
}
