package dev.trimtab.cluster;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cluster.SettingsFiles.UnreadableFile;
import dev.trimtab.kserve.DeployConfig;
import dev.trimtab.kserve.DeployConfig.DeployConfigProblem;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.ListedObject;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads KServe's configuration from a file, for use without a cluster. */
public final class KserveFiles {
    private static final JsonPointer DEPLOY = Pointers.of("data", "deploy");

    private KserveFiles() {}

    /** Returns the default mode that KServe's ConfigMap in the file sets. Empty if it sets none. */
    public static Optional<DeploymentMode> defaultMode(Path file) throws UnreadableFile {
        try {
            for (YamlDocument document : YamlStream.read(SettingsFiles.read(file))) {
                Optional<JsonPointer> at = configMap(document.content());
                if (at.isPresent()) {
                    return defaultMode(file, document, at.get());
                }
            }
        } catch (YamlProblem problem) {
            throw new UnreadableFile("%s:%s".formatted(file, problem.getMessage()));
        }
        throw new UnreadableFile("%s: holds no ConfigMap %s: get it by kubectl get configmap %s -n kserve -o yaml"
                .formatted(file, DeployConfig.CONFIG_MAP, DeployConfig.CONFIG_MAP));
    }

    private static Optional<DeploymentMode> defaultMode(Path file, YamlDocument document, JsonPointer at)
            throws UnreadableFile {
        Map<String, String> data = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry :
                document.content().at(at).path("data").properties()) {
            data.put(entry.getKey(), entry.getValue().asText(""));
        }
        try {
            return DeployConfig.defaultMode(data);
        } catch (DeployConfigProblem problem) {
            String place = document.positionOf(at.append(DEPLOY))
                    .map(it -> ":%d:%d".formatted(it.line(), it.column()))
                    .orElse("");
            throw new UnreadableFile(
                    "%s%s: ConfigMap %s: %s".formatted(file, place, DeployConfig.CONFIG_MAP, problem.getMessage()));
        }
    }

    /** Returns the place of KServe's ConfigMap: the document itself, or an item of a List. Empty if it is not there. */
    private static Optional<JsonPointer> configMap(JsonNode content) {
        return ListedObject.of(content).stream()
                .filter(it -> isConfigMap(it.manifest().root()))
                .map(ListedObject::at)
                .findFirst();
    }

    private static boolean isConfigMap(JsonNode object) {
        return object.path("kind").asText().equals("ConfigMap")
                && object.at("/metadata/name").asText().equals(DeployConfig.CONFIG_MAP);
    }
}
