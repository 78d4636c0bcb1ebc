package dev.trimtab.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads the keys of one map. A key that is not there is no problem and gives nothing. */
final class Fields {
    private Fields() {}

    static <T> Optional<T> get(Map<String, YamlValue> fields, String key, Function<YamlValue, Optional<T>> reader) {
        return Optional.ofNullable(fields.get(key)).flatMap(reader);
    }

    /** The map under {@code key}; an empty one if there is none. */
    static Map<String, YamlValue> in(Map<String, YamlValue> fields, String key, List<String> known) {
        return get(fields, key, value -> value.fields(known)).orElse(Map.of());
    }

    /** The list under {@code key}; an empty one if there is none. */
    static List<YamlValue> entries(Map<String, YamlValue> fields, String key) {
        return get(fields, key, YamlValue::list).orElse(List.of());
    }

    /** The map from any texts to texts under {@code key}, without those in which there is a flaw. */
    static Map<String, String> texts(
            Map<String, YamlValue> fields,
            String key,
            Function<String, Optional<String>> keyFlaw,
            Function<String, Optional<String>> valueFlaw) {
        Map<String, String> texts = new LinkedHashMap<>();
        get(fields, key, YamlValue::map).orElse(Map.of()).forEach((name, value) -> {
            Optional<String> flaw = keyFlaw.apply(name);
            flaw.ifPresent(value::refuseKey);
            value.text(valueFlaw).filter(text -> flaw.isEmpty()).ifPresent(text -> texts.put(name, text));
        });
        return texts;
    }
}
