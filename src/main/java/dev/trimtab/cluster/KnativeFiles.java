package dev.trimtab.cluster;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cluster.SettingsFiles.UnreadableFile;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.manifest.ListedObject;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlDocument.Position;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads Knative's ConfigMaps from a file, for use without a cluster. */
public final class KnativeFiles {
    private static final JsonPointer DATA = JsonPointer.compile("/data");

    private final Path file;
    private final Map<String, Map<String, String>> maps = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    /** Namespace of a KnativeServing in the file. Empty if the file has none. */
    private String operated = "";

    private KnativeFiles(Path file) {
        this.file = file;
    }

    /** @throws UnreadableFile with every bad value and its position */
    public static KnativeConfig read(KnativeConfig before, Path file) throws UnreadableFile {
        KnativeConfig knative = before;
        for (Map.Entry<String, Map<String, String>> map : configMaps(file).entrySet()) {
            try {
                knative = knative.withConfigMap(map.getKey(), map.getValue());
            } catch (ConfigMapProblem impossible) {
                throw new IllegalStateException("a ConfigMap whose values were all good", impossible);
            }
        }
        return knative;
    }

    /**
     * Returns the data of Knative's ConfigMaps in a file, by name. Never empty.
     *
     * @throws UnreadableFile with every bad value and its position
     */
    public static Map<String, Map<String, String>> configMaps(Path file) throws UnreadableFile {
        KnativeFiles files = new KnativeFiles(file);
        try {
            for (YamlDocument document : YamlStream.read(SettingsFiles.read(file))) {
                files.read(document);
            }
        } catch (YamlProblem problem) {
            throw new UnreadableFile("%s:%s".formatted(file, problem.getMessage()));
        }
        if (files.maps.isEmpty()) {
            throw new UnreadableFile(files.nothing());
        }
        if (!files.problems.isEmpty()) {
            throw new UnreadableFile(files.problems);
        }
        return files.maps;
    }

    private String nothing() {
        String namespace = operated.isEmpty() ? "knative-serving" : operated;
        String what = operated.isEmpty()
                ? "holds none of Knative's ConfigMaps " + KnativeConfig.CONFIG_MAPS
                : "is a KnativeServing, and not the ConfigMaps that the operator makes of it";
        return "%s: %s: give what kubectl -n %s get configmap -o yaml prints".formatted(file, what, namespace);
    }

    /** Reads the document's object, or the items of a List: kubectl prints several objects as a List. */
    private void read(YamlDocument document) {
        for (ListedObject object : ListedObject.of(document.content())) {
            read(document, object.at(), object.manifest().root());
        }
    }

    private void read(YamlDocument document, JsonPointer at, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        String name = metadata.path("name").asText();
        String kind = object.path("kind").asText();
        if (kind.equals("KnativeServing")) {
            operated = metadata.path("namespace").asText("knative-serving");
        }
        if (kind.equals("ConfigMap") && KnativeConfig.CONFIG_MAPS.contains(name)) {
            Map<String, String> data = data(document, at, name, object.at(DATA));
            ConfigMapProblem.all(name, data)
                    .forEach(it -> add(document, at.append(DATA), name, it.key(), it.getMessage()));
            maps.put(name, data);
        }
    }

    /** Reports a value without quotes but keeps it, so that the other values are checked together with it. */
    private Map<String, String> data(YamlDocument document, JsonPointer at, String name, JsonNode node) {
        Map<String, String> data = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (!entry.getValue().isTextual()) {
                String message = "data.%s is not text: put it in quotes".formatted(entry.getKey());
                add(document, at.append(DATA), name, entry.getKey(), message);
            }
            if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
                data.put(entry.getKey(), entry.getValue().asText());
            }
        }
        return data;
    }

    private void add(YamlDocument document, JsonPointer data, String name, String key, String message) {
        Position place = document.positionOf(data.appendProperty(key))
                .or(() -> document.positionOf(data))
                .orElseGet(() -> new Position(document.line(), 1));
        problems.add("%s:%d:%d: ConfigMap %s: %s".formatted(file, place.line(), place.column(), name, message));
    }
}
