package dev.trimtab.controller.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.trimtab.controller.MemoryCluster.Request;
import dev.trimtab.lifecycle.Stoppable;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stop of a service in Standard mode on a KServe without one: what is deleted, in which order, and what never is. */
class StopReconcilerTest {
    private static final String RUNNING = """
            {deploymentMode: RawDeployment, conditions: [{type: IngressReady, status: "True"},
              {type: PredictorReady, status: "True"}, {type: Ready, status: "True"}]}
            """;

    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    @DisplayName(
            "scaler first, then the Deployment, at last the Service; the pod within its grace; then the status, and Released")
    void takenDown() {
        running();
        String unused = stage.create(
                "horizontalpodautoscalers", "autoscaling/v1", "HorizontalPodAutoscaler", "llama-predictor");
        String unusedToo = stage.create("services", "v1", "Service", "llama-predictor");
        stage.stop();

        assertThat(stage.reconcile().orElseThrow())
                .as("when KServe had its time")
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(3));
        assertThat(stage.cluster.writes()).as("KServe has its time").isEmpty();
        assertThat(stage.said()).containsExactly("Stopping");

        stage.cluster.pass(Duration.ofSeconds(3), false);
        assertThat(stage.reconcile()).contains(Duration.ofSeconds(10));
        assertThat(stage.cluster.writes())
                .containsExactly(
                        "DELETE horizontalpodautoscalers/llama-predictor",
                        "DELETE deployments/llama-predictor",
                        "DELETE services/llama-predictor");
        assertThat(stage.said()).containsExactly("Stopping", "TakingDown");
        assertThat(stage.conditions()).contains("Ready=True");

        stage.cluster.collectGarbage();
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.cluster.writes())
                .as("its grace of 600 s becomes 30 s")
                .containsExactly("DELETE pods/llama-predictor-1-a", "PATCH inferenceservices/llama/status");
        assertThat(stage.conditions())
                .containsExactly("IngressReady=False", "PredictorReady=False", "Ready=False", "Stopped=True");

        stage.cluster.pass(Duration.ofSeconds(29), true);
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.cluster.writes()).isEmpty();
        assertThat(stage.said()).doesNotContain("Released");
        stage.cluster.pass(Duration.ofSeconds(1), true);
        assertThat(stage.reconcile()).contains(StopReconciler.RESYNC);
        assertThat(stage.said()).containsExactly("Stopping", "TakingDown", "Released");
        assertThat(message("Released")).isEqualTo("2 nvidia.com/gpu free, 33 s after the stop");
        assertThat(stage.metrics.get("trimtab.services.stopped").gauge().value())
                .isEqualTo(1);
        assertThat(stage.metrics
                        .get("trimtab.gpus.released")
                        .tag("resource", "nvidia.com/gpu")
                        .gauge()
                        .value())
                .isEqualTo(2);
        assertThat(stage.metrics.get("trimtab.release").timer().count()).isEqualTo(1);
    }

    @Test
    @DisplayName("requeued when time alone changes what is due: the end of KServe's time, and of a pod's grace")
    void deadlines() {
        running();
        stopUntilOverdue();
        stage.cluster.collectGarbage();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofSeconds(30), false);

        assertThat(stage.reconcile().orElseThrow())
                .as("its grace of 30 s, and 5 s for the kubelet")
                .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));
    }

    @Test
    @DisplayName("at rest: an hour if children are watched, and every 30 s if they may not be")
    void atRest() {
        running();
        stopUntilOverdue();
        stage.settle();
        assertThat(stage.said()).endsWith("Released");
        assertThat(stage.reconcile()).contains(Duration.ofHours(1));

        stage.watched = false;
        assertThat(stage.reconcile()).contains(Duration.ofSeconds(30));
        stage.runDeploymentAgain();
        assertThat(stage.reconcile()).as("it is held now").contains(Duration.ofSeconds(1));
    }

    @Test
    @DisplayName("the node is gone: five seconds after its grace the pod is deleted with a grace of 0")
    void nodeGone() {
        running();
        stopUntilOverdue();
        stage.cluster.collectGarbage();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofSeconds(34), false);
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.names("", "pods")).hasSize(1);
        stage.cluster.pass(Duration.ofSeconds(1), false);
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.names("", "pods")).isEmpty();
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.said()).contains("Released");
    }

    @Test
    @DisplayName("a KServe that makes the Deployment again: it is held on its way out, and let go at the start")
    void heldAndLetGo() {
        running();
        stopUntilOverdue();
        stage.cluster.pass(Duration.ofSeconds(1), false);
        stage.cluster.collectGarbage();
        stage.runDeploymentAgain();
        stage.cluster.writes();

        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.cluster.writes())
                .startsWith("PATCH deployments/llama-predictor", "DELETE deployments/llama-predictor");
        stage.settle();
        assertThat(stage.said()).contains("Released");
        assertThat(stage.names("apps", "deployments")).as("held").hasSize(1);
        assertThat(stage.cluster
                        .all("apps", "deployments")
                        .get(0)
                        .at("/metadata/finalizers")
                        .toString())
                .isEqualTo("[\"trimtab.dev/stopped\"]");

        stage.start();
        stage.cluster.writes();
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.cluster.writes())
                .containsExactly("PATCH deployments/llama-predictor", "PATCH inferenceservices/llama/status");
        assertThat(stage.names("apps", "deployments")).isEmpty();
    }

    @Test
    @DisplayName("the service is deleted while a Deployment is held: it is let go")
    void letGo() {
        running();
        stopUntilOverdue();
        stage.cluster.pass(Duration.ofSeconds(1), false);
        stage.cluster.collectGarbage();
        stage.runDeploymentAgain();
        stage.settle();
        assertThat(stage.names("apps", "deployments")).hasSize(1);

        stage.cluster.remove("serving.kserve.io", "inferenceservices", "ml", "llama");
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.names("apps", "deployments")).isEmpty();
        assertThat(stage.metrics.get("trimtab.services.stopped").gauge().value())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("a held Deployment that changed meanwhile: looked at again, though the service is ready or gone")
    void letGoLater(boolean gone) {
        running();
        stopUntilOverdue();
        stage.cluster.pass(Duration.ofSeconds(1), false);
        stage.cluster.collectGarbage();
        stage.runDeploymentAgain();
        stage.settle();
        stage.cluster.refuse(it -> it.writes("deployments/llama-predictor"), 409, "the object has been modified");

        if (gone) {
            stage.cluster.remove("serving.kserve.io", "inferenceservices", "ml", "llama");
        } else {
            stage.start();
            assertThat(stage.reconcile()).isPresent();
            stage.status(RUNNING);
        }
        assertThat(stage.reconcile()).contains(StopReconciler.RETRY);
        assertThat(stage.names("apps", "deployments")).hasSize(1);
        stage.cluster.refuseNothing();
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.names("apps", "deployments")).isEmpty();
    }

    @Test
    @DisplayName("what another service owns, what has no owner, and what only has the label: never deleted")
    void othersObjects() {
        stage.status(RUNNING);
        String theirs = stage.create(
                "deployments", "apps/v1", "Deployment", "theirs", Stage.owner("Deployment", "parent", "uid-other"));
        String replicaSet = stage.create(
                "replicasets", "apps/v1", "ReplicaSet", "theirs-1", Stage.owner("Deployment", "theirs", theirs));
        stage.cluster.create("pods", """
                apiVersion: v1
                kind: Pod
                metadata: {name: alone, namespace: ml, labels: {serving.kserve.io/inferenceservice: llama}}
                spec: {nodeName: gpu-0}
                """);
        assertThat(replicaSet).isNotEmpty();
        stopUntilOverdue();
        for (int i = 0; i < 3; i++) {
            stage.cluster.pass(Duration.ofMinutes(1), false);
            assertThat(stage.reconcile()).isPresent();
        }
        assertThat(stage.cluster.writes())
                .as("nothing of it holds pods, so it is down, but for a pod that nobody answers for")
                .containsExactly("PATCH inferenceservices/llama/status");
        assertThat(stage.said()).contains("StopBlocked").doesNotContain("Released");
        assertThat(message("StopBlocked")).contains("pod alone has its label and is not owned by it: never deleted");
    }

    @Test
    @DisplayName("started between two steps of a pass: no further step")
    void startedMeanwhile() {
        running();
        String unused = stage.create("services", "v1", "Service", "llama-predictor");
        stage.stop();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofSeconds(3), false);
        stage.cluster.before(request -> request.writes("deployments"), () -> stage.start());
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.cluster.writes()).containsExactly("DELETE deployments/llama-predictor");
    }

    @Test
    @DisplayName("deleted and created anew between two steps, and stopped too: the steps were for the other one")
    void anotherMeanwhile() {
        running();
        String unused = stage.create("services", "v1", "Service", "llama-predictor");
        stage.stop();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofSeconds(3), false);
        stage.cluster.before(
                request -> request.writes("deployments"),
                () -> stage.edit(it -> it.withObject("/metadata").put("uid", "another")));
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.cluster.writes()).containsExactly("DELETE deployments/llama-predictor");
    }

    @Test
    @DisplayName("another one may lead: the pass ends at its next write")
    void leadershipLost() {
        running();
        String unused = stage.create("services", "v1", "Service", "llama-predictor");
        stage.stop();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofSeconds(3), false);
        stage.cluster.before(request -> request.writes("deployments"), () -> stage.leading = false);
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.cluster.writes()).containsExactly("DELETE deployments/llama-predictor");
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.cluster.writes()).isEmpty();
    }

    @Test
    @DisplayName(
            "changed by somebody between look and delete: not deleted in this pass, no refusal, and deleted in the next")
    void changedMeanwhile() {
        running();
        stage.stop();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofSeconds(3), false);
        stage.cluster.before(
                request -> request.writes("deployments"),
                () -> stage.cluster.edit(
                        "apps", "deployments", "ml", "llama-predictor", it -> it.withObject("/metadata")
                                .withObject("annotations")
                                .put("touched", "1")));
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.names("apps", "deployments")).hasSize(1);
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.names("apps", "deployments")).isEmpty();
        assertThat(stage.said()).doesNotContain("StopBlocked");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 422, 400})
    @DisplayName(
            "refused by RBAC or a webhook: the other steps are done, StopBlocked once, and it is tried again every 30 s")
    void refused(int code) {
        running();
        String unused = stage.create("services", "v1", "Service", "llama-predictor");
        stage.stop();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofSeconds(3), false);
        stage.cluster.refuse(StopReconcilerTest::isDeleteOfDeployment, code, "no, says somebody's policy");
        assertThat(stage.reconcile()).contains(StopReconciler.RETRY);
        stage.cluster.writes();
        stage.cluster.pass(Duration.ofSeconds(10), false);
        assertThat(stage.reconcile()).as("an event comes before").contains(Duration.ofSeconds(20));
        assertThat(stage.cluster.writes()).isEmpty();
        stage.cluster.pass(Duration.ofSeconds(20), false);
        assertThat(stage.reconcile()).contains(StopReconciler.RETRY);
        assertThat(stage.names("", "services")).isEmpty();
        assertThat(stage.said()).containsExactly("Stopping", "TakingDown", "StopBlocked");
        assertThat(message("StopBlocked")).isEqualTo("delete Deployment llama-predictor: no, says somebody's policy");
        stage.cluster.refuseNothing();
        stage.cluster.pass(StopReconciler.RETRY, false);
        stage.settle();
        assertThat(stage.said()).endsWith("Released");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 429, 500, 503})
    @DisplayName("the API server does not get to it: the pass fails, and the next one goes on")
    void away(int code) {
        running();
        stage.stop();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofSeconds(3), false);
        stage.cluster.refuse(StopReconcilerTest::isDeleteOfDeployment, code, "not now");
        assertThatThrownBy(() -> stage.reconcile()).hasMessageContaining("not now");
        stage.cluster.refuseNothing();
        stage.settle();
        assertThat(stage.said()).containsExactly("Stopping", "TakingDown", "Released");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500})
    @DisplayName(
            "nobody knows whether the namespace has the label trimtab.dev/ignore: nothing is deleted (as in CVE-2025-46342)")
    void namespaceUnread(int code) {
        running();
        stage.stop();
        stage.cluster.refuse(request -> request.is("GET", "namespaces/ml"), code, "not now");
        stage.cluster.pass(Duration.ofMinutes(5), false);
        assertThatThrownBy(() -> stage.reconcile()).hasMessageContaining("not now");
        assertThat(stage.cluster.writes()).isEmpty();
    }

    @Test
    @DisplayName("a kind that may not be listed: left behind if it holds no pods, else the pass fails")
    void forbiddenToList() {
        running();
        stage.cluster.refuse(request -> request.is("GET", "virtualservices"), 403, "forbidden");
        stopUntilOverdue();
        stage.settle();
        assertThat(stage.said()).endsWith("Released");

        stage.newLeader();
        stage.cluster.refuse(request -> request.is("GET", "deployments"), 403, "forbidden");
        assertThatThrownBy(() -> stage.reconcile()).hasMessageContaining("forbidden");
    }

    @Test
    @DisplayName("more objects than one page: all are found")
    void pages() {
        stage.status(RUNNING);
        for (int i = 0; i < 5; i++) {
            String unused = stage.create("services", "v1", "Service", "llama-" + i);
        }
        stopUntilOverdue();
        assertThat(stage.names("", "services")).isEmpty();
    }

    @Test
    @DisplayName("mode Audit: looked at and told, and nothing written but Events")
    void audit() {
        running();
        stage.audit();
        stopUntilOverdue();
        stage.cluster.pass(Duration.ofMinutes(1), false);
        assertThat(stage.reconcile()).isPresent();
        assertThat(stage.cluster.writes()).isEmpty();
        assertThat(stage.said()).containsExactly("Stopping");
    }

    @ParameterizedTest
    @ValueSource(strings = {"object", "namespace"})
    @DisplayName("the label trimtab.dev/ignore on the service or its namespace: nothing is done, and nothing said")
    void ignored(String where) {
        running();
        stage.stop();
        if (where.equals("object")) {
            stage.edit(it -> it.withObject("/metadata").withObject("labels").put("trimtab.dev/ignore", "true"));
        } else {
            stage.cluster.edit("", "namespaces", "", "ml", it -> it.withObject("/metadata")
                    .withObject("labels")
                    .put("trimtab.dev/ignore", "true"));
        }
        stage.cluster.pass(Duration.ofMinutes(5), false);
        assertThat(stage.reconcile()).isEmpty();
        assertThat(stage.cluster.writes()).isEmpty();
        assertThat(stage.said()).isEmpty();
    }

    @Test
    @DisplayName(
            "another leader in the middle: it goes by what is there, and remembers from the Events since when, and how many GPUs")
    void newLeader() {
        running();
        stopUntilOverdue();
        stage.newLeader();
        stage.cluster.collectGarbage();
        stage.settle();
        assertThat(stage.said()).containsExactly("Stopping", "TakingDown", "Released");
        assertThat(message("Released")).startsWith("2 nvidia.com/gpu free, 3");
        stage.newLeader();
        stage.settle();
        assertThat(stage.said()).as("once").containsExactly("Stopping", "TakingDown", "Released");
    }

    @Test
    @DisplayName("a KServe with a stop that gets to it: nothing is deleted, only the pod's grace is shortened")
    void nativeStop() {
        running();
        stage.nativeStop = true;
        stage.stop();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.remove("apps", "deployments", "ml", "llama-predictor");
        stage.status(
                "conditions: [{type: Ready, status: \"False\", reason: Stopped}, {type: Stopped, status: \"True\"}]");
        stage.settle();
        assertThat(stage.cluster.writes()).containsExactly("DELETE pods/llama-predictor-1-a");
        assertThat(stage.said()).containsExactly("Stopping", "Released");
    }

    @Test
    @DisplayName("a KServe with a stop that does not come to it: taken down after its time, and only Ready is written")
    void nativeStopBlocked() {
        stage.status(RUNNING.replace("[", "[{type: Stopped, status: \"False\"}, "));
        stage.runDeployment();
        stage.nativeStop = true;
        stage.annotate("serving.kserve.io/disable-auto-update", "true");
        stage.stop();
        stage.settle();
        assertThat(stage.said()).containsExactly("Stopping", "TakingDown", "StopBlocked", "Released");
        assertThat(stage.conditions())
                .containsExactly("IngressReady=True", "PredictorReady=True", "Ready=False", "Stopped=False");
    }

    @Test
    @DisplayName("ModelMesh: said once, and nothing else")
    void modelMesh() {
        stage.annotate("serving.kserve.io/deploymentMode", "ModelMesh");
        stage.stop();
        assertThat(stage.reconcile()).contains(StopReconciler.RESYNC);
        assertThat(stage.reconcile()).contains(StopReconciler.RESYNC);
        assertThat(stage.cluster.writes()).isEmpty();
        assertThat(stage.said()).containsExactly("NotSupported");
    }

    @Test
    @DisplayName(
            "a graph whose Deployment is held: KServe writes all conditions anew at each reconcile, and no one writes against it")
    void heldGraph() {
        try (Stage graph = new Stage(Stoppable.INFERENCE_GRAPH)) {
            String kserves = "conditions: [{type: Ready, status: \"True\"}]";
            graph.status(kserves);
            graph.runDeployment();
            graph.stop();
            assertThat(graph.reconcile()).isPresent();
            graph.cluster.pass(Duration.ofSeconds(3), false);
            assertThat(graph.reconcile()).isPresent();
            graph.cluster.pass(Duration.ofSeconds(1), false);
            graph.cluster.collectGarbage();
            graph.runDeploymentAgain();
            graph.settle();
            assertThat(graph.names("apps", "deployments")).as("held").hasSize(1);
            assertThat(graph.said()).endsWith("Released");

            graph.cluster.writes();
            for (int i = 0; i < 3; i++) {
                graph.status(kserves);
                assertThat(graph.reconcile()).contains(StopReconciler.RESYNC);
            }
            assertThat(graph.cluster.writes()).isEmpty();
        }
    }

    @Test
    @DisplayName("stop-cascade: the graph's services stop and start with it, but for one that a running graph calls")
    void cascade() {
        try (Stage graph = new Stage(Stoppable.INFERENCE_GRAPH)) {
            graph.edit(it -> it.putObject("spec")
                    .putObject("nodes")
                    .putObject("root")
                    .putArray("steps")
                    .add(it.objectNode().put("serviceName", "iris"))
                    .add(it.objectNode().put("serviceName", "shared")));
            graph.cluster.create("inferencegraphs", """
                    apiVersion: serving.kserve.io/v1alpha1
                    kind: InferenceGraph
                    metadata: {name: other, namespace: ml}
                    spec: {nodes: {root: {steps: [{serviceName: shared}]}}}
                    """);
            for (String name : List.of("iris", "shared")) {
                graph.cluster.create("inferenceservices", """
                        {apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, metadata: {name: %s, namespace: ml}}
                        """.formatted(name));
            }
            graph.annotate("trimtab.dev/stop-cascade", "true");
            graph.stop();
            graph.cluster.refuse(request -> request.writes("inferenceservices"), 403, "refused");
            assertThat(graph.reconcile()).isPresent();
            assertThat(graph.said()).as("on the graph").contains("StopBlocked");
            graph.cluster.refuseNothing();
            graph.cluster.writes();

            assertThat(graph.reconcile()).isPresent();
            assertThat(graph.cluster.writes()).containsExactly("PATCH inferenceservices/iris");
            assertThat(graph.cluster.said("iris")).containsExactly("StoppedByGraph");
            assertThat(graph.reconcile()).isPresent();
            assertThat(graph.cluster.writes()).as("once").isEmpty();

            // As the API server notes who wrote the key.
            graph.cluster.edit("serving.kserve.io", "inferenceservices", "ml", "iris", it -> it.withObject("/metadata")
                    .putArray("managedFields")
                    .addObject()
                    .put("manager", "trimtab-cascade")
                    .putObject("fieldsV1")
                    .putObject("f:metadata")
                    .putObject("f:annotations")
                    .putObject("f:" + Stage.STOP));
            graph.start();
            assertThat(graph.reconcile()).isPresent();
            assertThat(graph.cluster.writes()).startsWith("PATCH inferenceservices/iris");
            assertThat(graph.cluster.said("iris")).containsExactly("StoppedByGraph", "StartedByGraph");
        }
    }

    private void running() {
        stage.status(RUNNING);
        stage.runDeployment();
    }

    private void stopUntilOverdue() {
        stage.stop();
        assertThat(stage.reconcile()).isPresent();
        stage.cluster.pass(Duration.ofSeconds(3), false);
        assertThat(stage.reconcile()).isPresent();
    }

    private static boolean isDeleteOfDeployment(Request request) {
        return request.is("DELETE", "deployments");
    }

    private String message(String reason) {
        return stage.cluster.all("", "events").stream()
                .filter(it -> it.path("reason").asText().equals(reason))
                .map(it -> it.path("message").asText())
                .findFirst()
                .orElse("");
    }
}
