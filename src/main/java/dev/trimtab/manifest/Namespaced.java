package dev.trimtab.manifest;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Values by namespace and name, as one immutable snapshot. A change copies one namespace and shares the others, so that
 * updates stay cheap with thousands of objects.
 *
 * @param byNamespace has no empty namespaces
 */
public record Namespaced<V>(Map<String, Map<String, V>> byNamespace) {
    public Namespaced {
        // Map.copyOf does not copy immutable maps again.
        Map<String, Map<String, V>> copy = new HashMap<>();
        byNamespace.forEach((namespace, values) -> copy.put(namespace, Map.copyOf(values)));
        byNamespace = Map.copyOf(copy);
    }

    public static <V> Namespaced<V> empty() {
        return new Namespaced<>(Map.of());
    }

    /** Values of one namespace, by name. */
    public Map<String, V> in(String namespace) {
        return byNamespace.getOrDefault(namespace, Map.of());
    }

    public Optional<V> find(String namespace, String name) {
        return Optional.ofNullable(in(namespace).get(name));
    }

    public Namespaced<V> with(String namespace, String name, V value) {
        Map<String, V> before = in(namespace);
        if (value.equals(before.get(name))) {
            return this;
        }
        Map<String, V> values = new HashMap<>(before);
        values.put(name, value);
        return with(namespace, values);
    }

    public Namespaced<V> without(String namespace, String name) {
        Map<String, V> before = in(namespace);
        if (!before.containsKey(name)) {
            return this;
        }
        Map<String, V> values = new HashMap<>(before);
        values.remove(name);
        return with(namespace, values);
    }

    private Namespaced<V> with(String namespace, Map<String, V> values) {
        Map<String, Map<String, V>> changed = new HashMap<>(byNamespace);
        if (values.isEmpty()) {
            changed.remove(namespace);
        } else {
            changed.put(namespace, values);
        }
        return new Namespaced<>(changed);
    }
}
