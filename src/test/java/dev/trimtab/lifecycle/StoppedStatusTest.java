package dev.trimtab.lifecycle;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.YamlStream;
import io.fabric8.zjsonpatch.JsonPatch;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StoppedStatusTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.7Z");

    @Test
    @DisplayName(
            "as KServe 0.16 would: conditions replaced as a whole, times kept where nothing changes, the rest untouched")
    void stopped() {
        Manifest service = service("InferenceService", """
                url: http://llama
                modelStatus: {transitionStatus: UpToDate, copies: {failedCopies: 0}}
                conditions:
                - {type: Ready, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
                - {type: IngressReady, status: "False", lastTransitionTime: "2026-01-01T00:00:00Z", reason: Old}
                - {type: TransformerReady, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
                - {type: Custom, status: "True"}
                """);

        JsonNode after = applied(service, StoppedStatus.stopped(Stoppable.INFERENCE_SERVICE, service, NOW));

        String by = "reason: Stopped, message: \"taken down by Trimtab: this KServe has no stop\"";
        assertThatJson(after.path("status")).isEqualTo(yaml("""
                url: http://llama
                modelStatus: {transitionStatus: "", copies: {failedCopies: 0}}
                conditions:
                - {type: Custom, status: "True"}
                - {type: IngressReady, status: "False", lastTransitionTime: "2026-01-01T00:00:00Z", BY}
                - {type: PredictorReady, status: "False", lastTransitionTime: "2026-11-22T10:00:00Z", BY}
                - {type: Ready, status: "False", lastTransitionTime: "2026-11-22T10:00:00Z", BY}
                - {type: RoutesReady, status: "False", lastTransitionTime: "2026-11-22T10:00:00Z", BY}
                - {type: Stopped, status: "True", severity: Info, lastTransitionTime: "2026-11-22T10:00:00Z",
                   reason: StoppedByTrimtab, message: "taken down by Trimtab: this KServe has no stop"}
                - {type: TransformerReady, status: "False", lastTransitionTime: "2026-11-22T10:00:00Z", BY}
                """.replace("BY", by)));
        assertThat(StoppedStatus.stopped(Stoppable.INFERENCE_SERVICE, new Manifest((ObjectNode) after), NOW))
                .as("once")
                .isEmpty();
    }

    @Test
    @DisplayName("a service without any status, and a graph: only what KServe writes there")
    void graph() {
        Manifest graph = service("InferenceGraph", "");
        graph.root().remove("status");

        JsonNode after = applied(graph, StoppedStatus.stopped(Stoppable.INFERENCE_GRAPH, graph, NOW));

        assertThat(after.at("/status/conditions"))
                .extracting(
                        it -> it.path("type").asText() + "=" + it.path("status").asText())
                .containsExactly("Ready=False", "Stopped=True");
    }

    @Test
    @DisplayName("started: only what Trimtab wrote is taken back, and only Stopped")
    void started() {
        Manifest ours = service(
                "InferenceService",
                "conditions: [{type: Ready, status: \"False\"}, {type: Stopped, status: \"True\", reason: StoppedByTrimtab}]");
        JsonNode after = applied(ours, StoppedStatus.started(ours, NOW));
        assertThat(after.at("/status/conditions/1/status").asText()).isEqualTo("False");
        assertThat(after.at("/status/conditions/0")).isEqualTo(ours.root().at("/status/conditions/0"));

        Manifest kserves = service("InferenceService", "conditions: [{type: Stopped, status: \"True\"}]");
        assertThat(StoppedStatus.started(kserves, NOW)).isEmpty();
        assertThat(StoppedStatus.stopped(Stoppable.INFERENCE_SERVICE, kserves, NOW))
                .isEmpty();
        assertThat(StoppedStatus.stopped(Stoppable.LLM_INFERENCE_SERVICE, service("LLMInferenceService", ""), NOW))
                .isEmpty();
    }

    @Test
    @DisplayName("what Trimtab wrote is no sign of a KServe that stops")
    void noSign() {
        Manifest service = service("InferenceService", "deploymentMode: Standard");
        JsonNode after = applied(service, StoppedStatus.stopped(Stoppable.INFERENCE_SERVICE, service, NOW));

        Conditions conditions = new Conditions(new Manifest((ObjectNode) after));
        assertThat(conditions.isStopped()).isTrue();
        assertThat(conditions.hasStopOfKServe()).isFalse();
        assertThat(conditions.isPredictorStopped()).isFalse();
    }

    private static JsonNode applied(Manifest service, Optional<Step> step) {
        Step.WriteStatus write = (Step.WriteStatus) step.orElseThrow();
        return JsonPatch.apply(write.patch(), service.root());
    }

    private static Manifest service(String kind, String status) {
        ObjectNode service = yaml("""
                apiVersion: serving.kserve.io/v1beta1
                kind: %s
                metadata: {name: llama, namespace: ml, resourceVersion: "7"}
                """.formatted(kind));
        service.set("status", status.isEmpty() ? yaml("{}") : yaml(status));
        return new Manifest(service);
    }

    private static ObjectNode yaml(String text) {
        return (ObjectNode) YamlStream.read(text).get(0).content();
    }
}
