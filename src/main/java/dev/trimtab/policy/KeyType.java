package dev.trimtab.policy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.policy.PolicyProblem.Quoted;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The type of a policy key's value. {@link PolicyKeys} gives each key its type. The JSON Schema and the tables of
 * docs/policy.md are generated from the same types.
 */
sealed interface KeyType<T> {
    Optional<T> read(YamlValue value);

    /** A map of keys that {@link PolicyKeys} lists one by one. */
    record Group() implements KeyType<Void> {
        @Override
        public Optional<Void> read(YamlValue value) {
            return Optional.empty();
        }
    }

    record Fixed(String text) implements KeyType<String> {
        @Override
        public Optional<String> read(YamlValue value) {
            Optional<String> written = value.text();
            written.filter(it -> !it.equals(text))
                    .ifPresent(it -> value.refuse(Quoted.of(it) + " is not known; this release reads " + text));
            return written;
        }
    }

    record Choice<T>(Map<String, T> terms) implements KeyType<T> {
        static <E extends Enum<E> & PolicyTerm> Choice<E> of(Class<E> type) {
            Map<String, E> terms = new LinkedHashMap<>();
            Arrays.stream(type.getEnumConstants()).forEach(it -> terms.put(it.term(), it));
            return new Choice<>(Collections.unmodifiableMap(terms));
        }

        @Override
        public Optional<T> read(YamlValue value) {
            return value.oneOf(List.copyOf(terms.keySet())).map(terms::get);
        }
    }

    record Flag() implements KeyType<Boolean> {
        @Override
        public Optional<Boolean> read(YamlValue value) {
            return value.bool();
        }
    }

    /** A number, with or without decimals; {@code 80.0} is {@code 80}. */
    record Decimal(Bounds bounds) implements KeyType<BigDecimal> {
        @Override
        public Optional<BigDecimal> read(YamlValue value) {
            return value.digits("a number").flatMap(written -> {
                BigDecimal number = new BigDecimal(written).stripTrailingZeros();
                return bounds.within(value, number.scale() < 0 ? number.setScale(0) : number, written);
            });
        }
    }

    record Whole(Bounds bounds) implements KeyType<Integer> {
        @Override
        public Optional<Integer> read(YamlValue value) {
            return value.digits("a whole number")
                    .flatMap(written -> bounds.within(value, new BigDecimal(written), written))
                    .map(BigDecimal::intValueExact);
        }
    }

    /** A duration as Go spells it, in whole seconds. */
    record Seconds(Bounds bounds) implements KeyType<Integer> {
        @Override
        public Optional<Integer> read(YamlValue value) {
            return value.withUnit("a duration such as 90s, 2m or 1h", it -> GoParsing.duration(it)
                            .isPresent())
                    .flatMap(text -> {
                        Duration duration = GoParsing.duration(text).orElseThrow();
                        if (duration.toNanosPart() != 0) {
                            value.refuse(Quoted.of(text) + " is not in whole seconds");
                            return Optional.empty();
                        }
                        return bounds.within(value, BigDecimal.valueOf(duration.toSeconds()), Quoted.of(text));
                    })
                    .map(BigDecimal::intValueExact);
        }
    }

    /** An amount of memory as Kubernetes spells it, in bytes: {@code 12Gi}. */
    record Memory(Bounds bounds) implements KeyType<BigDecimal> {
        static final Pattern PATTERN = Pattern.compile("(0|[1-9][0-9]{0,15})(\\.[0-9]{1,6})?([KMGT]i|[kMGT])");

        @Override
        public Optional<BigDecimal> read(YamlValue value) {
            return value.withUnit("an amount of memory such as 12Gi or 800Mi", it -> PATTERN.matcher(it)
                            .matches())
                    .flatMap(text -> Quantities.amount(TextNode.valueOf(text))
                            .flatMap(amount -> bounds.within(value, amount, Quoted.of(text))));
        }
    }

    /**
     * @param flaw returns what is wrong with a text; empty if it is valid
     * @param pattern about the same check in ECMA 262, for editors; empty for any text
     */
    record Text(Function<String, Optional<String>> flaw, String pattern) implements KeyType<String> {
        static final Text ANY = new Text(any -> Optional.empty(), "");

        @Override
        public Optional<String> read(YamlValue value) {
            return value.text(flaw);
        }
    }

    /** @param insteadOfEmpty advice if the list is empty; empty if it may be */
    record ListOf<T>(KeyType<T> entry, String insteadOfEmpty) implements KeyType<List<T>> {
        @Override
        public Optional<List<T>> read(YamlValue value) {
            return value.list().map(entries -> {
                if (entries.isEmpty() && !insteadOfEmpty.isEmpty()) {
                    value.refuse("is an empty list; " + insteadOfEmpty);
                }
                return entries.stream().flatMap(it -> entry.read(it).stream()).toList();
            });
        }
    }

    /** A map of texts. Entries with a flaw are reported and left out. */
    record Texts(Text key, Text value) implements KeyType<Map<String, String>> {
        @Override
        public Optional<Map<String, String>> read(YamlValue map) {
            return map.map().map(entries -> {
                Map<String, String> texts = new LinkedHashMap<>();
                entries.forEach((name, entry) -> {
                    Optional<String> flaw = key.flaw().apply(name);
                    flaw.ifPresent(entry::refuseKey);
                    value.read(entry).filter(text -> flaw.isEmpty()).ifPresent(text -> texts.put(name, text));
                });
                return texts;
            });
        }
    }

    record ByTerm<K extends Enum<K> & PolicyTerm, V>(Class<K> type, KeyType<V> value) implements KeyType<Map<K, V>> {
        List<String> terms() {
            return Arrays.stream(type.getEnumConstants()).map(PolicyTerm::term).toList();
        }

        @Override
        public Optional<Map<K, V>> read(YamlValue map) {
            return map.fields(terms(), Map.of()).map(fields -> {
                Map<K, V> values = new EnumMap<>(type);
                for (K constant : type.getEnumConstants()) {
                    Optional.ofNullable(fields.get(constant.term()))
                            .flatMap(value::read)
                            .ifPresent(it -> values.put(constant, it));
                }
                return values;
            });
        }
    }

    /**
     * @param build makes the result of the values; empty if there was a problem
     * @param insteadOfNothing advice if the value is left out; may be empty
     */
    record Table<T>(KeyTable keys, Function<KeyTable.Values, Optional<T>> build, String insteadOfNothing)
            implements KeyType<T> {
        Table(KeyTable keys, Function<KeyTable.Values, Optional<T>> build) {
            this(keys, build, "");
        }

        @Override
        public Optional<T> read(YamlValue value) {
            return value.isNothing() && !insteadOfNothing.isEmpty()
                    ? value.wrongType("a map", "; " + insteadOfNothing)
                    : keys.read(value).flatMap(build);
        }
    }

    record ListOfNamed<T>(Table<T> entry, KeyTable.PolicyKey<String> key) implements KeyType<List<T>> {
        @Override
        public Optional<List<T>> read(YamlValue value) {
            Map<String, String> paths = new HashMap<>();
            return value.list().map(entries -> entries.stream()
                    .flatMap(it -> entry.keys().read(it).stream())
                    .peek(values -> values.get(key).ifPresent(name -> {
                        String first = paths.putIfAbsent(name, values.path());
                        if (first != null) {
                            values.refuse(key, Quoted.of(name) + " is already the name of " + first);
                        }
                    }))
                    .flatMap(values -> entry.build().apply(values).stream())
                    .toList());
        }
    }

    /**
     * The range of a number, and who sets it.
     *
     * @param least the smallest value, as a policy spells it
     * @param most the largest value, as a policy spells it; empty if there is none
     * @param source ends the sentence "1 is the least that ..."
     */
    record Bounds(BigDecimal low, String least, Optional<BigDecimal> high, String most, String source) {
        static final String TRIMTAB = "Trimtab takes";
        static final String KNATIVE = "Knative takes as ";

        static Bounds numbers(String least, String most, String source) {
            return new Bounds(new BigDecimal(least), least, Optional.of(new BigDecimal(most)), most, source);
        }

        static Bounds atLeast(String least, String source) {
            return new Bounds(new BigDecimal(least), least, Optional.empty(), "", source);
        }

        static Bounds durations(String least, String most, String source) {
            return new Bounds(seconds(least), least, Optional.of(seconds(most)), most, source);
        }

        private static BigDecimal seconds(String duration) {
            return BigDecimal.valueOf(GoParsing.duration(duration).orElseThrow().toSeconds());
        }

        Optional<BigDecimal> within(YamlValue value, BigDecimal number, String written) {
            if (number.compareTo(low) < 0) {
                value.refuse(written + " is below " + least + ", the least that " + source);
                return Optional.empty();
            }
            if (high.isPresent() && number.compareTo(high.get()) > 0) {
                value.refuse(written + " is above " + most + ", the most that " + source);
                return Optional.empty();
            }
            return Optional.of(number);
        }
    }
}
