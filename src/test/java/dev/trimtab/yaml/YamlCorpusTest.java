package dev.trimtab.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Manifests as their authors wrote them: run with {@code -Dcorpus.dir=…}. */
class YamlCorpusTest {
    private static final String POINTER = "/spec/template/metadata/annotations/autoscaling.knative.dev~1max-scale";

    private List<Path> files = List.of();

    @BeforeEach
    void find() throws IOException {
        String directory = System.getProperty("corpus.dir", "");
        assumeThat(directory)
                .as("no manifests to test on: set -Dcorpus.dir to a directory of *.yaml files")
                .isNotBlank();
        try (Stream<Path> all = Files.walk(Path.of(directory))) {
            files = all.filter(YamlCorpusTest::isPublished).sorted().toList();
        }
        assertThat(files).as("*.yaml files under corpus.dir").isNotEmpty();
    }

    /** Not what was written to be broken, in bytes that are no text. */
    private static boolean isPublished(Path file) {
        return file.toString().endsWith(".yaml") && !file.toString().contains("/field/");
    }

    @Test
    @DisplayName("slices joined are the source")
    void slices() throws IOException {
        for (Path file : files) {
            String source = Files.readString(file);
            StringBuilder joined = new StringBuilder();
            Iterator<YamlDocument> documents = YamlStream.iterate(new StringReader(source));
            while (documents.hasNext()) {
                joined.append(text(documents));
            }
            assertThat(joined.toString()).as("%s", file).isEqualTo(source);
        }
    }

    @Test
    @DisplayName("content is what the parser's own loader reads, but for timestamps")
    void content() throws IOException {
        ObjectMapper json = new ObjectMapper();
        for (Path file : files) {
            Yaml yaml = new Yaml(new TimestampsAsTexts());
            for (YamlDocument document : readable(file)) {
                JsonNode expected = json.valueToTree(yaml.load(document.text()));
                assertThat(Trees.same(document.content(), expected))
                        .as("%s, document %d", file, document.index())
                        .isTrue();
            }
        }
    }

    @Test
    @DisplayName("adding an annotation adds lines and changes none")
    void addsOnly() throws IOException {
        for (Path file : files) {
            for (YamlDocument document : readable(file)) {
                JsonNode parent = document.content().at("/spec/template");
                if (document.isEmpty() || !(parent.isMissingNode() || parent.isObject())) {
                    continue;
                }
                JsonNode after = Yamls.with(document.content(), POINTER, TextNode.valueOf("0"));
                String edited = YamlEdit.apply(document, after);
                assertThat(Trees.same(Yamls.content(edited), after))
                        .as("%s, document %d", file, document.index())
                        .isTrue();
                assertOnlyAdded(document, edited, file);
            }
        }
    }

    private static String text(Iterator<YamlDocument> documents) {
        try {
            return documents.next().text();
        } catch (YamlProblem e) {
            return e.text();
        }
    }

    /** Some published manifests are not YAML; then both readers have to say so. */
    private static List<YamlDocument> readable(Path file) throws IOException {
        List<YamlDocument> readable = new ArrayList<>();
        Iterator<YamlDocument> documents = YamlStream.iterate(new StringReader(Files.readString(file)));
        while (documents.hasNext()) {
            try {
                readable.add(documents.next());
            } catch (YamlProblem e) {
                // The parser's loader takes {{ template }} for a map with a map as its key; kubectl does not.
                assertThat(e.reason().startsWith("a key must be text")
                                || catchThrowable(() -> new Yaml().load(e.text())) instanceof YAMLException)
                        .as("%s: %s", file, e)
                        .isTrue();
            }
        }
        return readable;
    }

    private static void assertOnlyAdded(YamlDocument document, String edited, Path file) {
        List<String> before = document.text().lines().toList();
        List<String> after = edited.lines().toList();
        assertThat(after)
                .as("%s, document %d: every line, in order", file, document.index())
                .containsSubsequence(before);
        assertThat(after.size() - before.size())
                .as("%s, document %d: lines added", file, document.index())
                .isBetween(1, 5);
    }

    private static final class TimestampsAsTexts extends SafeConstructor {
        TimestampsAsTexts() {
            super(new LoaderOptions());
            yamlConstructors.put(Tag.TIMESTAMP, new ConstructYamlStr() {
                @Override
                public Object construct(Node node) {
                    return ((ScalarNode) node).getValue();
                }
            });
        }
    }
}
