package dev.trimtab.cli.help;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.trimtab.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In real shells, at a terminal: what is typed ends with the tabulator, and the shell says what came of it. */
class CompletionTest {
    private static final long DEADLINE_SECONDS = 60;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bash --norc --noprofile -i", "zsh -f -i"})
    @DisplayName("verbs, options, values and names of files are completed")
    void typed(String shell) throws Exception {
        String program = shell.substring(0, shell.indexOf(' '));
        assumeThat(installed(program) && installed("script"))
                .as("not installed: " + program + " or script")
                .isTrue();
        Files.createDirectories(folder.resolve("models"));
        Files.writeString(folder.resolve("models/only.yaml"), "");
        Files.writeString(folder.resolve("policy.yaml"), "");

        assertThat(completed(
                        shell,
                        "ver\t",
                        "check --st\t",
                        "check -o ju\t",
                        "check -f mod\tonl\t",
                        "check -f policy.yaml models/o\t --policy pol\t",
                        "stop x --kind inferenceg\t",
                        "refresh x --kind ser\t",
                        "lint pol\t",
                        "schedule pre\t -f policy.yaml models/o\t -o js\t",
                        "completion z\t"))
                .containsExactly(
                        "version",
                        "check --strict",
                        "check -o junit",
                        "check -f models/only.yaml",
                        "check -f policy.yaml models/only.yaml --policy policy.yaml",
                        "stop x --kind inferencegraph",
                        "refresh x --kind service",
                        "lint policy.yaml",
                        "schedule preview -f policy.yaml models/only.yaml -o json",
                        "completion zsh");
    }

    @Test
    @DisplayName("another shell is named as what it is not")
    void otherShell() {
        assertThat(Cli.run("completion", "fish").errors())
                .containsExactly("trimtab completion: Invalid value for positional parameter at index 0 (SHELL):"
                        + " 'fish' is not one of bash, zsh (see trimtab completion --help)");
        assertThat(Cli.run("completion").code()).isEqualTo(2);
    }

    private List<String> completed(String shell, String... typed) throws IOException, InterruptedException {
        Path script = Files.writeString(
                folder.resolve("completion"), Cli.run("completion", "bash").out());
        Path result = folder.resolve("result");
        StringBuilder input = new StringBuilder("PS1=\nsource %s\ncd %s\n".formatted(script, folder));
        input.append("trimtab() { printf '%%s\\n' \"$*\" >> %s; }\n".formatted(result));
        for (String words : typed) {
            input.append("trimtab ").append(words).append('\n');
        }
        Path keys = Files.writeString(folder.resolve("keys"), input + "exit\n");
        Process terminal = new ProcessBuilder("script", "-qec", shell, "/dev/null")
                .redirectInput(keys.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("screen").toFile())
                .start();
        if (!terminal.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            terminal.destroyForcibly();
            throw new AssertionError("the shell did not end: " + Files.readString(folder.resolve("screen")));
        }
        return Files.readAllLines(result).stream().map(String::strip).toList();
    }

    private static boolean installed(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(it -> Files.isExecutable(Path.of(it, program)));
    }
}
