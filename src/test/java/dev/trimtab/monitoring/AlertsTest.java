package dev.trimtab.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.deploy.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each alert fires when it should, by Prometheus' own evaluation, is silent otherwise, and says what to do. */
class AlertsTest {
    private static final Path CASES = Path.of("src", "test", "resources", "monitoring");
    private static final String PAGE = "https://github.com/trimtab/trimtab/blob/main/docs/metrics.md#";

    @TempDir
    private Path folder;

    static Stream<Path> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    @DisplayName("fires and is silent, as the file says")
    void fires(Path file) throws IOException {
        Optional<Path> promtool = Command.find("promtool");
        assumeTrue(
                promtool.isPresent(), "no promtool on the PATH (Debian's package prometheus): no alert is evaluated");
        ObjectNode rules = Shipped.rules();
        // The cases compare the description, which has values in it; the other annotations are texts.
        rules.path("groups").forEach(group -> group.path("rules")
                .forEach(rule -> ((ObjectNode) rule.path("annotations")).retain("description")));
        Files.writeString(folder.resolve("rules.yaml"), rules.toString());
        Path copy = Files.copy(file, folder.resolve(file.getFileName()));

        Command tested = Command.run(List.of(promtool.get().toString(), "test", "rules", copy.toString()));

        assertThat(tested.exitCode()).as(tested.output()).isZero();
    }

    @Test
    @DisplayName("no alert without a case in which it fires, and one in which it is silent")
    void everyAlert() throws IOException {
        Set<String> firing = new HashSet<>();
        Set<String> silent = new HashSet<>();
        cases().map(Shipped::yaml)
                .flatMap(file -> Shipped.stream(file.path("tests")))
                .flatMap(test -> Shipped.stream(test.path("alert_rule_test")))
                .forEach(it -> (it.path("exp_alerts").isEmpty() ? silent : firing)
                        .add(it.path("alertname").asText()));

        assertThat(names()).doesNotHaveDuplicates();
        assertThat(firing).containsExactlyInAnyOrderElementsOf(names());
        assertThat(silent).containsExactlyInAnyOrderElementsOf(names());
    }

    @Test
    @DisplayName("each has a severity, a summary and a description, and a section of the page")
    void says() {
        List<String> sections = MetricsPage.text()
                .lines()
                .filter(line -> line.startsWith("### Trimtab"))
                .map(line -> line.substring(4))
                .toList();
        assertThat(sections).containsExactlyElementsOf(names());
        for (JsonNode alert : Shipped.alerts()) {
            String name = alert.path("alert").asText();
            JsonNode annotations = alert.path("annotations");
            assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning", "info");
            assertThat(annotations.path("summary").asText())
                    .as(name)
                    .endsWith(".")
                    .doesNotContain("{{");
            assertThat(annotations.path("description").asText()).as(name).endsWith(".");
            assertThat(annotations.path("runbook_url").asText()).isEqualTo(PAGE + name.toLowerCase(Locale.ROOT));
        }
    }

    private static List<String> names() {
        return Shipped.alerts().stream().map(it -> it.path("alert").asText()).toList();
    }
}
