package dev.trimtab.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.controller.MemoryCluster;
import dev.trimtab.kube.EventRecorder.EventNote;
import dev.trimtab.kube.EventRecorder.Result;
import dev.trimtab.lifecycle.EventAnnotations;
import dev.trimtab.manifest.Manifest;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each Event is posted once for each moment, and none is lost: not to a failed write, and not to a Lease that is late. */
class EventRecorderTest {
    private static final Instant MOMENT = Instant.parse("2026-11-22T10:00:00.7Z");
    private static final EventNote RELEASED = EventNote.normal("Released", "2 nvidia.com/gpu free", MOMENT);

    private final MemoryCluster cluster = new MemoryCluster();
    private boolean leading = true;
    private final EventRecorder events = events();
    private final Manifest llama = new Manifest(cluster.create("inferenceservices", """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: llama, namespace: ml}
            """));

    private EventRecorder events() {
        return new EventRecorder(new RawClient(cluster.client, () -> leading), cluster.clock);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @DisplayName("the Event: on the object, with its moment and notes, cut to what the API server takes")
    void event() {
        EventNote long1 =
                EventNote.warning("StopBlocked", "x".repeat(1_500), MOMENT).with(EventAnnotations.GPUS, "{}");

        assertThat(events.record(llama, long1)).isEqualTo(Result.POSTED);

        JsonNode event = cluster.all("", "events").get(0);
        assertThat(event.at("/involvedObject/uid")).isEqualTo(llama.metadata().path("uid"));
        assertThat(event.path("involvedObject").path("kind").asText()).isEqualTo("InferenceService");
        assertThat(event.path("type").asText()).isEqualTo("Warning");
        assertThat(event.path("message").asText()).hasSize(1_000).endsWith("x…");
        assertThat(event.at("/metadata/annotations").toString())
                .isEqualTo("{\"trimtab.dev/moment\":\"2026-11-22T10:00:00Z\",\"trimtab.dev/gpus\":\"{}\"}");
        assertThat(events.history(llama)).hasSize(1);
        assertThat(events.history("StopBlocked")).hasSize(1);
        assertThat(events.history("Released")).isEmpty();
    }

    @Test
    @DisplayName("said once for each moment, by this process and by another one")
    void once() {
        assertThat(events.record(llama, RELEASED)).isEqualTo(Result.POSTED);
        assertThat(events.record(llama, RELEASED)).isEqualTo(Result.KNOWN);
        assertThat(events().record(llama, RELEASED)).as("another process").isEqualTo(Result.KNOWN);
        assertThat(events.record(llama, EventNote.normal("Released", "2 nvidia.com/gpu free", MOMENT.plusSeconds(60))))
                .as("another stop")
                .isEqualTo(Result.POSTED);
        assertThat(cluster.said("llama")).containsExactly("Released", "Released");
        assertThat(events.find(llama, "Released", MOMENT)).isPresent();
        assertThat(events.find(llama, "Released", MOMENT.plusSeconds(1))).isEmpty();
    }

    @Test
    @DisplayName("the Lease is late for a moment: the pass ends, and the next one says it")
    void notLeading() {
        leading = false;
        assertThatThrownBy(() -> events.record(llama, RELEASED)).isInstanceOf(IllegalStateException.class);
        leading = true;
        assertThat(events.record(llama, RELEASED)).isEqualTo(Result.POSTED);
        assertThat(cluster.said("llama")).containsExactly("Released");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 500, 503})
    @DisplayName("the API server does not get to it: said another time")
    void passing(int code) {
        cluster.refuse(request -> request.writes("events"), code, "not now");
        assertThat(events.record(llama, RELEASED)).isEqualTo(Result.RETRY);
        assertThat(events.record(llama, RELEASED)).isEqualTo(Result.RETRY);
        cluster.refuseNothing();
        assertThat(events.record(llama, RELEASED)).isEqualTo(Result.POSTED);
        assertThat(cluster.said("llama")).containsExactly("Released");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 422})
    @DisplayName("refused for good, as in a namespace that ends: the log has it, and it is not tried again")
    void refused(int code) {
        cluster.refuse(request -> request.writes("events"), code, "is being terminated");
        assertThat(events.record(llama, RELEASED)).isEqualTo(Result.POSTED);
        cluster.refuseNothing();
        assertThat(events.record(llama, RELEASED)).isEqualTo(Result.KNOWN);
        assertThat(cluster.said("llama")).isEqualTo(List.of());
    }
}
