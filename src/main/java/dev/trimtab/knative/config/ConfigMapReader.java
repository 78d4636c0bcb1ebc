package dev.trimtab.knative.config;

import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Quantities;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads the keys of a Knative ConfigMap as knative.dev/pkg/configmap/parser does. An absent key gives the default, a
 * present one must parse, and only strings are trimmed. Other keys are ignored ({@code _example}, obsolete ones).
 */
final class ConfigMapReader {
    private final Map<String, String> data;
    private final List<ConfigMapProblem> unreadable = new ArrayList<>();
    private final List<ConfigMapProblem> refused = new ArrayList<>();
    private final Set<String> bad = new HashSet<>();

    ConfigMapReader(Map<String, String> data) {
        this.data = data;
    }

    Map<String, String> data() {
        return data;
    }

    Optional<String> raw(String key) {
        return Optional.ofNullable(data.get(key));
    }

    String trimmed(String key, String otherwise) {
        return raw(key).map(String::trim).orElse(otherwise);
    }

    boolean bool(String key, boolean otherwise) {
        return parse(key, "true or false", GoParsing::bool, otherwise);
    }

    double float64(String key, double otherwise) {
        return parse(key, "a number", it -> boxed(GoParsing.float64(it)), otherwise);
    }

    int int32(String key, int otherwise) {
        return parse(key, "a whole number of 32 bits", it -> boxed(GoParsing.int32(it)), otherwise);
    }

    long int64(String key, long otherwise) {
        return parse(key, "a whole number of 64 bits", it -> boxed(GoParsing.int64(it)), otherwise);
    }

    Duration duration(String key, Duration otherwise) {
        return parse(key, "a duration such as 90s", GoParsing::duration, otherwise);
    }

    Optional<String> quantity(String key) {
        return parse(
                key,
                "a quantity such as 500m or 1Gi",
                it -> Quantities.isQuantity(it) ? Optional.of(Optional.of(it)) : Optional.empty(),
                Optional.empty());
    }

    private <T> T parse(String key, String expected, Function<String, Optional<T>> parser, T otherwise) {
        String text = data.get(key);
        if (text == null) {
            return otherwise;
        }
        Optional<T> value = parser.apply(text);
        if (value.isEmpty()) {
            unreadable.add(
                    new ConfigMapProblem(key + " is " + GoParsing.quote(text) + ", it must be " + expected, key));
            bad.add(key);
        }
        return value.orElse(otherwise);
    }

    private static Optional<Double> boxed(OptionalDouble value) {
        return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
    }

    private static Optional<Integer> boxed(OptionalInt value) {
        return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    /**
     * Refuses {@code key} if its value is {@code wrong}, unless it or a key {@code beside} it is bad already.
     *
     * @param rule what the value must be
     * @param beside keys that the value contradicts
     */
    void refuseIf(boolean wrong, String key, String rule, String... beside) {
        if (wrong && !bad.contains(key) && Arrays.stream(beside).noneMatch(bad::contains)) {
            String value = raw(key).map(it -> " is " + GoParsing.quote(it)).orElse(" is not set");
            refused.add(new ConfigMapProblem(key + value + ", it " + rule, key));
            bad.add(key);
            bad.addAll(List.of(beside));
        }
    }

    /** Unreadable values first: Knative checks the others only if all are readable. */
    List<ConfigMapProblem> problems() {
        List<ConfigMapProblem> all = new ArrayList<>(unreadable);
        all.addAll(refused);
        return all;
    }

    /** @throws ConfigMapProblem the first problem, if there is one */
    <T> T checked(T config) throws ConfigMapProblem {
        List<ConfigMapProblem> problems = problems();
        if (!problems.isEmpty()) {
            throw problems.get(0);
        }
        return config;
    }
}
