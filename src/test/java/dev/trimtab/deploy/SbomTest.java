package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The list of all that is in the jar, as {@code mvn -Prelease package} writes it: CycloneDX. */
@Tag("packaged")
class SbomTest {
    /** All of them may be shipped with a program under Apache-2.0, if their texts go along, which the jars do. */
    private static final Set<String> LICENCES = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "EPL-1.0",
            "EPL-2.0",
            // What biweekly's POM says: the two-clause BSD licence.
            "FreeBSD License",
            "GPL-2.0-with-classpath-exception");

    private JsonNode sbom;

    @BeforeEach
    void read() throws IOException {
        Path file = Path.of("target", "bom.json");
        assumeTrue(Files.exists(file), "no target/bom.json: run mvn -Prelease package");
        sbom = new ObjectMapper().readTree(file.toFile());
    }

    @Test
    @DisplayName("it is about this version, and names each part so that a scanner finds it")
    void parts() {
        assertThat(sbom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(sbom.at("/metadata/component/name").asText()).isEqualTo("trimtab");
        assertThat(Manifests.read(Path.of("pom.xml")))
                .contains("<version>" + sbom.at("/metadata/component/version").asText() + "</version>");
        assertThat(sbom.path("components"))
                .hasSizeGreaterThan(50)
                .allSatisfy(part -> assertThat(part.path("purl").asText()).startsWith("pkg:maven/"));
    }

    @Test
    @DisplayName("what runs is in it, and what only tests need is not")
    void runtime() {
        Set<String> names = Manifests.stream(sbom.path("components"))
                .map(part -> part.path("name").asText())
                .collect(Collectors.toSet());

        assertThat(names)
                .contains(
                        "quarkus-vertx-http",
                        "kubernetes-client",
                        "picocli",
                        "jackson-databind",
                        "snakeyaml",
                        "biweekly")
                .doesNotContain(
                        "junit-jupiter", "junit-jupiter-api", "jqwik", "assertj-core", "luaj-jse", "cel", "archunit");
    }

    @Test
    @DisplayName("each part has one of these licences")
    void licences() {
        assertThat(sbom.path("components")).allSatisfy(part -> assertThat(licences(part))
                .as("%s", part.path("purl").asText())
                .isNotEmpty()
                .anyMatch(LICENCES::contains));
    }

    /** One with a choice of licences needs one that fits. */
    private static List<String> licences(JsonNode part) {
        return Manifests.stream(part.path("licenses"))
                .map(it -> it.at("/license/id")
                        .asText(it.path("expression")
                                .asText(it.at("/license/name").asText())))
                .toList();
    }
}
