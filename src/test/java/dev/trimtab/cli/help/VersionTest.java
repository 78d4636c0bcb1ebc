package dev.trimtab.cli.help;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.cli.Cli;
import dev.trimtab.cli.print.TestedVersions;
import dev.trimtab.cli.print.Version;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VersionTest {
    private static final String KUBERNETES = TestedVersions.KUBERNETES.tested().get(0);

    @Test
    @DisplayName("version, commit, Java, and what it is tested with")
    void text() {
        assertThat(Cli.run("version").out().lines())
                .startsWith(
                        "trimtab     " + Version.text(),
                        "commit      " + Version.commit().orElse("unknown"),
                        "Java        " + Runtime.version())
                .contains(
                        "tested with Kubernetes " + KUBERNETES,
                        "tested with AIBrix " + String.join(", ", TestedVersions.AIBRIX.tested()),
                        "needs       Kubernetes 1.30 or newer");
    }

    @Test
    @DisplayName("the same for programs")
    void json() throws Exception {
        JsonNode version =
                new JsonMapper().readTree(Cli.run("version", "-o", "json").out());

        assertThat(version.fieldNames())
                .toIterable()
                .containsExactly("version", "commit", "java", "testedWith", "needs");
        assertThat(version.at("/testedWith/Kubernetes/0").asText()).isEqualTo(KUBERNETES);
        assertThat(version.at("/testedWith").has("cert-manager")).isFalse();
        assertThat(version.at("/needs/cert-manager").asText()).isEqualTo(TestedVersions.CERT_MANAGER.oldest());
    }
}
