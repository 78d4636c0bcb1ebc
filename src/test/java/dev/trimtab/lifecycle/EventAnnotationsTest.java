package dev.trimtab.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.gpu.GpuCount;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventAnnotationsTest {
    private static final GpuCount GPUS =
            new GpuCount(Map.of("nvidia.com/gpu", BigDecimal.valueOf(8), "gpu-fraction", new BigDecimal("0.5")));

    @Test
    @DisplayName("what was written is read again")
    void roundTrip() {
        assertThat(EventAnnotations.read(event(EventAnnotations.text(GPUS)))).isEqualTo(GPUS);
        assertThat(EventAnnotations.text(GpuCount.NONE)).isEqualTo("{}");
        assertThat(EventAnnotations.gpus("{}")).contains(GpuCount.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8",
                "[8]",
                "{\"nvidia.com/gpu\":",
                "{\"nvidia.com/gpu\": \"many\"}",
                "{\"nvidia.com/gpu\": {}}",
                "{\"nvidia.com/gpu\": \"1e600000000\"}",
                "{\"nvidia.com/gpu\": 1e600000000}",
                "{\"nvidia.com/gpu\": \"1e-600000000\"}"
            })
    @DisplayName(
            "anybody may write an Event: what Trimtab does not write counts as no GPUs, and a hostile number takes no memory")
    void byOthers(String note) {
        assertThat(EventAnnotations.read(event(note)).plus(GPUS)).isEqualTo(GPUS);
    }

    private static JsonNode event(String note) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.putObject("metadata").putObject("annotations").put(EventAnnotations.GPUS, note);
        return event;
    }
}
