package dev.trimtab.cli;

import static dev.trimtab.cli.Cli.CONFLICT;
import static dev.trimtab.cli.Cli.SERVICE;
import static dev.trimtab.cli.Cli.SERVICE_ADMITTED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as users run it, in a process of its own: after {@code mvn package}. */
@Tag("packaged")
class PackagedJarTest {
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final long DEADLINE_SECONDS = 60;

    @TempDir
    private Path folder;

    @BeforeEach
    void isPackaged() throws IOException {
        assumeThat(JAR).as("not packaged: run mvn -DskipTests package before").exists();
        try (Stream<Path> classes = Files.walk(Path.of("target", "classes"))) {
            assumeThat(classes.filter(Files::isRegularFile)
                            .allMatch(file ->
                                    file.toFile().lastModified() <= JAR.toFile().lastModified()))
                    .as("the jar is older than the classes: run mvn -DskipTests package before")
                    .isTrue();
        }
    }

    @Test
    @DisplayName("a preview from standard input: the manifests, and no line of a log")
    void preview() throws Exception {
        assertThat(jar(SERVICE, "preview", "-f", "-"))
                .isEqualTo(new Cli(0, SERVICE_ADMITTED, "Warning: trimtab: filled max-scale=0, initial-scale=1\n"));
    }

    @Test
    @DisplayName("UTF-8, whatever the platform's encoding is")
    void encoding() throws Exception {
        String text = "kind: ConfigMap\ndata: {é: \"日本 🚀\"}\n";
        List<String> command = List.of(JAVA, "-Dfile.encoding=US-ASCII", "-jar", JAR.toString(), "preview", "-f", "-");

        assertThat(run(text, command)).isEqualTo(new Cli(0, text, ""));
    }

    @Test
    @DisplayName("bad input: exit code 2, one line, no stack trace")
    void badInput() throws Exception {
        assertThat(jar("a: [", "preview", "-f", "-"))
                .isEqualTo(new Cli(
                        2,
                        "",
                        "stdin:1:5: "
                                + "expected the node content, but found '<stream end>' (while parsing a flow node)\n"));
        assertThat(jar("", "prevew").code()).isEqualTo(2);
    }

    @Test
    @DisplayName("without a verb it prints its help, and starts nothing")
    void noVerb() throws Exception {
        Cli help = jar("");

        assertThat(help.code()).isZero();
        assertThat(help.out()).startsWith("Usage: trimtab [-hV] VERB\n").contains("  serve ");
        assertThat(help.err()).isEmpty();
    }

    @Test
    @DisplayName("serve with a setting of the wrong form: one line, exit code 2, no stack trace")
    void badSetting() throws Exception {
        List<String> command = List.of(JAVA, "-Dtrimtab.cluster=maybe", "-jar", JAR.toString(), "serve");

        assertThat(run("", command))
                .isEqualTo(new Cli(
                        2,
                        "",
                        "trimtab: cannot serve: setting trimtab.cluster is \"maybe\": allowed values are auto,off\n"));
    }

    @Test
    @DisplayName("the version is that of the build, and the commit is Git's, or unknown without Git")
    void version() throws Exception {
        Cli version = jar("", "--version");

        assertThat(version.code()).isZero();
        assertThat(version.out()).matches("trimtab \\d+\\.\\d+\\.\\d+\\S*, commit ([0-9a-f]{40}|unknown)\n");
        assertThat(version.err()).isEmpty();
    }

    @Test
    @DisplayName("a reader that closes early: one line says so")
    void closedPipe() throws Exception {
        assumeThat(Path.of("/bin/sh")).as("no shell").isExecutable();
        Path many = Files.writeString(folder.resolve("many.yaml"), (SERVICE + "---\n").repeat(1000));
        String script = "{ \"$0\" -jar \"$1\" preview -f \"$2\" -o json; echo $? > \"$3\"; } | head -1";
        Path code = folder.resolve("code");

        Cli cut = run("", List.of("/bin/sh", "-c", script, JAVA, JAR.toString(), many.toString(), code.toString()));

        assertThat(cut.out()).isEqualTo("{\n");
        assertThat(cut.errors())
                .filteredOn(line -> !line.startsWith("Warning: ") && !line.startsWith("Service hello ("))
                .containsExactly("standard output was closed before the end");
        assertThat(Files.readString(code).strip()).isEqualTo("2");
    }

    @Test
    @DisplayName("interrupted while it reads: one line, exit code 2, and no file is changed or left")
    void interrupted() throws Exception {
        Path file = Files.writeString(folder.resolve("hello.yaml"), SERVICE);
        Path err = folder.resolve("err");
        Process fix = new ProcessBuilder(JAVA, "-jar", JAR.toString(), "fix", "-f", file.toString(), "-")
                .redirectError(err.toFile())
                .start();
        // More than a pipe holds: once it is written, the program is reading; it then waits for the end.
        byte[] much = (SERVICE + "---\n").repeat(1000).getBytes(StandardCharsets.UTF_8);
        fix.getOutputStream().write(much);
        fix.getOutputStream().flush();

        fix.toHandle().destroy();

        assertThat(fix.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(fix.exitValue()).isEqualTo(2);
        assertThat(Files.readString(err)).isEqualTo("trimtab: interrupted\n");
        assertThat(Files.readString(file)).isEqualTo(SERVICE);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(file, err);
        }
    }

    @Test
    @DisplayName("thousands of documents from standard input, in less memory than they would take as trees")
    void stream() throws Exception {
        String input = (SERVICE + "---\n").repeat(5000) + CONFLICT;
        List<String> command = List.of(JAVA, "-Xmx48m", "-jar", JAR.toString(), "check", "-f", "-");

        Cli check = run(input, command);

        assertThat(check.err()).isEmpty();
        assertThat(check.out()).endsWith("5001 objects: 1 clamped\n");
        assertThat(check.code()).isEqualTo(1);
    }

    @Test
    @DisplayName("a full disk is no success")
    void fullDisk() throws Exception {
        assumeThat(Path.of("/dev/full")).as("no /dev/full on this system").exists();
        String script = "\"$0\" -jar \"$1\" preview -f - > /dev/full";

        Cli cut = run("kind: A\n", List.of("/bin/sh", "-c", script, JAVA, JAR.toString()));

        assertThat(cut).isEqualTo(new Cli(2, "", "standard output cannot be written: No space left on device\n"));
    }

    private Cli jar(String input, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JAVA, "-jar", JAR.toString()));
        command.addAll(List.of(args));
        return run(input, command);
    }

    /** Through files: a pipe that nobody empties would stop the program. */
    private Cli run(String input, List<String> command) throws IOException, InterruptedException {
        Path in = Files.writeString(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        // The JVM says on standard error that it has read them.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"));
        Process process = builder.start();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end within " + DEADLINE_SECONDS + " seconds");
        }
        return new Cli(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
