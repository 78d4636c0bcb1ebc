package dev.trimtab.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.YamlStream;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final String TIME = "2026-11-22T10:00:00Z";
    private static final Instant INSTANT = Instant.parse(TIME);

    @Test
    @DisplayName("stopped: the condition Stopped, or the reason of an LLMInferenceService; since its last transition")
    void stopped() {
        Conditions stopped =
                conditions("{type: Stopped, status: \"True\", lastTransitionTime: \"%s\"}".formatted(TIME));
        assertThat(stopped.isStopped()).isTrue();
        assertThat(stopped.stoppedSince()).contains(INSTANT);
        assertThat(stopped.runningSince()).isEmpty();

        Conditions llm =
                conditions("{type: MainWorkloadReady, status: \"False\", reason: Stopped, lastTransitionTime: \"%s\"}"
                        .formatted(TIME));
        assertThat(llm.isStopped()).isTrue();
        assertThat(llm.stoppedSince()).contains(INSTANT);

        assertThat(conditions("{type: MainWorkloadReady, status: \"False\", reason: Progressing}")
                        .isStopped())
                .isFalse();
    }

    @Test
    @DisplayName("running since KServe last said that the service is not stopped")
    void runningSince() {
        Conditions running =
                conditions("{type: Stopped, status: \"False\", lastTransitionTime: \"%s\"}".formatted(TIME));
        assertThat(running.isStopped()).isFalse();
        assertThat(running.runningSince()).contains(INSTANT);
        assertThat(running.stoppedSince()).isEmpty();
        assertThat(conditions("").runningSince()).isEmpty();
        assertThat(conditions("").stoppedSince()).isEmpty();
    }

    @Test
    @DisplayName("a Stopped without our reason is KServe's: that KServe knows stops")
    void ofKserve() {
        assertThat(conditions("{type: Stopped, status: \"False\"}").hasStopOfKServe())
                .isTrue();
        assertThat(conditions("{type: Stopped, status: \"True\"}").hasStopOfKServe())
                .isTrue();
        assertThat(conditions("{type: Stopped, status: \"True\", reason: StoppedByTrimtab}")
                        .hasStopOfKServe())
                .isFalse();
        assertThat(conditions("{type: Ready, status: \"True\"}").hasStopOfKServe())
                .isFalse();
    }

    @Test
    @DisplayName("running: Ready, and not stopped")
    void running() {
        assertThat(conditions("{type: Ready, status: \"True\"}").isRunning()).isTrue();
        assertThat(conditions("{type: Ready, status: \"Unknown\"}").isRunning()).isFalse();
        assertThat(conditions("{type: Ready, status: \"True\"}, {type: Stopped, status: \"True\"}")
                        .isRunning())
                .isFalse();
        assertThat(conditions("").isRunning()).isFalse();
    }

    @Test
    @DisplayName("why a service is not ready, in one line")
    void notReady() {
        assertThat(conditions("{type: Ready, status: \"True\"}, {type: Stopped, status: \"True\"}")
                        .notReady())
                .isEqualTo("KServe still has it as stopped");
        assertThat(conditions("").notReady()).isEqualTo("KServe has not said whether it is ready");
        assertThat(conditions("{type: Ready}").notReady()).isEqualTo("Ready is Unknown");
        assertThat(conditions(
                                "{type: Ready, status: \"False\", reason: RevisionMissing, message: \" pulling\\n the image \"}")
                        .notReady())
                .isEqualTo("Ready is False: RevisionMissing: pulling the image");
    }

    private static Conditions conditions(String list) {
        return new Conditions(new Manifest((ObjectNode) YamlStream.read("{status: {conditions: [%s]}}".formatted(list))
                .get(0)
                .content()));
    }
}
