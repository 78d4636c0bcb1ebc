package dev.trimtab.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What krew checks of a manifest (krew, internal/index/validation/validate.go). */
class KrewManifestTest {
    private final ObjectNode manifest = KrewManifest.rendered("v1.2.3", "a".repeat(64));

    @Test
    @DisplayName("name, version and description are such as krew takes")
    void plugin() {
        assertThat(manifest.path("apiVersion").asText()).isEqualTo("krew.googlecontainertools.github.com/v1alpha2");
        assertThat(manifest.path("kind").asText()).isEqualTo("Plugin");
        assertThat(manifest.at("/metadata/name").asText()).isEqualTo("trimtab").matches("[a-z0-9][a-z0-9_-]*");
        assertThat(manifest.at("/spec/version").asText()).isEqualTo("v1.2.3");
        assertThat(manifest.at("/spec/shortDescription").asText())
                .hasSizeBetween(1, 60)
                .doesNotContain("\n")
                .doesNotEndWith(".");
        assertThat(manifest.at("/spec/homepage").asText()).startsWith("https://");
        assertThat(manifest.toString()).doesNotContain("{{");
    }

    @Test
    @DisplayName("one platform for Linux and macOS, an archive of the release, the script inside of it")
    void platform() {
        assertThat(manifest.at("/spec/platforms")).hasSize(1);
        JsonNode platform = manifest.at("/spec/platforms/0");
        assertThat(platform.at("/selector/matchExpressions/0"))
                .isEqualTo(Recipes.yaml("{key: os, operator: In, values: [linux, darwin]}"));
        assertThat(platform.path("uri").asText())
                .isEqualTo("https://github.com/trimtab/trimtab/releases/download/v1.2.3/kubectl-trimtab.tar.gz");
        assertThat(platform.path("sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(platform.path("bin").asText()).isEqualTo("kubectl-trimtab").doesNotStartWith("/");
        assertThat(Files.isExecutable(
                        Path.of("plugin").resolve(platform.path("bin").asText())))
                .isTrue();
        assertThat(platform.path("files")).isEqualTo(Recipes.any("[{from: \"*\", to: .}]"));
    }
}
