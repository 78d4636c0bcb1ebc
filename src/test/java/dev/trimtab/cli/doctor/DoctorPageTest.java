package dev.trimtab.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@code docs/doctor.md} says, against the code; and the manifests in the jar against those of the repository. */
class DoctorPageTest {
    private static final Path WEBHOOK = Path.of("deploy", "webhook");

    @Test
    @DisplayName("the table has each check, in order, as the code says it")
    void table() throws IOException {
        assertThat(rows("## What it checks"))
                .containsExactlyElementsOf(Check.all().stream()
                        .map(it -> "| `%s` | %s |".formatted(it.name(), it.about()))
                        .toList());
        assertThat(rows("# The doctor"))
                .extracting(it -> it.replaceAll("\\| `(\\w+)`.*", "$1"))
                .containsExactlyElementsOf(
                        Stream.of(Severity.values()).map(Severity::term).toList());
    }

    /** The rows of the first table below a heading. */
    private static List<String> rows(String heading) throws IOException {
        return Files.readAllLines(Path.of("docs", "doctor.md")).stream()
                .dropWhile(it -> !it.equals(heading))
                .dropWhile(it -> !it.startsWith("|"))
                .takeWhile(it -> it.startsWith("|"))
                .filter(it -> it.startsWith("| `"))
                .toList();
    }

    @Test
    @DisplayName("the jar has the manifests of deploy/webhook with webhook configurations or rights, all of them")
    void manifests() throws IOException {
        try (Stream<Path> files = Files.list(WEBHOOK)) {
            assertThat(files.filter(DoctorPageTest::isCompared)
                            .map(it -> it.getFileName().toString())
                            .sorted())
                    .isEqualTo(Shipped.FILES);
        }
        for (String file : Shipped.FILES) {
            try (InputStream packed = Shipped.class.getResourceAsStream("shipped/" + file)) {
                assertThat(packed.readAllBytes()).isEqualTo(Files.readAllBytes(WEBHOOK.resolve(file)));
            }
        }
    }

    private static boolean isCompared(Path file) {
        try {
            return file.toString().matches(".*/[0-9]+-.*\\.yaml")
                    && Files.readString(file).matches("(?s).*\\nkind: (\\w*Role\\w*|\\w+WebhookConfiguration)\\n.*");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName(
            "rights: one for each verb, resource and name that a shipped binding gives, in the namespaces of the cluster")
    void rights() {
        Shipped shipped = Shipped.ofJar();
        Places elsewhere = new Places("tt", "knative", "opendatahub");
        assertThat(shipped.rights(elsewhere).stream()
                        .map(it -> "%s %s %s (%s)".formatted(it.account(), it.namespace(), it.asked(), it.role())))
                .doesNotHaveDuplicates()
                .contains(
                        "trimtab tt get configmaps/trimtab-policy (Role trimtab)",
                        "trimtab  watch revisions.serving.knative.dev (ClusterRole trimtab)",
                        "trimtab knative get deployments.apps/autoscaler-hpa (Role trimtab)",
                        "trimtab-controller knative list configmaps/config-defaults (Role trimtab)",
                        "trimtab-controller tt patch leases.coordination.k8s.io/trimtab-controller (Role trimtab-controller)",
                        "trimtab-controller  patch inferenceservices/status.serving.kserve.io (ClusterRole trimtab-controller)",
                        "trimtab-controller  list inferencegraphs.serving.kserve.io (ClusterRole trimtab)");
        List<String> doors = shipped.entries(Source.MUTATING).stream()
                .filter(EntriesCheck::isDoor)
                .map(it -> it.path("name"))
                .map(JsonNode::asText)
                .toList();
        assertThat(doors).containsExactly("recorded.trimtab.dev", "recorded-ignored.trimtab.dev");
    }
}
