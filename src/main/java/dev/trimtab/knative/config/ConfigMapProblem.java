package dev.trimtab.knative.config;

import java.util.List;
import java.util.Map;

/** Knative would refuse a ConfigMap as a whole. The last good configuration stays in force, as in Knative. */
public final class ConfigMapProblem extends Exception {
    private static final long serialVersionUID = 1L;

    private final String key;

    ConfigMapProblem(String message, String key) {
        super(message);
        this.key = key;
    }

    public String key() {
        return key;
    }

    /**
     * Every bad value of a ConfigMap. Of two values that contradict each other one is named.
     *
     * @param name the ConfigMap's
     */
    public static List<ConfigMapProblem> all(String name, Map<String, String> data) {
        ConfigMapReader reader = new ConfigMapReader(data);
        KnativeConfig.DEFAULTS.with(name, reader);
        return reader.problems();
    }
}
