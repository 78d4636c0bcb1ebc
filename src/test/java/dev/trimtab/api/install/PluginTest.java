package dev.trimtab.api.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Installation;
import dev.trimtab.gitops.KrewManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin of kubectl, as krew would unpack and link it: after {@code mvn package}. */
@Tag("packaged")
class PluginTest {
    private static final Path SCRIPT = Path.of("plugin", "kubectl-trimtab").toAbsolutePath();
    private static final long DEADLINE_SECONDS = 60;

    @TempDir
    private Path folder;

    /** What a program printed, on both streams. */
    private record Done(int code, String text) {}

    private Path bin;

    @BeforeEach
    void installed() throws Exception {
        assumeThat(Path.of("target", "quarkus-app", "quarkus-run.jar"))
                .as("not packaged: run mvn -DskipTests package before")
                .exists();
        Path archive = folder.resolve("kubectl-trimtab.tar.gz");
        Done packed = run(Map.of(), "plugin/package", archive.toString());
        assertThat(packed.code()).as(packed.text()).isZero();
        Path store = Files.createDirectories(folder.resolve("store/trimtab/v0.1.0"));
        assertThat(run(Map.of(), "tar", "-xzf", archive.toString(), "-C", store.toString())
                        .code())
                .isZero();
        bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("kubectl-trimtab"), Path.of("../store/trimtab/v0.1.0/kubectl-trimtab"));
    }

    @Test
    @DisplayName("plugin/package says how it is called, and takes no option for the name of an archive")
    void packageHelp() throws Exception {
        assertThat(run(Map.of(), "plugin/package", "--help").text())
                .startsWith("usage: plugin/package [--runtime] [ARCHIVE]");
        assertThat(run(Map.of(), "plugin/package", "--hepl").code()).isEqualTo(2);
        assertThat(run(Map.of(), "plugin/package", "a.tar.gz", "b").code()).isEqualTo(2);
        assertThat(Path.of("--help")).doesNotExist();
    }

    @Test
    @DisplayName("kubectl trimtab, through the link that krew makes")
    void throughKubectl() throws Exception {
        assumeThat(Installation.missing()).as("no kubectl").isEmpty();
        Map<String, String> path = Map.of("PATH", bin + ":" + System.getenv("PATH"));
        String kubectl = Installation.kubectl().toString();

        Done preview = run(path, kubectl, "trimtab", "preview", "-f", "docs/examples/hello.yaml");
        assertThat(preview.code()).isZero();
        assertThat(preview.text())
                .startsWith("Warning: trimtab: initial-scale 7 lowered to max-scale 3\n")
                .contains("autoscaling.knative.dev/initial-scale: \"3\"");
        assertThat(run(path, kubectl, "trimtab", "preview", "-f", "missing.yaml"))
                .extracting(Done::code)
                .isEqualTo(2);
    }

    @Test
    @DisplayName(
            "kubectl completes verbs, options and values by the program that the page has users of krew write, also after"
                    + " an upgrade, and leaves names of files to the shell")
    void completion() throws Exception {
        assumeThat(Installation.missing()).as("no kubectl").isEmpty();
        String page = Files.readString(Path.of("docs", "command-line.md"));
        String commands = page.substring(page.indexOf("mkdir -p ~/.local/bin\n"));
        Done written =
                run(Map.of("HOME", folder.toString()), "bash", "-ec", commands.substring(0, commands.indexOf("```")));
        assertThat(written).isEqualTo(new Done(0, ""));
        Path upgraded = Files.move(folder.resolve("store/trimtab/v0.1.0"), folder.resolve("store/trimtab/v0.2.0"));
        Files.delete(bin.resolve("kubectl-trimtab"));
        Files.createSymbolicLink(bin.resolve("kubectl-trimtab"), upgraded.resolve("kubectl-trimtab"));

        assertThat(completed("che")).isEqualTo("check\n:4\n");
        assertThat(completed("check", "--st")).isEqualTo("--strict\n:4\n");
        assertThat(completed("status", "-o", "")).isEqualTo("table\nwide\njson\n:4\n");
        assertThat(completed("check", "-f", "")).isEqualTo(":0\n");
        assertThat(completed("check", "-f", "a.yaml", "")).isEqualTo(":0\n");
        assertThat(completed("stop", "")).isEqualTo(":4\n");
        Files.delete(folder.resolve("store/trimtab/v0.2.0/completion/trimtab.bash"));
        assertThat(completed("che")).as("the script is made").isEqualTo("check\n:4\n");
    }

    private String completed(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(Installation.kubectl().toString(), "__complete", "trimtab"));
        command.addAll(List.of(words));
        Map<String, String> path =
                Map.of("PATH", "%s:%s:%s".formatted(bin, folder.resolve(".local/bin"), System.getenv("PATH")));
        // kubectl itself says on standard error what it looks for, and the directive in words.
        return run(path, command.toArray(String[]::new))
                .text()
                .replaceAll("(?m)^(Completion ended|\\[Debug]).*\\R", "");
    }

    @Test
    @DisplayName("the archive has a manual page of each verb")
    void manualPages() throws Exception {
        try (Stream<Path> pages = Files.list(folder.resolve("store/trimtab/v0.1.0/man/man1"))) {
            assertThat(pages.map(it -> it.getFileName().toString())).contains("trimtab.1", "trimtab-check.1");
        }
    }

    @Test
    @DisplayName("without an argument it explains itself, and does not serve the webhook")
    void withoutArgument() throws Exception {
        assertThat(run(Map.of(), bin.resolve("kubectl-trimtab").toString()))
                .matches(it -> it.code() == 0 && it.text().startsWith("Usage: trimtab "));
    }

    @Test
    @DisplayName("java is missing or too old, the jar is missing: exit code 2 and one line that says what to do")
    void cannotStart() throws Exception {
        String linked = bin.resolve("kubectl-trimtab").toString();
        Path old = Files.createDirectories(folder.resolve("java11/bin"));
        Path java = Files.writeString(old.resolve("java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019' >&2\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Path nothing = Files.createDirectories(folder.resolve("nothing"));
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of("dirname", "basename", "readlink", "sed")) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin").resolve(tool));
        }

        assertThat(run(Map.of("JAVA_HOME", old.getParent().toString()), linked))
                .isEqualTo(new Done(
                        2,
                        "kubectl-trimtab: %s is Java 11.0.2: 17 or newer is needed, set JAVA_HOME\n".formatted(java)));
        Files.writeString(old.getParent().resolve("release"), "JAVA_VERSION=\"1.8.0_392\"\n");
        assertThat(run(Map.of("JAVA_HOME", old.getParent().toString()), linked))
                .isEqualTo(new Done(
                        2,
                        "kubectl-trimtab: %s is Java 8.0_392: 17 or newer is needed, set JAVA_HOME\n".formatted(java)));
        assertThat(run(Map.of("JAVA_HOME", nothing.toString()), linked))
                .isEqualTo(new Done(
                        2,
                        "kubectl-trimtab: no bin/java in JAVA_HOME (%s): point it at Java 17 or newer\n"
                                .formatted(nothing)));
        assertThat(run(Map.of("PATH", tools.toString(), "JAVA_HOME", ""), "/bin/sh", linked))
                .isEqualTo(new Done(
                        2, "kubectl-trimtab: no java on the PATH: install Java 17 or newer, or set JAVA_HOME\n"));
        assertThat(run(Map.of("TRIMTAB_HOME", nothing.toString()), linked).text())
                .startsWith("kubectl-trimtab: no quarkus-run.jar in TRIMTAB_HOME (" + nothing);
        Path alone = Files.copy(SCRIPT, nothing.resolve("kubectl-trimtab"));
        assertThat(run(Map.of(), alone.toString()).text())
                .startsWith("kubectl-trimtab: no quarkus-run.jar beside " + nothing.toRealPath());
    }

    @Test
    @DisplayName("TRIMTAB_HOME names another build")
    void home() throws Exception {
        Path alone = Files.copy(SCRIPT, folder.resolve("kubectl-trimtab"));

        assertThat(run(
                                Map.of(
                                        "TRIMTAB_HOME",
                                        Path.of("target/quarkus-app")
                                                .toAbsolutePath()
                                                .toString()),
                                alone.toString(),
                                "--version")
                        .text())
                .startsWith("trimtab ");
    }

    @Test
    @DisplayName("Argo CD's config management plugin: what kustomize renders comes out as it would be stored")
    void configManagementPlugin() throws Exception {
        Path kustomize = Files.writeString(bin.resolve("kustomize"), "#!/bin/sh\ncat docs/examples/hello.yaml\n");
        assertThat(kustomize.toFile().setExecutable(true)).isTrue();
        Path policy = Files.writeString(folder.resolve("policy.yaml"), Cluster.DEFAULT_POLICY);
        var generate = Api.yaml(Files.readString(Path.of("deploy", "gitops", "argocd", "plugin.yaml")))
                .at("/spec/generate");
        List<String> command = new ArrayList<>();
        generate.path("command").forEach(it -> command.add(it.asText()));
        generate.path("args")
                .forEach(it -> command.add(it.asText().replace("/etc/trimtab/policy.yaml", policy.toString())));
        Map<String, String> path = Map.of("PATH", bin + ":" + System.getenv("PATH"));

        Done generated = run(path, command.toArray(String[]::new));
        assertThat(generated.code()).as(generated.text()).isZero();
        assertThat(generated.text()).contains("autoscaling.knative.dev/initial-scale: \"3\"");
        Files.writeString(kustomize, "#!/bin/sh\nexit 1\n");
        assertThat(run(path, command.toArray(String[]::new)).code())
                .as("kustomize fails")
                .isNotZero();
    }

    @Test
    @DisplayName("the same build makes the same archive, and the manifest for krew fits it")
    void krew() throws Exception {
        Path again = folder.resolve("again.tar.gz");
        String printed =
                run(Map.of(), "plugin/package", again.toString()).text().strip();
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(Files.readAllBytes(folder.resolve("kubectl-trimtab.tar.gz")));
        assertThat(printed).isEqualTo(HexFormat.of().formatHex(digest));

        List<String> entries =
                run(Map.of(), "tar", "-tzf", again.toString()).text().lines().toList();
        assertThat(entries).contains("LICENSE", "kubectl-trimtab", "quarkus-app/quarkus-run.jar");
        var platform = KrewManifest.rendered("v0.1.0", printed).at("/spec/platforms/0");
        assertThat(entries).contains(platform.path("bin").asText());
        assertThat(platform.path("sha256").asText()).isEqualTo(printed);
        try (Stream<Path> files = Files.list(folder.resolve("store/trimtab/v0.1.0"))) {
            assertThat(files.map(it -> it.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "LICENSE",
                            "completion",
                            "kubectl-trimtab",
                            "kubectl_complete-trimtab",
                            "man",
                            "quarkus-app");
        }
        assertThat(Pattern.matches("[0-9a-f]{64}", printed)).isTrue();
    }

    private Done run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        // The JVM says on standard error that it has read them.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(List.of(command) + " did not end");
        }
        return new Done(process.exitValue(), Files.readString(out));
    }
}
