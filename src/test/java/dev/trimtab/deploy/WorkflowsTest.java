package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The workflows of GitHub: what can be known of them without running them. */
class WorkflowsTest {
    private static final Path FOLDER = Path.of(".github", "workflows");
    private static final Pattern SCRIPT =
            Pattern.compile("(?<![\\w/.-])(?:\\./)?((?:release|plugin|\\.ci)/[a-z][a-z-]*)\\b");

    static List<Path> workflows() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    @DisplayName("each action is pinned to a commit, with its version beside")
    void pinned(Path workflow) {
        assertThat(Manifests.read(workflow).lines().filter(line -> line.contains("uses:")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.strip())
                        .matches("(?:- )?uses: [a-z-]+/[a-z-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
    }

    @ParameterizedTest
    @MethodSource("workflows")
    @DisplayName(
            "rights: none for the workflow, and for each job only what it names; a checkout leaves no token behind")
    void rights(Path workflow) {
        var read = load(workflow);

        assertThat(read.path("permissions")).isEmpty();
        assertThat(read.has("permissions")).isTrue();
        assertThat(Manifests.read(workflow)).doesNotContain("secrets.", "pull_request_target");
        for (JsonNode job : read.path("jobs")) {
            assertThat(job.path("permissions")).isNotEmpty();
            assertThat(job.path("timeout-minutes").asInt()).isBetween(1, 60);
            assertThat(Manifests.stream(job.path("steps"))
                            .filter(step -> step.path("uses").asText().startsWith("actions/checkout@")))
                    .allSatisfy(step ->
                            assertThat(step.at("/with/persist-credentials")).hasToString("false"));
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    @DisplayName("what a step runs exists, and no expression is part of a script")
    void scripts(Path workflow) {
        for (JsonNode job : load(workflow).path("jobs")) {
            for (JsonNode step : job.path("steps")) {
                var run = step.path("run").asText();
                assertThat(run).doesNotContain("${{");
                assertThat(SCRIPT.matcher(run).results().map(it -> Path.of(it.group(1))))
                        .allSatisfy(script -> assertThat(Files.isExecutable(script))
                                .as("%s", script)
                                .isTrue());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("workflows")
    @DisplayName("a job waits only for jobs that exist, and reads only from those that it waits for")
    void needs(Path workflow) {
        var jobs = load(workflow).path("jobs");
        jobs.properties().forEach(job -> {
            var needs = job.getValue().path("needs");
            var needed = needs.isTextual() ? List.of(needs.asText()) : Manifests.texts(needs);
            assertThat(needed).allSatisfy(it -> assertThat(jobs.has(it)).isTrue());
            assertThat(Pattern.compile("needs\\.(\\w+)\\.outputs\\.(\\w+)")
                            .matcher(job.getValue().toString())
                            .results())
                    .allSatisfy(it -> {
                        assertThat(needed).contains(it.group(1));
                        assertThat(jobs.path(it.group(1)).path("outputs").has(it.group(2)))
                                .isTrue();
                    });
        });
    }

    @Test
    @DisplayName("a release: the tag is checked first, and only the last two jobs publish and sign")
    void release() {
        var release = load(FOLDER.resolve("release.yml"));
        var jobs = release.path("jobs");
        assertThat(release.path("concurrency"))
                .as("never two at once, and never half of one")
                .hasToString("{\"group\":\"release\",\"cancel-in-progress\":false}");

        assertThat(Manifests.stream(jobs.at("/build/steps"))
                        .map(step -> step.path("run").asText()))
                .filteredOn(run -> !run.isEmpty())
                .first()
                .asString()
                .startsWith("release/check \"$GITHUB_REF_NAME\"\n");
        assertThat(jobs.properties().stream()
                        .filter(job -> job.getValue().path("permissions").has("id-token")))
                .extracting(job -> job.getKey())
                .containsExactly("publish", "release");
        assertThat(Manifests.texts(jobs.at("/publish/needs"))).containsExactly("build", "archive", "image");
        assertThat(jobs.properties().stream().filter(job -> job.getValue()
                        .at("/permissions/contents")
                        .asText()
                        .equals("write")))
                .extracting(job -> job.getKey())
                .containsExactly("release");
    }

    private static JsonNode load(Path workflow) {
        return Manifests.parse(Manifests.read(workflow)).objects().get(0);
    }
}
