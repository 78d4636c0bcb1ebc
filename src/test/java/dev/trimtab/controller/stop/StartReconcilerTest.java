package dev.trimtab.controller.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.lifecycle.Stoppable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The start: what is taken back of the stop, and the Events of it, each once, and none without a stop. */
class StartReconcilerTest {
    private static final String READY = "{type: Ready, status: \"True\"}";
    private static final String NOT_READY = "{type: Ready, status: \"Unknown\"}";

    private Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    @DisplayName("stopped, started, ready: Starting and Started, with the time that it took, once")
    void started() {
        stopAndRelease();
        stage.start();
        assertThat(stage.reconcile()).as("not ready yet").isPresent();
        stage.cluster.pass(Duration.ofSeconds(40), false);
        stage.status("conditions: [" + READY + "]");
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.said()).containsExactly("Stopping", "Released", "Starting", "Started");
        assertThat(messages("Started")).containsExactly("ready after 40 s");
    }

    @Test
    @DisplayName("a service that was edited once: KServe observes the generation of its child, which is a new one")
    void editedBefore() {
        stage.edit(it -> it.withObject("/metadata").put("generation", 3));
        stopAndRelease();
        stage.start();
        assertThat(stage.reconcile()).isPresent();
        stage.status("{observedGeneration: 1, conditions: [" + READY + "]}");
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.said()).endsWith("Starting", "Started");
    }

    @Test
    @DisplayName(
            "an InferenceGraph that was never stopped: KServe writes its Stopped=False anew at each reconcile; nothing is said")
    void graphThatRuns() {
        another(Stoppable.INFERENCE_GRAPH);
        for (String ready : List.of(NOT_READY, READY, NOT_READY, READY)) {
            stage.cluster.pass(Duration.ofMinutes(5), false);
            kserveWrites(ready);
            assertThat(stage.reconcile()).isEmpty();
        }
        assertThat(stage.said()).isEmpty();
    }

    @Test
    @DisplayName(
            "likewise a service of an old KServe, when a newer one comes and writes Stopped=False for the first time")
    void upgradedKserve() {
        stage.status("conditions: [" + READY + "]");
        stage.cluster.pass(Duration.ofDays(30), false);
        kserveWrites(NOT_READY);
        assertThat(stage.reconcile()).isEmpty();
        kserveWrites(READY);
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.said()).isEmpty();
    }

    @Test
    @DisplayName("a graph that was stopped: Starting and Started, however often KServe writes its conditions anew")
    void graphThatStarts() {
        another(Stoppable.INFERENCE_GRAPH);
        stopAndRelease();
        stage.start();
        for (String ready : List.of(NOT_READY, NOT_READY, READY, NOT_READY, READY)) {
            stage.cluster.pass(Duration.ofSeconds(20), false);
            kserveWrites(ready);
            var unused = stage.reconcile();
        }
        assertThat(stage.said()).containsExactly("Stopping", "Released", "Starting", "Started");
    }

    @Test
    @DisplayName("another leader in the middle of a start: it says no second Starting, and tells when it is ready")
    void newLeaderWhileStarting() {
        stopAndRelease();
        stage.start();
        assertThat(stage.reconcile()).isPresent();
        stage.newLeader();
        stage.cluster.pass(Duration.ofSeconds(30), false);
        assertThat(stage.reconcile()).as("it goes on").isPresent();
        stage.status("conditions: [" + READY + "]");
        assertThat(stage.reconcile()).isEmpty();
        stage.newLeader();
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.said()).containsExactly("Stopping", "Released", "Starting", "Started");
        assertThat(messages("Started")).containsExactly("ready after 30 s");
    }

    @Test
    @DisplayName("started while nobody led: the next leader finds the stop among the Events")
    void startedWhileNobodyLed() {
        stopAndRelease();
        stage.start();
        stage.cluster.pass(Duration.ofMinutes(3), false);
        stage.newLeader();
        assertThat(stage.reconcile()).isPresent();
        stage.status("conditions: [" + READY + "]");
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.said()).endsWith("Starting", "Started");
    }

    @Test
    @DisplayName("the API server is away in the first pass after the start: the next one knows that it was stopped")
    void awayAtFirst() {
        stopAndRelease();
        // The cluster has forgotten its Events, as after an hour.
        stage.cluster
                .all("", "events")
                .forEach(it -> stage.cluster.remove(
                        "", "events", Stage.NAMESPACE, it.at("/metadata/name").asText()));
        stage.start();
        stage.cluster.refuse(request -> request.is("GET", "deployments"), 503, "not now");
        assertThatThrownBy(() -> stage.reconcile()).isInstanceOf(KubernetesClientException.class);
        stage.cluster.refuseNothing();
        assertThat(stage.reconcile()).isPresent();
        stage.status("conditions: [" + READY + "]");
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.said()).containsExactly("Starting", "Started");
    }

    @Test
    @DisplayName("the Event cannot be posted: the status is not taken back before the Event is there")
    void eventFirst() {
        stopAndRelease();
        assertThat(stage.conditions()).contains("Stopped=True");
        stage.start();
        stage.cluster.refuse(request -> request.writes("events"), 503, "not now");
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.conditions()).contains("Stopped=True");
        stage.newLeader();
        stage.cluster.refuseNothing();
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.conditions()).doesNotContain("Stopped=True");
        assertThat(stage.said()).endsWith("Starting");
    }

    @Test
    @DisplayName("somebody writes the service between look and write: taken back at the next look")
    void conflict() {
        stopAndRelease();
        stage.start();
        stage.cluster.before(
                request -> request.isWrite() && request.path().contains("/status"),
                () -> stage.annotate("example.com/touched", "1"));
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.conditions()).contains("Stopped=True");
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.conditions()).doesNotContain("Stopped=True");
    }

    @Test
    @DisplayName("not ready within the deadline: StartFailed with KServe's reason, once; and it is not looked at again")
    void failed() {
        stopAndRelease();
        stage.start();
        assertThat(stage.reconcile()).isPresent();
        stage.status("conditions: [{type: Ready, status: \"False\", reason: RevisionFailed, message: no image}]");
        stage.cluster.pass(Duration.ofMinutes(29), false);
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofMinutes(1), false);
        assertThat(stage.reconcile()).isEmpty();
        stage.newLeader();
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.said()).endsWith("Starting", "StartFailed");
        assertThat(messages("StartFailed"))
                .containsExactly("not ready after 1800 s: Ready is False: RevisionFailed: no image");
    }

    @Test
    @DisplayName("stopped again before it was ready, and started again: each stop and each start is said")
    void twice() {
        stopAndRelease();
        stage.start();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofSeconds(5), false);
        stopAndRelease();
        stage.cluster.pass(Duration.ofSeconds(5), false);
        stage.start();
        stage.newLeader();
        assertThat(stage.reconcile()).isPresent();
        stage.status("conditions: [" + READY + "]");
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.said())
                .containsExactly("Stopping", "Released", "Starting", "Stopping", "Released", "Starting", "Started");
    }

    @Test
    @DisplayName("deleted while stopped, and created anew under the same name: nothing starts")
    void anotherService() {
        stopAndRelease();
        stage.cluster.remove("serving.kserve.io", "inferenceservices", "ml", "llama");
        stage.cluster.create("inferenceservices", """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: llama, namespace: ml, uid: another}
                """);
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.said()).doesNotContain("Starting");
    }

    @Test
    @DisplayName("what an older Trimtab has left in the status of a service that runs: taken back, and nothing said")
    void olderTrimtab() {
        String by = "reason: Stopped, message: \"taken down by Trimtab: this KServe has no stop\"";
        stage.status("""
                conditions:
                - {type: IngressReady, status: "True"}
                - {type: PredictorReady, status: "True"}
                - {type: Ready, status: "False", BY}
                - {type: RoutesReady, status: "False", BY}
                - {type: Stopped, status: "False", severity: Info, reason: StoppedByTrimtab}
                """.replace("BY", by));
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.conditions()).containsExactly("IngressReady=True", "PredictorReady=True", "Ready=False");
        assertThat(stage.cluster.writes()).containsExactly("PATCH inferenceservices/llama/status");
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.cluster.writes()).isEmpty();
        assertThat(stage.said()).isEmpty();
    }

    @Test
    @DisplayName(
            "with the label trimtab.dev/ignore, set while it was stopped: nothing is said, and the status is taken back")
    void ignored() {
        stopAndRelease();
        stage.edit(it -> it.withObject("/metadata").withObject("labels").put("trimtab.dev/ignore", "true"));
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.conditions()).as("it is stopped still").contains("Stopped=True");
        stage.start();
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.conditions()).doesNotContain("Stopped=True");
        assertThat(stage.said()).containsExactly("Stopping", "Released");
    }

    private void stopAndRelease() {
        stage.stop();
        stage.settle();
        assertThat(stage.said()).endsWith("Stopping", "Released");
    }

    private void another(Stoppable kind) {
        stage.close();
        stage = new Stage(kind);
    }

    /** As KServe 0.17 and newer write the status of a graph: Stopped=False with the time of now. */
    private void kserveWrites(String ready) {
        stage.status("conditions: [%s, {type: Stopped, status: \"False\", lastTransitionTime: \"%s\"}]"
                .formatted(ready, stage.cluster.clock.instant()));
    }

    private List<String> messages(String reason) {
        return stage.cluster.all("", "events").stream()
                .filter(it -> it.path("reason").asText().equals(reason))
                .map(it -> it.path("message").asText())
                .toList();
    }
}
