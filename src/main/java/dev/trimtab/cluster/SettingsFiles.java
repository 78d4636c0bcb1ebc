package dev.trimtab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.ConfigMapProblem;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Policy and Knative's configuration from files, where there is no cluster to ask. */
public final class SettingsFiles {
    private SettingsFiles() {}

    /** The text of a policy: the file itself, or what a ConfigMap in it holds under {@code policy.yaml}. */
    public static String policy(Path file) throws UnreadableFile {
        String text = read(file);
        List<YamlDocument> documents;
        try {
            documents = YamlStream.read(text);
        } catch (YamlProblem leftToTheLoader) {
            return text;
        }
        for (YamlDocument document : documents) {
            JsonNode held = document.content().path("data").path(PolicyReview.KEY);
            if ("ConfigMap".equals(document.content().path("kind").asText()) && held.isTextual()) {
                return held.textValue();
            }
        }
        return text;
    }

    /** Knative's configuration as the ConfigMaps of some files make it, starting from its defaults. */
    public static KnativeConfig knative(List<Path> files) throws UnreadableFile {
        KnativeConfig knative = KnativeConfig.DEFAULTS;
        for (Path file : files) {
            for (Map.Entry<String, Map<String, String>> map : configMaps(file).entrySet()) {
                try {
                    knative = knative.withConfigMap(map.getKey(), map.getValue());
                } catch (ConfigMapProblem problem) {
                    throw new UnreadableFile(
                            "%s: ConfigMap %s: %s".formatted(file, map.getKey(), problem.getMessage()));
                }
            }
        }
        return knative;
    }

    /** The data of Knative's ConfigMaps in a file, by name. */
    public static Map<String, Map<String, String>> configMaps(Path file) throws UnreadableFile {
        Map<String, Map<String, String>> maps = new LinkedHashMap<>();
        try {
            for (YamlDocument document : YamlStream.read(read(file))) {
                JsonNode content = document.content();
                String name = content.path("metadata").path("name").asText();
                if ("ConfigMap".equals(content.path("kind").asText()) && KnativeConfig.CONFIG_MAPS.contains(name)) {
                    maps.put(name, data(file, name, content.path("data")));
                }
            }
        } catch (YamlProblem problem) {
            throw new UnreadableFile("%s: %s".formatted(file, problem.getMessage()));
        }
        if (maps.isEmpty()) {
            throw new UnreadableFile(
                    "%s: holds none of Knative's ConfigMaps %s".formatted(file, KnativeConfig.CONFIG_MAPS));
        }
        return maps;
    }

    private static Map<String, String> data(Path file, String name, JsonNode node) throws UnreadableFile {
        Map<String, String> data = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isTextual()) {
                throw new UnreadableFile(
                        "%s: ConfigMap %s: data.%s is no text: put it in quotes".formatted(file, name, entry.getKey()));
            }
            data.put(entry.getKey(), entry.getValue().textValue());
        }
        return data;
    }

    private static String read(Path file) throws UnreadableFile {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new UnreadableFile(file + ": no such file");
        } catch (MalformedInputException noText) {
            throw new UnreadableFile(file + ": is no UTF-8 text");
        } catch (IOException unreadable) {
            throw new UnreadableFile(file + ": cannot be read: " + unreadable.getMessage());
        }
    }
}
