package dev.trimtab.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.ScheduleStatus.Released;
import dev.trimtab.yaml.YamlStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GPU hours in the status of a schedule. */
class ReleasedTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    @Test
    @DisplayName("the time since the last account counts for each GPU, in thousandths of an hour")
    void plus() {
        Released released = released("gpuHoursReleased: \"24.500\", accountedAt: \"2026-11-27T12:00:00Z\"");

        assertThat(released.plus(8, NOON.plusSeconds(900)))
                .isEqualTo(new Released(new BigDecimal("26.500"), Optional.of(NOON.plusSeconds(900))));
        assertThat(released.plus(1, NOON.plusSeconds(2)).gpuHours()).isEqualByComparingTo("24.501");
    }

    @Test
    @DisplayName("a clock that was set back takes no hour away, and the first account counts nothing")
    void noTime() {
        Released released = released("gpuHoursReleased: \"24.500\", accountedAt: \"2026-11-27T12:00:00Z\"");

        assertThat(released.plus(8, NOON.minusSeconds(60)).gpuHours()).isEqualByComparingTo("24.500");
        assertThat(released("").plus(8, NOON).gpuHours()).isEqualByComparingTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e600000000", "1e-600000000", "many", ""})
    @DisplayName("a text that nobody can count with is nothing, and takes no memory")
    void byOthers(String text) {
        Released released = released("gpuHoursReleased: \"" + text + "\", accountedAt: \"2026-11-27T12:00:00Z\"");

        assertThat(released.plus(1, NOON.plusSeconds(3600)).gpuHours()).isEqualByComparingTo("1");
    }

    private static Released released(String status) {
        return Released.of(new Manifest((ObjectNode)
                YamlStream.read("{status: {" + status + "}}").get(0).content()));
    }
}
