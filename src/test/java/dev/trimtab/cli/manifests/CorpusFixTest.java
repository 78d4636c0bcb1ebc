package dev.trimtab.cli.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import org.junit.jupiter.api.io.TempDir;

/** The whole corpus in one run of each verb: run with {@code -Dcorpus.dir=…}. */
class CorpusFixTest {
    private static final Set<String> CHANGED = Set.of("Service", "InferenceService", "InferenceGraph");

    @TempDir
    private Path folder;

    private final List<Path> files = new ArrayList<>();
    private final List<Path> noYaml = new ArrayList<>();

    @BeforeEach
    void copy() throws IOException {
        String corpus = System.getProperty("corpus.dir", "");
        assumeThat(corpus).as("no manifests to test on: set -Dcorpus.dir").isNotBlank();
        try (Stream<Path> all = Files.walk(Path.of(corpus))) {
            for (Path file : all.filter(CorpusFixTest::isPublished).sorted().toList()) {
                Path copy = folder.resolve(Path.of(corpus).relativize(file));
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, Files.readString(file));
                (isYaml(copy) ? files : noYaml).add(copy);
            }
        }
        assertThat(files).hasSizeGreaterThan(40);
    }

    /** Not what was written to be broken, in bytes that are no text. */
    private static boolean isPublished(Path file) {
        return file.toString().endsWith(".yaml") && !file.toString().contains("/field/");
    }

    private static boolean isYaml(Path file) throws IOException {
        try {
            return !YamlStream.read(Files.readString(file)).isEmpty();
        } catch (YamlProblem problem) {
            return false;
        }
    }

    @Test
    @DisplayName("with files that are no YAML: exit code 2, a line for each of these, and they stay as they are")
    void notYaml() {
        assertThat(noYaml).as("some published manifests are no YAML").isNotEmpty();
        List<String> before = texts(noYaml);
        for (String verb : List.of("preview", "check", "fix")) {
            Cli run = Cli.run(verb, "-f", folder.toString());

            assertThat(run.code()).as(verb).isEqualTo(2);
            assertThat(run.out()).isNotEmpty();
            assertThat(noYaml).allSatisfy(file -> assertThat(run.errors()).anyMatch(it -> it.startsWith(file + ":")));
        }
        assertThat(texts(noYaml)).isEqualTo(before);
    }

    @Test
    @DisplayName("without them: no document lost or reordered, every line kept, and then nothing is left to do")
    void fixed() throws IOException {
        for (Path file : noYaml) {
            Files.delete(file);
        }
        List<String> before = texts(files);
        Cli check = Cli.run("check", "-f", folder.toString());
        // AIBrix's samples are alternatives: applied together, several scale one Deployment.
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out().lines().filter(line -> line.contains(": refused: ") || line.contains(": clamped: ")))
                .allMatch(CorpusFixTest::isExpected);

        Cli fix = Cli.run("fix", "-f", folder.toString());

        assertThat(fix.code()).as("as check").isEqualTo(1);
        assertThat(fix.errors()).isNotEmpty().allMatch(CorpusFixTest::isExpected);
        assertThat(fix.out().lines()).hasSizeGreaterThan(10);
        for (int i = 0; i < files.size(); i++) {
            sameDocuments(files.get(i), before.get(i));
        }
        Cli preview = Cli.run("preview", "-f", folder.toString(), "-o", "diff");
        assertThat(preview.out()).isEmpty();
        assertThat(Cli.run("fix", "-f", folder.toString())).isEqualTo(new Cli(1, "", fix.err()));
    }

    private static void sameDocuments(Path file, String before) throws IOException {
        String after = Files.readString(file);
        assertThat(after.lines())
                .as("%s", file)
                .containsSubsequence(before.lines().toList());
        List<JsonNode> was = contents(before);
        List<JsonNode> is = contents(after);
        assertThat(is).as("%s", file).hasSameSizeAs(was);
        for (int i = 0; i < was.size(); i++) {
            if (!CHANGED.contains(was.get(i).path("kind").asText())) {
                assertThat(is.get(i)).as("%s", file).isEqualTo(was.get(i));
            }
            assertThat(is.get(i).at("/metadata/name")).isEqualTo(was.get(i).at("/metadata/name"));
        }
    }

    private static List<JsonNode> contents(String text) {
        return YamlStream.read(text).stream().map(YamlDocument::content).toList();
    }

    /** Beside AIBrix's samples: Fluid's asks for a node selector, which Knative refuses as it comes. */
    private static boolean isExpected(String line) {
        return (line.contains("/aibrix/") && line.contains(": A1: ")) || line.contains("Knative refuses nodeSelector");
    }

    private static List<String> texts(List<Path> files) {
        return files.stream()
                .map(file -> {
                    try {
                        return Files.readString(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }
}
