package dev.trimtab.policy;

import dev.trimtab.policy.YamlValue.YamlText;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class KeyTable {
    private final List<PolicyKey<?>> all;
    private final Map<String, String> misplaced;
    private final Map<String, Map<String, PolicyKey<?>>> byGroup = new HashMap<>();

    /**
     * @param path from the map on, such as {@code scaling.maxScale.whenUnset}
     * @param meaning one sentence of documentation, in Markdown
     * @param unset the default, as a policy spells it; empty if there is none
     * @param missing advice if a required key is missing; empty if the key is optional
     */
    record PolicyKey<T>(String path, KeyType<T> shape, String meaning, String unset, String missing) {
        PolicyKey(String path, KeyType<T> shape, String meaning) {
            this(path, shape, meaning, "", "");
        }

        PolicyKey<T> unless(String written) {
            return new PolicyKey<>(path, shape, meaning, written, missing);
        }

        PolicyKey<T> required(String advice) {
            return new PolicyKey<>(path, shape, meaning, unset, advice);
        }

        String group() {
            return path.substring(0, Math.max(0, path.lastIndexOf('.')));
        }

        String name() {
            return path.substring(path.lastIndexOf('.') + 1);
        }
    }

    /** @param misplaced messages by path, for keys that belong elsewhere */
    KeyTable(Map<String, String> misplaced, PolicyKey<?>... keys) {
        this.misplaced = misplaced;
        this.all = List.of(keys);
        all.forEach(key -> byGroup.computeIfAbsent(key.group(), any -> new LinkedHashMap<>())
                .put(key.name(), key));
    }

    KeyTable(PolicyKey<?>... keys) {
        this(Map.of(), keys);
    }

    List<PolicyKey<?>> all() {
        return all;
    }

    KeyTable without(Map<String, String> others) {
        return new KeyTable(
                others,
                all.stream().filter(key -> !others.containsKey(key.path())).toArray(PolicyKey<?>[]::new));
    }

    /** Reads the values that can be understood. Empty if {@code map} is no map. */
    Optional<Values> read(YamlValue map) {
        Values values = new Values(map);
        return read("", map, values) ? Optional.of(values) : Optional.empty();
    }

    private boolean read(String group, YamlValue map, Values values) {
        Map<String, PolicyKey<?>> known = byGroup.get(group);
        Map<String, String> elsewhere = new HashMap<>();
        String lead = group.isEmpty() ? "" : group + ".";
        misplaced.forEach((path, message) -> {
            if (path.startsWith(lead) && path.indexOf('.', lead.length()) < 0) {
                elsewhere.put(path.substring(lead.length()), message);
            }
        });
        Optional<Map<String, YamlValue>> fields = map.fields(List.copyOf(known.keySet()), elsewhere);
        fields.ifPresent(found -> known.forEach((name, key) -> {
            YamlValue value = found.get(name);
            if (value == null && !key.missing().isEmpty()) {
                map.child(name).refuse("is missing; " + key.missing());
            } else if (value != null && key.shape() instanceof KeyType.Group) {
                read(key.path(), value, values);
            } else if (value != null) {
                values.put(key, value);
            }
        }));
        return fields.isPresent();
    }

    static final class Values {
        private final YamlValue map;
        private final Map<String, YamlValue> places = new HashMap<>();

        private final Map<String, Object> values = new HashMap<>();

        private Values(YamlValue map) {
            this.map = map;
        }

        private void put(PolicyKey<?> key, YamlValue value) {
            places.put(key.path(), value);
            key.shape().read(value).ifPresent(it -> values.put(key.path(), it));
        }

        String path() {
            return map.path();
        }

        boolean isEmpty() {
            return map.isEmpty();
        }

        void refuse(String message) {
            map.refuse(message);
        }

        boolean has(PolicyKey<?> key) {
            return places.containsKey(key.path());
        }

        /** All entries of a list, even those that cannot be understood. */
        List<YamlValue> entries(PolicyKey<?> key) {
            return places.get(key.path()).list().orElse(List.of());
        }

        void refuse(PolicyKey<?> key, String message) {
            places.get(key.path()).refuse(message);
        }

        @SuppressWarnings("unchecked") // put() has it of the key's own shape
        <T> Optional<T> get(PolicyKey<T> key) {
            return Optional.ofNullable((T) values.get(key.path()));
        }

        <T> T or(PolicyKey<T> key) {
            return get(key).orElseGet(() -> unset(key));
        }

        private static <T> T unset(PolicyKey<T> key) {
            return key.shape().read(YamlText.value(key.unset())).orElseThrow();
        }
    }
}
