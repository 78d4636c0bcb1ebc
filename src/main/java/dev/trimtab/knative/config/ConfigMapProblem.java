package dev.trimtab.knative.config;

import java.util.List;
import java.util.Map;

/** A reason why Knative would refuse a whole ConfigMap. The last good configuration stays in force, as in Knative. */
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

    /** All bad values of a ConfigMap. If two values contradict each other, only one is named. */
    public static List<ConfigMapProblem> all(String name, Map<String, String> data) {
        ConfigMapReader reader = new ConfigMapReader(data);
        KnativeConfig.DEFAULTS.with(name, reader);
        return reader.problems();
    }
}
