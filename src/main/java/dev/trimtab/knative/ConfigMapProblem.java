package dev.trimtab.knative;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A ConfigMap of Knative's that Knative itself would refuse as a whole; the message is Knative's. Whoever holds the last
 * good configuration keeps it, as Knative does.
 */
public final class ConfigMapProblem extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> keys;

    /** @param keys of the ConfigMap: the one with the bad value, and those that it is bad beside */
    ConfigMapProblem(String message, String... keys) {
        super(message);
        this.keys = List.of(keys);
    }

    ConfigMapProblem(String message, Throwable cause, String key) {
        super(message, cause);
        this.keys = List.of(key);
    }

    /** The key with the bad value. */
    public String key() {
        return keys.get(0);
    }

    /**
     * Every bad value of a ConfigMap: Knative names the first and stops there.
     *
     * @param name the ConfigMap's
     */
    public static List<ConfigMapProblem> all(String name, Map<String, String> data) {
        Map<String, ConfigMapProblem> problems = new LinkedHashMap<>();
        Map<String, String> rest = new LinkedHashMap<>(data);
        int before = rest.size() + 1;
        while (rest.size() < before) {
            before = rest.size();
            try {
                KnativeConfig.DEFAULTS.withConfigMap(name, rest);
            } catch (ConfigMapProblem problem) {
                problems.putIfAbsent(problem.key(), problem);
                // What is bad beside it alone is none of the others' fault.
                problem.keys.forEach(rest::remove);
            }
        }
        return new ArrayList<>(problems.values());
    }
}
