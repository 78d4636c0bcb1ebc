package dev.trimtab.api.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.trimtab.api.cluster.Installation;
import dev.trimtab.api.cluster.TestCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive with a Java of its own, unpacked elsewhere, where no other Java is to be found: after {@code mvn package}. */
@Tag("packaged")
class RuntimeArchiveTest {
    private static final long DEADLINE_SECONDS = 120;
    /** The first Java whose archive of classes counts in another folder than the one it was made in. */
    private static final int CLASSES = 19;

    @TempDir
    private static Path folder;

    private static Path unpacked = Path.of("");
    private static Path tools = Path.of("");

    /** What a program printed, on both streams. */
    private record Done(int code, String text) {}

    @BeforeAll
    static void unpack() throws Exception {
        assumeThat(Path.of("target", "quarkus-app", "quarkus-run.jar"))
                .as("not packaged: run mvn -DskipTests package before")
                .exists();
        Path archive = folder.resolve("trimtab.tar.gz");
        Done packed = run(System.getenv(), "plugin/package", "--runtime", archive.toString());
        assertThat(packed.code()).as(packed.text()).isZero();
        Path place = Files.createDirectories(folder.resolve("a place"));
        assertThat(run(System.getenv(), "tar", "-xzf", archive.toString(), "-C", place.toString())
                        .code())
                .isZero();
        try (var folders = Files.list(place)) {
            unpacked = folders.findFirst().orElseThrow();
        }
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("sh", "dirname", "basename", "readlink", "sed")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin").resolve(tool));
        }
    }

    @Test
    @DisplayName("the verbs that need no cluster, under both names")
    void verbs() throws Exception {
        assertThat(unpacked.getFileName().toString())
                .matches("trimtab-\\d+\\.\\d+\\.\\d+(-SNAPSHOT)?-(linux|macos)-(x64|arm64)");
        assertThat(trimtab("--version").text()).startsWith("trimtab ");
        Done preview = trimtab("preview", "-f", "docs/examples/hello.yaml");
        assertThat(preview.code()).isZero();
        assertThat(preview.text())
                .startsWith("Warning: trimtab: initial-scale 7 lowered to max-scale 3\n")
                .contains("autoscaling.knative.dev/initial-scale: \"3\"");
        assertThat(run(
                                Map.of("PATH", tools.toString()),
                                unpacked.resolve("kubectl-trimtab").toString(),
                                "check",
                                "-o",
                                "sarif",
                                "-f",
                                "docs/examples/hello.yaml")
                        .code())
                .isEqualTo(1);
        assertThat(trimtab("lint", "docs/examples/policies/policy-vllm-fleet.yaml")
                        .code())
                .isZero();
    }

    @Test
    @DisplayName("a second archive holds Trimtab's classes where Java takes it in another folder; the JVM does take it")
    void classes() throws Exception {
        Path archive = unpacked.resolve("runtime/lib/trimtab.jsa");
        assertThat(Files.exists(archive)).isEqualTo(Runtime.version().feature() >= CLASSES);
        if (!Files.exists(archive)) {
            return;
        }

        assertThat(run(
                                Map.of("PATH", tools.toString(), "JDK_JAVA_OPTIONS", "-Xlog:class+load"),
                                unpacked.resolve("trimtab").toString(),
                                "preview",
                                "-f",
                                "docs/examples/hello.yaml")
                        .text())
                .containsPattern("dev\\.trimtab\\.cli\\.\\S+ source: shared objects file \\(top\\)");
    }

    @Test
    @DisplayName("a scan of a cluster: no module of TLS or of the client is missing")
    void scan() throws Exception {
        assumeThat(Installation.missing()).as("no test cluster").isEmpty();
        TestCluster.up();

        Done scanned = run(
                Map.of(
                        "PATH",
                        tools.toString(),
                        "KUBECONFIG",
                        TestCluster.kubeconfig().toString()),
                unpacked.resolve("trimtab").toString(),
                "scan",
                "-A");
        assertThat(scanned.text()).containsPattern("(?m)^\\d+ objects? |nothing|no ");
        assertThat(scanned.code()).as(scanned.text()).isZero();
    }

    private static Done trimtab(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = unpacked.resolve("trimtab").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return run(Map.of("PATH", tools.toString()), command);
    }

    private static Done run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "run", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(List.of(command) + " did not end");
        }
        return new Done(process.exitValue(), Files.readString(out));
    }
}
