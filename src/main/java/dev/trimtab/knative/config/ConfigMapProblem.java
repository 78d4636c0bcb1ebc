package dev.trimtab.knative.config;

import java.util.List;
import java.util.Map;

/**
 * A ConfigMap of Knative that Knative itself would refuse as a whole. Whoever holds the last good configuration keeps it,
 * as Knative does.
 */
public final class ConfigMapProblem extends Exception {
    private static final long serialVersionUID = 1L;

    private final String key;

    /** @param key of the ConfigMap, the one with the bad value */
    ConfigMapProblem(String message, String key) {
        super(message);
        this.key = key;
    }

    /** The key with the bad value. */
    public String key() {
        return key;
    }

    /**
     * Every bad value of a ConfigMap. Of two values that are only bad beside each other one is named.
     *
     * @param name the ConfigMap's
     */
    public static List<ConfigMapProblem> all(String name, Map<String, String> data) {
        ConfigMapReader reader = new ConfigMapReader(data);
        KnativeConfig.DEFAULTS.with(name, reader);
        return reader.problems();
    }
}
