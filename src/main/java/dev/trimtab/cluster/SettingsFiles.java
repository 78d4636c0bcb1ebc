package dev.trimtab.cluster;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.ConfigMapProblem;
import dev.trimtab.knative.KnativeConfig;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Policy and Knative's configuration from files, where there is no cluster to ask. */
public final class SettingsFiles {
    private static final JsonPointer POLICY =
            JsonPointer.empty().appendProperty("data").appendProperty(PolicyReview.KEY);

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
            if (isConfigMap(document.content()) && held.isTextual()) {
                return document.positionOf(POLICY)
                        .map(position -> inPlace(text, position.line(), held.textValue()))
                        .orElse(held.textValue());
            }
        }
        return text;
    }

    /**
     * The lines of a block text as they stand in their file, with empty lines for all that is above: so a problem is
     * reported at the line and column where its author finds it. Any other text as it is.
     *
     * @param line where the block begins with its {@code |}
     */
    private static String inPlace(String file, int line, String held) {
        List<String> lines = file.lines().skip(line).toList();
        List<String> wanted = held.lines().toList();
        int indent = wanted.isEmpty() || lines.isEmpty() ? 0 : lines.get(0).indexOf(wanted.get(0));
        if (indent < 1 || wanted.get(0).isBlank() || lines.size() < wanted.size()) {
            return held;
        }
        StringBuilder text = new StringBuilder("\n".repeat(line));
        for (int i = 0; i < wanted.size(); i++) {
            String expected = wanted.get(i).isEmpty() ? "" : " ".repeat(indent) + wanted.get(i);
            if (!lines.get(i).stripTrailing().equals(expected.stripTrailing())) {
                return held;
            }
            text.append(expected).append('\n');
        }
        return text.toString();
    }

    /** A configuration with Knative's ConfigMaps of a file read anew. */
    public static KnativeConfig knative(KnativeConfig before, Path file) throws UnreadableFile {
        KnativeConfig knative = before;
        for (Map.Entry<String, Map<String, String>> map : configMaps(file).entrySet()) {
            try {
                knative = knative.withConfigMap(map.getKey(), map.getValue());
            } catch (ConfigMapProblem problem) {
                throw new UnreadableFile("%s: ConfigMap %s: %s".formatted(file, map.getKey(), problem.getMessage()));
            }
        }
        return knative;
    }

    /** The data of Knative's ConfigMaps in a file, by name. */
    public static Map<String, Map<String, String>> configMaps(Path file) throws UnreadableFile {
        Map<String, Map<String, String>> maps = new LinkedHashMap<>();
        try {
            for (YamlDocument document : YamlStream.read(read(file))) {
                for (JsonNode object : objects(document.content())) {
                    String name = object.path("metadata").path("name").asText();
                    if (isConfigMap(object) && KnativeConfig.CONFIG_MAPS.contains(name)) {
                        maps.put(name, data(file, name, object.path("data")));
                    }
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

    /** The object of a document, or those of a List, as kubectl prints several. */
    private static Iterable<JsonNode> objects(JsonNode content) {
        return "List".equals(content.path("kind").asText()) ? content.path("items") : List.of(content);
    }

    private static boolean isConfigMap(JsonNode object) {
        return "ConfigMap".equals(object.path("kind").asText());
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

    static String read(Path file) throws UnreadableFile {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new UnreadableFile(file + ": no such file");
        } catch (MalformedInputException noText) {
            throw new UnreadableFile(file + ": is no UTF-8 text");
        } catch (AccessDeniedException denied) {
            throw new UnreadableFile(file + ": cannot be read: permission denied");
        } catch (IOException unreadable) {
            throw new UnreadableFile(file + ": cannot be read: " + unreadable.getMessage());
        }
    }
}
