package dev.trimtab.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.lifecycle.HeldPods.HeldPod;
import dev.trimtab.yaml.YamlStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HeldPodsTest {
    private static final String GPUS = "containers: [{name: main, resources: {limits: {nvidia.com/gpu: \"2\"}}}]";

    @Test
    @DisplayName("a pod holds its GPUs from its scheduling until its last container has ended")
    void held() {
        HeldPods held = HeldPods.of(List.of(
                pod("", "nodeName: a, " + GPUS, "phase: Running"),
                pod("", GPUS, "phase: Pending"),
                pod("", "nodeName: a, " + GPUS, "phase: Succeeded"),
                pod("", "nodeName: a, " + GPUS, "phase: Failed")));

        assertThat(held).hasToString("2 pods with 2 nvidia.com/gpu");
        assertThat(held.isEmpty()).isFalse();
        assertThat(HeldPods.of(List.of(pod("", "nodeName: a, " + GPUS, "phase: Running"))))
                .hasToString("1 pod with 2 nvidia.com/gpu");
        assertThat(HeldPods.of(List.of()).isEmpty()).isTrue();
    }

    @Test
    @DisplayName("since when: the request to delete it, else its start, else its creation")
    void since() {
        String created = "creationTimestamp: \"2026-11-22T10:00:00Z\"";
        String started = "startTime: \"2026-11-22T10:00:05Z\"";
        String asked = ", deletionTimestamp: \"2026-11-22T10:10:00Z\", deletionGracePeriodSeconds: 540";

        assertThat(one(created, "", "")).isEqualTo(pod(false, "2026-11-22T10:00:00Z"));
        assertThat(one(created, "", started)).isEqualTo(pod(false, "2026-11-22T10:00:05Z"));
        assertThat(one(created + asked, "", started))
                .as("the API server writes the end of the grace period")
                .isEqualTo(pod(true, "2026-11-22T10:01:00Z"));
    }

    private static HeldPod pod(boolean terminating, String since) {
        return new HeldPod("ml", "llama", "", terminating, Optional.of(Instant.parse(since)), GpuCount.NONE);
    }

    private static HeldPod one(String metadata, String spec, String status) {
        return HeldPods.of(List.of(pod(metadata, spec, status))).pods().get(0);
    }

    private static JsonNode pod(String metadata, String spec, String status) {
        return YamlStream.read("{metadata: {namespace: ml, name: llama%s}, spec: {%s}, status: {%s}}"
                        .formatted(metadata.isEmpty() ? "" : ", " + metadata, spec, status))
                .get(0)
                .content();
    }
}
