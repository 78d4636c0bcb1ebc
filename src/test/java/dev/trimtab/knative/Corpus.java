package dev.trimtab.knative;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Recorded answers and manifests of real projects, where -Dcorpus.dir says they are. */
public final class Corpus {
    static final ObjectMapper JSON = new ObjectMapper();

    private Corpus() {}

    /** The file's text; skips the test that asks where there is no corpus. */
    public static String text(String name) {
        String directory = System.getProperty("corpus.dir", "");
        assumeTrue(!directory.isEmpty(), "no corpus: set -Dcorpus.dir to try this on recorded answers");
        try {
            return Files.readString(Path.of(directory, name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(String name) {
        try {
            return JSON.readTree(text(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ObjectNode object(String text) {
        try {
            return (ObjectNode) JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration that ConfigMaps by name give: {@code {"config-autoscaler": {"max-scale": "6"}}}. */
    public static KnativeConfig config(JsonNode configMaps) {
        KnativeConfig config = KnativeConfig.DEFAULTS;
        for (Map.Entry<String, JsonNode> configMap : configMaps.properties()) {
            try {
                config = config.withConfigMap(configMap.getKey(), data(configMap.getValue()));
            } catch (ConfigMapProblem e) {
                throw new IllegalArgumentException(configMap.getKey(), e);
            }
        }
        return config;
    }

    public static Map<String, String> data(JsonNode map) {
        Map<String, String> data = new LinkedHashMap<>();
        map.properties()
                .forEach(entry -> data.put(entry.getKey(), entry.getValue().asText()));
        return data;
    }
}
