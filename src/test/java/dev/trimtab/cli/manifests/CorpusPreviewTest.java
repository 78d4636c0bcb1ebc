package dev.trimtab.cli.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.cli.Cli;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Manifests as their authors wrote them: run with {@code -Dcorpus.dir=…}. */
class CorpusPreviewTest {
    private static final Set<String> REVIEWED = Set.of("Service", "InferenceService", "InferenceGraph");

    private List<Path> files = List.of();

    @BeforeEach
    void find() throws IOException {
        String directory = System.getProperty("corpus.dir", "");
        assumeThat(directory)
                .as("no manifests to test on: set -Dcorpus.dir to a directory with kserve/ and knative/")
                .isNotBlank();
        List<Path> found = new ArrayList<>();
        for (String project : List.of("kserve", "knative")) {
            try (Stream<Path> all = Files.walk(Path.of(directory, project))) {
                all.filter(file -> file.toString().endsWith(".yaml")).sorted().forEach(found::add);
            }
        }
        found.removeIf(CorpusPreviewTest::isNotYaml);
        files = found;
        assertThat(files).as("*.yaml files of kserve and knative").hasSizeGreaterThan(20);
    }

    @Test
    @DisplayName("every file, in every format: exit code 0, and nothing on standard error but warnings")
    void everyFormat() {
        for (Path file : files) {
            for (String format : List.of("yaml", "json", "diff", "explain")) {
                Cli preview = Cli.run("preview", "-f", file.toString(), "-o", format);

                assertThat(preview.code())
                        .as("%s %s: %s", file, format, preview.err())
                        .isZero();
                assertThat(preview.errors())
                        .as("%s %s", file, format)
                        .allMatch(line -> line.startsWith("Warning: trimtab: ") || line.endsWith("):"));
            }
        }
    }

    @Test
    @DisplayName("every line of the author is in the YAML output, in order; no file has a value that is replaced")
    void linesSurvive() throws IOException {
        int changed = 0;
        for (Path file : files) {
            String before = Files.readString(file);
            Cli preview = Cli.run("preview", "-f", file.toString());

            assertThat(preview.err()).as("%s", file).doesNotContain("lowered to", "raised to");
            assertThat(preview.out().lines())
                    .as("%s", file)
                    .containsSubsequence(before.lines().toList());
            changed += preview.out().equals(before) ? 0 : 1;
        }
        assertThat(changed).as("files with something to fill").isPositive();
    }

    @Test
    @DisplayName("a preview of a preview changes nothing")
    void idempotent() {
        for (Path file : files) {
            for (String format : List.of("yaml", "json")) {
                String once =
                        Cli.run("preview", "-f", file.toString(), "-o", format).out();

                assertThat(Cli.runWith(once, "preview", "-f", "-", "-o", format).out())
                        .as("%s %s", file, format)
                        .isEqualTo(once);
            }
        }
    }

    @Test
    @DisplayName("as JSON, a document that passes through is its content")
    void json() throws IOException {
        int passed = 0;
        for (Path file : files) {
            String out = Cli.run("preview", "-f", file.toString(), "-o", "json").out();
            try (MappingIterator<JsonNode> objects =
                    new JsonMapper().readerFor(JsonNode.class).readValues(out)) {
                for (YamlDocument document : YamlStream.read(Files.readString(file))) {
                    if (document.isEmpty()) {
                        continue;
                    }
                    JsonNode object = objects.next();
                    if (!REVIEWED.contains(object.path("kind").asText())) {
                        passed++;
                        assertThat(object)
                                .as("%s, document %d", file, document.index())
                                .isEqualTo(new JsonMapper()
                                        .readTree(document.content().toString()));
                    }
                }
                assertThat(objects.hasNext()).as("%s", file).isFalse();
            }
        }
        assertThat(passed).as("documents that pass through").isPositive();
    }

    /** Some published manifests are not YAML: then that is said, and nothing else. */
    private static boolean isNotYaml(Path file) {
        try {
            YamlStream.read(Files.readString(file));
            return false;
        } catch (YamlProblem notYaml) {
            Cli preview = Cli.run("preview", "-f", file.toString());
            assertThat(preview.code()).isEqualTo(2);
            assertThat(preview.out()).isEmpty();
            assertThat(preview.err())
                    .startsWith(file + ":" + notYaml.position().line() + ":")
                    .endsWith(notYaml.reason() + "\n");
            return true;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
