package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

    private static String shown(boolean terminal) throws Exception {
        StringWriter err = new StringWriter();
        Waiting waiting = new Waiting(new Progress(new PrintWriter(err), terminal), Duration.ofSeconds(1));
        waiting.until(it -> {
            it.show("1 pod");
            return Optional.of(true);
        });
        return err.toString();
    }
}
