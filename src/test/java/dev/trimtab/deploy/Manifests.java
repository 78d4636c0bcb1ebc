package dev.trimtab.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The objects of some manifests, read strictly: a key that is written twice is an error. */
record Manifests(List<JsonNode> objects) {
    static final Path FOLDER = Path.of("deploy", "webhook");
    private static final ObjectMapper JSON = new ObjectMapper();

    Manifests {
        objects = List.copyOf(objects);
    }

    /** Everything in {@code deploy/webhook} but its kustomization, in the order of the file names. */
    static Manifests ofFolder() {
        var all = new ArrayList<JsonNode>();
        files().forEach(file -> all.addAll(parse(read(file)).objects()));
        return new Manifests(all);
    }

    static List<Path> files() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> !file.endsWith("kustomization.yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Manifests parse(String text) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        var all = new ArrayList<JsonNode>();
        for (Object document : new Yaml(new SafeConstructor(options)).loadAll(text)) {
            all.add(JSON.valueToTree(document));
        }
        return new Manifests(all);
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The strings of a list; none for one that is absent. */
    static List<String> texts(JsonNode list) {
        return stream(list).map(JsonNode::asText).toList();
    }

    static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    /** What tells an object from every other of the folder, such as {@code Role/trimtab/knative-serving}. */
    static String id(JsonNode object) {
        var namespace = object.at("/metadata/namespace").asText();
        return object.path("kind").asText() + "/" + object.at("/metadata/name").asText()
                + (namespace.isEmpty() ? "" : "/" + namespace);
    }

    List<String> ids() {
        return objects.stream().map(Manifests::id).toList();
    }

    List<JsonNode> ofKind(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    JsonNode only(String kind) {
        var found = ofKind(kind);
        if (found.size() != 1) {
            throw new AssertionError("expected one " + kind + ", found " + found.size());
        }
        return found.get(0);
    }

    JsonNode get(String kind, String name) {
        return ofKind(kind).stream()
                .filter(object -> object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    /** The webhook's. */
    JsonNode container() {
        return get("Deployment", "trimtab").at("/spec/template/spec/containers/0");
    }
}
