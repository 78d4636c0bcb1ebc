package dev.trimtab.autoscalers;

import dev.trimtab.knative.golang.GoValues;
import dev.trimtab.manifest.Annotations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The annotations that AIBrix reads (types/annotations.go, context.go 124-181 at HEAD), and what it makes of their values. */
final class AnnotationKeys {
    static final String PREFIX = "autoscaling.aibrix.ai/";
    static final String SCALE_TO_ZERO = PREFIX + "scale-to-zero";

    private static final int LONGEST = 40;

    private static final Value RATE = number("a number above 1, such as \"2\"", it -> it > 1 && Double.isFinite(it));
    private static final Value TOLERANCE =
            number("a share from 0 to below 1, such as \"0.1\"", it -> it >= 0 && it < 1);
    private static final Value COOLDOWN = new Value(
            "a duration such as \"300s\"",
            text -> GoValues.duration(text).filter(it -> !it.isNegative()).isPresent());

    /** By key, in order. */
    static final Map<String, Value> VALUES = values();

    private AnnotationKeys() {}

    /** What a key takes. */
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
        values.put(SCALE_TO_ZERO, new Value("\"true\" or \"false\"", text -> GoValues.bool(text)
                .isPresent()));
        values.put(
                PREFIX + "storm-service-mode",
                new Value("\"pool\" or \"replica\"", text -> text.equals("pool") || text.equals("replica")));
        return Collections.unmodifiableMap(values);
    }

    private static Value number(String expected, Predicate<Double> fits) {
        return new Value(expected, text -> {
            OptionalDouble number = GoValues.float64(text);
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

    static String path(String key) {
        return "metadata.annotations[\"%s\"]".formatted(key);
    }

    static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
