package dev.trimtab.api.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Installation;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What people write. */
final class RealManifests {
    private RealManifests() {}

    /** All Knative Services, InferenceServices and InferenceGraphs of the corpus, and of the docs what is not clamped. */
    static List<ObjectNode> all() throws IOException {
        List<Path> files = new ArrayList<>(List.of(Path.of("docs", "examples", "llama.yaml")));
        for (String folder : List.of("kserve", "knative")) {
            try (Stream<Path> all = Files.list(Installation.corpus().resolve(folder))) {
                // The last one has fields of v1alpha2, which the API server throws away.
                all.filter(it -> it.toString().endsWith(".yaml")
                                && !it.toString().endsWith("rollout-strategy-example.yaml"))
                        .sorted()
                        .forEach(files::add);
            }
        }
        List<ObjectNode> manifests = new ArrayList<>();
        for (Path file : files) {
            for (YamlDocument document : documents(file)) {
                if (document.content() instanceof ObjectNode object && isServed(object)) {
                    String name = object.at("/metadata/name").asText("model");
                    object.withObject("/metadata").put("name", name + "-" + manifests.size());
                    manifests.add(object);
                }
            }
        }
        assertThat(manifests).hasSizeGreaterThan(25);
        return manifests;
    }

    /** None of a template: it becomes YAML only when it is rendered. */
    private static List<YamlDocument> documents(Path file) throws IOException {
        try {
            return YamlStream.read(Files.readString(file));
        } catch (YamlProblem template) {
            return List.of();
        }
    }

    private static boolean isServed(ObjectNode object) {
        return Map.of(
                        "serving.knative.dev/v1",
                        "Service",
                        "serving.kserve.io/v1beta1",
                        "InferenceService",
                        "serving.kserve.io/v1alpha1",
                        "InferenceGraph")
                .getOrDefault(object.path("apiVersion").asText(), "")
                .equals(object.path("kind").asText());
    }
}
