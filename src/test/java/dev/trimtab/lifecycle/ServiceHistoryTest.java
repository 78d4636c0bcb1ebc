package dev.trimtab.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.yaml.YamlStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Events tell of a service. A word such as {@code Stopping@10} is an Event about the moment 10:00:10. */
class ServiceHistoryTest {
    @Test
    @DisplayName("the last stop that began at a moment or earlier, in whatever order the Events come")
    void lastStop() {
        ServiceHistory history = history("Stopping@30", "Stopping@10", "Starting@20", "Released@40");

        assertThat(history.lastStop(at(9))).isEmpty();
        assertThat(history.lastStop(at(10)).map(ServiceHistory::moment)).contains(at(10));
        assertThat(history.lastStop(at(29)).map(ServiceHistory::moment)).contains(at(10));
        assertThat(history.lastStop(at(30)).map(ServiceHistory::moment)).contains(at(30));
    }

    @Test
    @DisplayName("a start since a moment counts from that moment on")
    void startSince() {
        ServiceHistory history = history("Starting@20", "Started@25");

        assertThat(history.hasStartSince(at(20))).isTrue();
        assertThat(history.hasStartSince(at(21))).isFalse();
        assertThat(history("Stopping@20").hasStartSince(at(0))).isFalse();
    }

    @Test
    @DisplayName("what came last: a stop, a start, or neither; a start at the moment of the stop is later")
    void last() {
        assertThat(history())
                .returns(false, ServiceHistory::endsWithStop)
                .returns(false, ServiceHistory::endsWithStart);
        assertThat(history("Stopping@10", "Starting@20"))
                .returns(false, ServiceHistory::endsWithStop)
                .returns(true, ServiceHistory::endsWithStart);
        assertThat(history("Starting@20", "Stopping@30"))
                .returns(true, ServiceHistory::endsWithStop)
                .returns(false, ServiceHistory::endsWithStart);
        assertThat(history("Stopping@20", "Starting@20"))
                .returns(false, ServiceHistory::endsWithStop)
                .returns(true, ServiceHistory::endsWithStart);
        assertThat(history("Released@20"))
                .as("the Event of the stop itself is gone")
                .returns(false, ServiceHistory::endsWithStop)
                .returns(false, ServiceHistory::endsWithStart);
    }

    @Test
    @DisplayName("a start is under way until an Event about the same start says that it ended, or a stop began")
    void underWay() {
        assertThat(history("Stopping@10", "Starting@20", "Starting@30").startUnderWay())
                .contains(at(30));
        assertThat(history("Starting@20", "Started@20").startUnderWay()).isEmpty();
        assertThat(history("Starting@20", "StartFailed@20").startUnderWay()).isEmpty();
        assertThat(history("Starting@20", "Started@20", "Starting@30").startUnderWay())
                .contains(at(30));
        assertThat(history("Starting@20", "Stopping@30").startUnderWay()).isEmpty();
        assertThat(history().startUnderWay()).isEmpty();
    }

    @Test
    @DisplayName("an Event without a moment is older than any other")
    void withoutMoment() {
        assertThat(ServiceHistory.moment(yaml("{metadata: {annotations: {trimtab.dev/moment: soon}}}")))
                .isEqualTo(Instant.EPOCH);
        assertThat(ServiceHistory.moment(yaml("{metadata: {}}"))).isEqualTo(Instant.EPOCH);
    }

    @Test
    @DisplayName("the service that an Event is about: its kind and KServe's group")
    void service() {
        String event = "{involvedObject: {apiVersion: %s, kind: %s, namespace: ml, name: llama}}";

        assertThat(ServiceHistory.serviceOf(yaml(event.formatted("serving.kserve.io/v1beta1", "InferenceService"))))
                .contains(new ServiceRef(Stoppable.INFERENCE_SERVICE, "ml", "llama"));
        assertThat(ServiceHistory.serviceOf(yaml(event.formatted("serving.kserve.io/v1alpha1", "InferenceGraph"))))
                .contains(new ServiceRef(Stoppable.INFERENCE_GRAPH, "ml", "llama"));
        assertThat(ServiceHistory.serviceOf(yaml(event.formatted("serving.kserve.io/v1alpha1", "ServingRuntime"))))
                .isEqualTo(Optional.empty());
        assertThat(ServiceHistory.serviceOf(yaml(event.formatted("serving.kserve.io.evil/v1", "InferenceService"))))
                .isEqualTo(Optional.empty());
    }

    private static ServiceHistory history(String... events) {
        return new ServiceHistory(
                Stream.of(events).map(ServiceHistoryTest::event).toList());
    }

    private static JsonNode event(String text) {
        List<String> parts = List.of(text.split("@", -1));
        return yaml("{reason: %s, metadata: {annotations: {trimtab.dev/moment: \"%s\"}}}"
                .formatted(parts.get(0), at(Integer.parseInt(parts.get(1)))));
    }

    private static Instant at(int second) {
        return Instant.parse("2026-11-22T10:00:00Z").plusSeconds(second);
    }

    private static JsonNode yaml(String text) {
        return YamlStream.read(text).get(0).content();
    }
}
