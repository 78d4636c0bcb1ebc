package dev.trimtab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.print.TestedVersions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** docs/compatibility.md has the versions of {@link TestedVersions}, of the libraries and of the build. */
class CompatibilityPageTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| [^|]+ \\|$");

    private record Row(String needed, String tested) {}

    @Test
    @DisplayName("products that TestedVersions has: what is needed, and what CI runs")
    void products() throws IOException {
        for (TestedVersions it : TestedVersions.values()) {
            Row row = rows().get(it.product());
            assertThat(row).as(it.product()).isNotNull();
            assertThat(row.needed()).startsWith(it.oldest().isEmpty() ? "any" : it.oldest() + " or newer");
            assertThat(row.tested()).isEqualTo(it.tested().isEmpty() ? "-" : String.join(", ", it.tested()));
        }
    }

    @Test
    @DisplayName(
            "Argo CD, Flux and Helm: the versions of their libraries; Java: the release that the build compiles for")
    void libraries() throws IOException {
        String modules = Files.readString(Path.of("test-cluster", "gitops-diff", "go.mod"));
        assertThat(rows().get("Argo CD").tested())
                .isEqualTo("gitops-engine " + found(modules, "argoproj/gitops-engine (\\S+)"));
        assertThat(rows().get("Flux").tested()).isEqualTo("fluxcd/pkg/ssa " + found(modules, "fluxcd/pkg/ssa (\\S+)"));
        assertThat(rows().get("Helm").tested())
                .isEqualTo(found(
                        Files.readString(Path.of("test-cluster", "helm", "go.mod")), "helm\\.sh/helm/v3 v(\\S+)"));
        assertThat(rows().get("Java, for the command line").tested())
                .isEqualTo(found(Files.readString(Path.of("pom.xml")), "release>(\\d+)</"));
    }

    private static String found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private static Map<String, Row> rows() throws IOException {
        String page = Files.readString(Path.of("docs", "compatibility.md"));
        String table =
                found(page, "(?s)<!-- versions, compared by CompatibilityPageTest -->(.*)<!-- end of versions -->");
        return ROW.matcher(table)
                .results()
                .collect(Collectors.toMap(it -> it.group(1), it -> new Row(it.group(2), it.group(3))));
    }
}
