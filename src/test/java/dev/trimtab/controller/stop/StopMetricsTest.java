package dev.trimtab.controller.stop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.controller.stop.StopHistory.StopProgress;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StopMetricsTest {
    private static final Instant MORNING = Instant.parse("2026-11-30T08:00:00Z");

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Map<ServiceRef, StopProgress> services = new HashMap<>();

    @Test
    @DisplayName(
            "stops under way and the oldest of them: released services and those that cannot be stopped do not count")
    void underWay() {
        try (StopMetrics metrics = new StopMetrics(registry, services)) {
            assertThat(value("trimtab.services.stopping")).isZero();
            assertThat(value("trimtab.stop.oldest.timestamp.seconds")).isZero();

            put("released", StopProgress.of("1", MORNING).released(true));
            put("unable", StopProgress.of("2", MORNING.plusSeconds(1)).held(false));
            put("held", StopProgress.of("3", MORNING.plusSeconds(20)).held(true));
            put("new", StopProgress.of("4", MORNING.plusSeconds(10)));
            metrics.changed();
            assertThat(value("trimtab.services.stopped")).isEqualTo(4);
            assertThat(value("trimtab.services.stopping")).isEqualTo(2);
            assertThat(value("trimtab.stop.oldest.timestamp.seconds"))
                    .isEqualTo((double) MORNING.plusSeconds(10).getEpochSecond());

            put("new", StopProgress.of("4", MORNING.plusSeconds(10)).released(true));
            assertThat(value("trimtab.services.stopping")).isEqualTo(1);
            assertThat(value("trimtab.stop.oldest.timestamp.seconds"))
                    .isEqualTo((double) MORNING.plusSeconds(20).getEpochSecond());
        }
        assertThat(registry.find("trimtab.services.stopping").gauge()).isNull();
    }

    private void put(String name, StopProgress progress) {
        services.put(new ServiceRef(Stoppable.INFERENCE_SERVICE, "ml", name), progress);
    }

    private double value(String gauge) {
        return registry.get(gauge).gauge().value();
    }
}
