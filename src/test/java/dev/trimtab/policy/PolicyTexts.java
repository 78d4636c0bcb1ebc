package dev.trimtab.policy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** The policies of the cluster that the documentation shows. */
final class PolicyTexts {
    private static final Pattern YAML_BLOCK = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");

    private PolicyTexts() {}

    static Stream<String> inDocs() throws IOException {
        return Stream.concat(onPage(page()).stream(), examples().stream().map(PolicyTexts::inFile));
    }

    static String page() throws IOException {
        return Files.readString(Path.of("docs/policy.md"));
    }

    /** Those in the YAML blocks of a page that a cluster's policy can hold; a namespace's own is none. */
    static List<String> onPage(String page) {
        return YAML_BLOCK
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .flatMap(PolicyTexts::ofCluster)
                .toList();
    }

    /** Those in ConfigMaps of another namespace than Trimtab's. */
    static List<String> ofNamespaces(String page) {
        return YAML_BLOCK
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("kind: ConfigMap") && !isOfCluster(block))
                .map(PolicyTexts::data)
                .toList();
    }

    static List<Path> examples() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(Path.of("docs/examples/policies"), "policy-*.yaml")) {
            found.forEach(files::add);
        }
        return files.stream().sorted().toList();
    }

    static String inFile(Path file) {
        try {
            return data(Files.readString(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The policy in a block: the block itself, or what its ConfigMap holds. */
    private static Stream<String> ofCluster(String block) {
        if (block.contains("kind: ConfigMap")) {
            return isOfCluster(block) ? Stream.of(data(block)) : Stream.empty();
        }
        return block.contains("kind: Policy") ? Stream.of(block) : Stream.empty();
    }

    private static boolean isOfCluster(String configMap) {
        return configMap.contains("namespace: trimtab\n");
    }

    private static String data(String configMap) {
        Map<String, Map<String, String>> document = new Yaml().load(configMap);
        return document.get("data").get("policy.yaml");
    }
}
