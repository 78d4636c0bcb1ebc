package dev.trimtab.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import dev.trimtab.cli.Poll;
import dev.trimtab.cli.manifests.DiffOutput;
import dev.trimtab.cli.manifests.ManifestFile;
import dev.trimtab.cli.manifests.Preview;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    @DisplayName("one line written over on a terminal, nothing elsewhere")
    void terminal() throws Exception {
        assertThat(shown(true)).isEqualTo("\r\u001b[K1 pod (0s)\r\u001b[K");
        assertThat(shown(false)).isEmpty();
    }

    @Test
    @DisplayName("durations as they are typed")
    void durations() {
        assertThat(Durations.parse("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThat(Durations.text(Duration.ofMillis(341_900))).isEqualTo("5m41s");
    }

    @Test
    @DisplayName("colours on a terminal, plain text elsewhere")
    void colours() {
        String diff = painted(new Paint(true));

        assertThat(diff.lines())
                .contains("\u001b[32m+      timeoutSeconds: 300\u001b[0m", "\u001b[1m--- a/stdin\u001b[0m")
                .anyMatch(line -> line.startsWith("\u001b[36m@@ "));
        assertThat(diff.replaceAll("\u001b\\[\\d+m", "")).isEqualTo(painted(Paint.NONE));
        assertThat(painted(Paint.NONE)).doesNotContain("\u001b");
    }

    private static String painted(Paint paint) {
        StringWriter out = new StringWriter();
        DiffOutput output = new DiffOutput(new PrintWriter(out), paint);
        Preview preview = new Preview(Settings.DEFAULTS, "default");
        YamlStream.read(Cli.SERVICE)
                .forEach(document ->
                        output.print(ManifestFile.STANDARD_INPUT, preview.of(ManifestFile.STANDARD_INPUT, document)));
        output.end(ManifestFile.STANDARD_INPUT);
        return out.toString();
    }

    private static String shown(boolean terminal) throws Exception {
        StringWriter err = new StringWriter();
        Poll waiting = new Poll(new Progress(new PrintWriter(err), terminal), Duration.ofSeconds(1));
        waiting.until(it -> {
            it.show("1 pod");
            return Optional.of(true);
        });
        return err.toString();
    }
}
