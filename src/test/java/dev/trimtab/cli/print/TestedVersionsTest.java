package dev.trimtab.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.print.TestedVersions.Verdict;
import dev.trimtab.kserve.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TestedVersionsTest {
    /** Knative Serving's module is 27 minor versions and one major version behind its releases. */
    private static final int KNATIVE_BEHIND = 27;

    @Test
    @DisplayName("Kubernetes, Knative and KServe are those of the test cluster and of the recordings")
    void whatCiRuns() throws IOException {
        assertThat(TestedVersions.KUBERNETES.tested())
                .containsExactly("1." + minor("kubernetes", "k8s.io/kubernetes v1"));
        assertThat(TestedVersions.KNATIVE.tested())
                .containsExactly("1." + (minor("knative", "knative.dev/serving v0") - KNATIVE_BEHIND));
        assertThat(TestedVersions.KSERVE.tested())
                .isEqualTo(
                        Recording.VERSIONS.stream().map(it -> it.substring(1)).toList());
    }

    @Test
    @DisplayName("AIBrix: the versions that the checks of PodAutoscalers name")
    void aibrix() throws IOException {
        List<String> versions = TestedVersions.AIBRIX.tested();

        assertThat(Files.readString(Path.of("docs", "aibrix.md")))
                .contains("AIBrix %s to %s ".formatted(versions.get(0), versions.get(versions.size() - 1)));
    }

    private static int minor(String component, String module) throws IOException {
        String text = Files.readString(Path.of("test-cluster", component, "go.mod"));
        Matcher version = Pattern.compile(Pattern.quote(module) + "\\.(\\d+)").matcher(text);
        assertThat(version.find()).isTrue();
        return Integer.parseInt(version.group(1));
    }

    @Test
    @DisplayName("major and minor number decide; what is no version is unknown")
    void verdicts() {
        assertThat(TestedVersions.KUBERNETES.verdict("v1.29.9")).isEqualTo(Verdict.TOO_OLD);
        assertThat(TestedVersions.KUBERNETES.verdict("1.30")).isEqualTo(Verdict.OLDER);
        assertThat(TestedVersions.KUBERNETES.verdict("v1.36.0-eks-1234")).isEqualTo(Verdict.KNOWN);
        assertThat(TestedVersions.KUBERNETES.verdict("v1.37.0")).isEqualTo(Verdict.NEWER);
        assertThat(TestedVersions.KUBERNETES.verdict("v1.100.0")).isEqualTo(Verdict.NEWER);
        assertThat(TestedVersions.KSERVE.verdict("v0.16.0")).isEqualTo(Verdict.KNOWN);
        assertThat(TestedVersions.KSERVE.verdict("v0.13.0")).isEqualTo(Verdict.OLDER);
        assertThat(TestedVersions.CERT_MANAGER.verdict("v0.16.0")).isEqualTo(Verdict.TOO_OLD);
        assertThat(TestedVersions.CERT_MANAGER.verdict("v1.99.0")).isEqualTo(Verdict.KNOWN);
        assertThat(TestedVersions.KNATIVE.verdict("devel")).isEqualTo(Verdict.UNKNOWN);
        assertThat(TestedVersions.KNATIVE.verdict("")).isEqualTo(Verdict.UNKNOWN);
    }
}
