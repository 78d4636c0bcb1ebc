package dev.trimtab.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.lifecycle.ObservedService.StopGrace;
import dev.trimtab.manifest.Manifest;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StopGraceTest {
    @ParameterizedTest
    @CsvSource({"0,0", "30,30", "3600,3600", "007,7"})
    @DisplayName("whole seconds, an hour at most")
    void seconds(String written, long seconds) {
        assertThat(StopGrace.of(service(written))).contains(Duration.ofSeconds(seconds));
        assertThat(StopGrace.isUnreadable(service(written))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "3601", "30s", "1.5", " 5", "", "99999999999999999999"})
    @DisplayName("everything else does not count")
    void unreadable(String written) {
        assertThat(StopGrace.of(service(written))).isEmpty();
        assertThat(StopGrace.isUnreadable(service(written))).isTrue();
    }

    @Test
    @DisplayName("nothing written is nothing wrong")
    void absent() {
        Manifest service = new Manifest(JsonNodeFactory.instance.objectNode());
        assertThat(StopGrace.of(service)).isEmpty();
        assertThat(StopGrace.isUnreadable(service)).isFalse();
    }

    private static Manifest service(String written) {
        ObjectNode service = JsonNodeFactory.instance.objectNode();
        service.withObject("/metadata/annotations").put("trimtab.dev/stop-grace-seconds", written);
        return new Manifest(service);
    }
}
