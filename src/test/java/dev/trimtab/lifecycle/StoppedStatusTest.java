package dev.trimtab.lifecycle;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.YamlStream;
import io.fabric8.zjsonpatch.JsonPatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoppedStatusTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.7Z");

    @Test
    @DisplayName(
            "what is there, and is KServe's to manage, turns False; times are kept where nothing changes; the rest stays")
    void stopped() {
        Manifest service = service("InferenceService", """
                url: http://llama
                modelStatus: {transitionStatus: UpToDate, copies: {failedCopies: 0}}
                conditions:
                - {type: Ready, status: "True", lastTransitionTime: "2026-01-01T00:00:00Z"}
                - {type: IngressReady, status: "False", lastTransitionTime: "2026-01-01T00:00:00Z", reason: Old}
                - {type: TransformerReady, status: "True", severity: Info, lastTransitionTime: "2026-01-01T00:00:00Z"}
                - {type: Custom, status: "True"}
                """);

        JsonNode after = applied(
                service, StoppedStatus.stopped(Stoppable.INFERENCE_SERVICE, service, DeploymentMode.KNATIVE, NOW));

        String by = "reason: Stopped, message: \"taken down by Trimtab: this KServe has no stop\"";
        assertThatJson(after.path("status")).isEqualTo(yaml("""
                url: http://llama
                modelStatus: {transitionStatus: "", copies: {failedCopies: 0}}
                conditions:
                - {type: Custom, status: "True"}
                - {type: IngressReady, status: "False", lastTransitionTime: "2026-01-01T00:00:00Z", BY}
                - {type: Ready, status: "False", lastTransitionTime: "2026-11-22T10:00:00Z", BY}
                - {type: Stopped, status: "True", severity: Info, lastTransitionTime: "2026-11-22T10:00:00Z",
                   reason: StoppedByTrimtab, message: "taken down by Trimtab: this KServe has no stop"}
                - {type: TransformerReady, status: "False", severity: Info, lastTransitionTime: "2026-11-22T10:00:00Z", BY}
                """.replace("BY", by)));
        assertThat(StoppedStatus.stopped(
                        Stoppable.INFERENCE_SERVICE, new Manifest((ObjectNode) after), DeploymentMode.KNATIVE, NOW))
                .as("once")
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"INFERENCE_SERVICE", "INFERENCE_GRAPH"})
    @DisplayName(
            "without any status, as when it was stopped at its creation: Stopped alone, and no trace after the start")
    void withoutStatus(Stoppable kind) {
        Manifest service = service(kind.kindName(), "");
        service.root().remove("status");

        Manifest after = new Manifest(
                (ObjectNode) applied(service, StoppedStatus.stopped(kind, service, DeploymentMode.KNATIVE, NOW)));

        assertThat(types(after)).containsExactly("Stopped=True");
        JsonNode started = applied(after, StoppedStatus.started(kind, after));
        assertThat(started.at("/status/conditions")).isEmpty();
    }

    @Test
    @DisplayName(
            "a service that was never ready: its conditions are told from those of a stop, and come back without a trace")
    void neverReady() {
        Manifest service = service("InferenceService", """
                conditions:
                - {type: PredictorReady, status: "False", reason: RevisionFailed, message: no image}
                - {type: Ready, status: "False", reason: RevisionFailed, message: no image}
                """);
        JsonNode after = applied(
                service, StoppedStatus.stopped(Stoppable.INFERENCE_SERVICE, service, DeploymentMode.KNATIVE, NOW));
        Manifest stopped = new Manifest((ObjectNode) after);
        assertThat(types(stopped)).containsExactly("PredictorReady=False", "Ready=False", "Stopped=True");

        JsonNode started = applied(stopped, StoppedStatus.started(Stoppable.INFERENCE_SERVICE, stopped));

        assertThat(types(new Manifest((ObjectNode) started)))
                .as("KServe sets these again")
                .containsExactly("PredictorReady=False", "Ready=False");
    }

    @Test
    @DisplayName("started: what KServe sets again by itself stays as it is, all else that a stop wrote goes; once")
    void started() {
        Manifest ours = service("InferenceService", """
                conditions:
                - {type: Custom, status: "False", reason: Stopped}
                - {type: IngressReady, status: "True"}
                - {type: Ready, status: "False", BY}
                - {type: RoutesReady, status: "False", BY}
                - {type: Stopped, status: "True", reason: StoppedByTrimtab}
                - {type: TransformerReady, status: "False", BY}
                """.replace(
                        "BY", "reason: Stopped, message: \"taken down by Trimtab: this KServe has no stop\""));
        assertThat(StoppedStatus.hasTraces(Stoppable.INFERENCE_SERVICE, ours)).isTrue();

        Manifest after =
                new Manifest((ObjectNode) applied(ours, StoppedStatus.started(Stoppable.INFERENCE_SERVICE, ours)));

        assertThat(types(after)).containsExactly("Custom=False", "IngressReady=True", "Ready=False");
        assertThat(StoppedStatus.hasTraces(Stoppable.INFERENCE_SERVICE, after)).isFalse();
        assertThat(StoppedStatus.started(Stoppable.INFERENCE_SERVICE, after)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"KNATIVE", "STANDARD"})
    @DisplayName("RoutesReady is KServe's to manage in Knative mode alone")
    void routes(DeploymentMode mode) {
        Manifest service = service("InferenceService", "conditions: [{type: RoutesReady, status: \"True\"}]");

        JsonNode after = applied(service, StoppedStatus.stopped(Stoppable.INFERENCE_SERVICE, service, mode, NOW));

        assertThat(types(new Manifest((ObjectNode) after)))
                .containsExactly(
                        mode == DeploymentMode.KNATIVE ? "RoutesReady=False" : "RoutesReady=True", "Stopped=True");
    }

    @Test
    @DisplayName("nothing is written where KServe has a stop of its own, or for an LLMInferenceService")
    void notOurs() {
        Manifest kserves = service("InferenceService", "conditions: [{type: Stopped, status: \"True\"}]");
        assertThat(StoppedStatus.started(Stoppable.INFERENCE_SERVICE, kserves)).isEmpty();
        assertThat(StoppedStatus.stopped(Stoppable.INFERENCE_SERVICE, kserves, DeploymentMode.KNATIVE, NOW))
                .isEmpty();
        assertThat(StoppedStatus.stopped(
                        Stoppable.LLM_INFERENCE_SERVICE,
                        service("LLMInferenceService", ""),
                        DeploymentMode.KNATIVE,
                        NOW))
                .isEmpty();
    }

    @Test
    @DisplayName("what Trimtab wrote is no sign of a KServe that stops")
    void noSign() {
        Manifest service = service("InferenceService", "deploymentMode: Standard");
        JsonNode after = applied(
                service, StoppedStatus.stopped(Stoppable.INFERENCE_SERVICE, service, DeploymentMode.KNATIVE, NOW));

        Conditions conditions = new Conditions(new Manifest((ObjectNode) after));
        assertThat(conditions.isStopped()).isTrue();
        assertThat(conditions.hasStopOfKServe()).isFalse();
    }

    private static List<String> types(Manifest service) {
        List<String> types = new ArrayList<>();
        service.root()
                .at("/status/conditions")
                .forEach(it -> types.add(
                        it.path("type").asText() + "=" + it.path("status").asText()));
        return types;
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
