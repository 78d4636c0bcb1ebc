package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.EVENT;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.POD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Kubectl;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.MovableClock;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeKserveController.Release;
import dev.trimtab.api.fakes.Owned;
import dev.trimtab.controller.leader.RunningController;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is stopped in another way, or not at all: ModelMesh, LLMInferenceServices, and graphs with their services. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StopKindsTest extends StopTest {
    private static final String STOP = "serving.kserve.io/stop";

    @Test
    @DisplayName("ModelMesh: said once that it is not supported, and nothing done")
    void modelMesh() {
        controller(POLICY);
        Scene scene = new Scene(
                cluster,
                namespace,
                new Sample(
                        "ModelMesh",
                        INFERENCE_SERVICE,
                        "serving.kserve.io/deploymentMode: ModelMesh",
                        "predictor: {}",
                        List.of()),
                null);
        scene.create();
        ObjectNode before = scene.service();

        scene.stop();
        scene.says("NotSupported", 1);

        assertThat(scene.events("NotSupported")).containsExactly("ModelMesh has no stop: the model keeps running");
        assertThat(scene.said("Released")).isZero();
        assertThat(scene.service().path("status")).isEqualTo(before.path("status"));
    }

    @Test
    @DisplayName("an LLMInferenceService: KServe takes it down, its pods are ended in time, and Released is said")
    void llmInferenceService() {
        cluster.admin
                .resource(cluster.admin.getKubernetesSerialization().unmarshal(LLM_CRD, CustomResourceDefinition.class))
                .createOr(it -> it.update());
        String path = "/apis/serving.kserve.io/v1alpha1/namespaces/%s/llminferenceservices".formatted(namespace);
        ObjectNode llm = Api.yaml("""
                apiVersion: serving.kserve.io/v1alpha1
                kind: LLMInferenceService
                metadata: {name: llama, namespace: %s}
                spec: {replicas: 1}
                """.formatted(namespace));
        Eventually.holds("the CRD is served", () -> cluster.admin.raw(path, "POST", llm.toString()) != null);
        ObjectNode stored = Api.json(cluster.admin.raw(path + "/llama"));
        cluster.api.create(DEPLOYMENT, workload(stored));
        Eventually.holds("a pod on a node", () -> {
            List<ObjectNode> pods = cluster.api.list(POD, namespace);
            return pods.size() == 1 && pods.get(0).at("/spec").has("nodeName");
        });
        controller(POLICY);

        stored.withObject("/metadata/annotations").put(STOP, "true");
        String unused = cluster.admin.raw(path + "/llama", "PUT", stored.toString());
        Eventually.holds("Stopping", () -> said("Stopping") == 1);
        assertThat(cluster.api.list(DEPLOYMENT, namespace))
                .as("KServe takes it down")
                .hasSize(1);
        cluster.api.delete(DEPLOYMENT, namespace, "llama-kserve");
        ObjectNode now = Api.json(cluster.admin.raw(path + "/llama"));
        now.set("status", Api.yaml("conditions: [{type: MainWorkloadReady, status: \"False\", reason: Stopped}]"));
        String status = cluster.admin.raw(path + "/llama/status", "PUT", now.toString());

        Eventually.holds("Released", () -> said("Released") == 1);
        assertThat(cluster.api.list(POD, namespace)).isEmpty();
        assertThat(Api.json(cluster.admin.raw(path + "/llama")).path("status"))
                .as("is KServe's")
                .isEqualTo(Api.json(status).path("status"));
    }

    @Test
    @DisplayName(
            "stop-cascade: the graph's services stop and start with it, but for what others need or a person wants")
    void cascade() {
        controller(POLICY);
        service("iris", "");
        service("shared", "");
        service("by-hand", STOP + ": \"true\"");
        service("stranger", "");
        graph("caller", "iris", "shared", "by-hand");
        graph("other", "shared");

        annotate("inferencegraph", "caller", "trimtab.dev/stop-cascade=true");
        annotate("inferencegraph", "caller", STOP + "=true");
        Eventually.holds("iris stops", () -> isStopped("iris"));
        Eventually.holds("the graph is released", () -> said("Released", "caller") == 1);
        assertThat(isStopped("shared")).as("a running graph calls it").isFalse();
        assertThat(isStopped("stranger")).isFalse();
        Eventually.holds("an Event says why", () -> said("StoppedByGraph", "iris") == 1);

        annotate("inferenceservice", "iris", STOP + "-");
        Eventually.holds("it starts", () -> said("Starting", "iris") == 1);
        annotate("inferencegraph", "caller", "example.com/touched=1");
        service("later", STOP + ": \"true\"");
        Eventually.holds("the graph was looked at since", () -> said("Released", "later") == 1);
        assertThat(isStopped("iris")).as("a person started it").isFalse();

        annotate("inferenceservice", "iris", STOP + "=true");
        annotate("inferencegraph", "caller", STOP + "-");
        Eventually.holds("the graph starts", () -> said("Starting", "caller") == 1);
        assertThat(isStopped("iris")).as("a person stopped it").isTrue();
        assertThat(isStopped("by-hand")).isTrue();

        annotate("inferenceservice", "iris", STOP + "-");
        annotate("inferencegraph", "caller", STOP + "=true");
        Eventually.holds("iris stops with it", () -> isStopped("iris"));
        annotate("inferencegraph", "caller", STOP + "-");
        Eventually.holds("and starts with it", () -> !isStopped("iris"));
        Eventually.holds("an Event says why", () -> said("StartedByGraph", "iris") == 1);
    }

    @Test
    @DisplayName("a start that comes to nothing: StartFailed after the deadline, with the reason, once")
    void startFailed() {
        Scene scene = new Scene(cluster, namespace, Sample.KNATIVE.with(STOP + ": \"true\""), null);
        scene.create();
        MovableClock clock = new MovableClock();
        RunningController.Reconciler reconciler = setup(POLICY).reconciler(clock);
        assertThat(reconciler.reconcile(scene.ref())).isPresent();
        scene.start();
        assertThat(reconciler.reconcile(scene.ref())).isPresent();
        assertThat(scene.said("Starting")).isEqualTo(1);
        ObjectNode service = scene.service();
        service.set(
                "status",
                Api.yaml("conditions: [{type: Ready, status: \"False\", reason: RevisionFailed, message: no image}]"));
        cluster.api.updateStatus(INFERENCE_SERVICE, service);

        clock.move(Duration.ofSeconds(119));
        assertThat(reconciler.reconcile(scene.ref())).as("looked at again").isPresent();
        assertThat(scene.said("StartFailed")).isZero();
        clock.move(Duration.ofSeconds(1));
        assertThat(reconciler.reconcile(scene.ref())).as("given up").isEmpty();
        assertThat(reconciler.reconcile(scene.ref())).isEmpty();

        assertThat(scene.events("StartFailed"))
                .containsExactly("not ready after 120 s: Ready is False: RevisionFailed: no image");
    }

    @Test
    @DisplayName("a canary: what KServe forgets is in the Event of the stop")
    void canary() {
        controller(POLICY);
        Scene scene = scene(Sample.KNATIVE.withSpec("predictor: {canaryTrafficPercent: 20}"), Release.WITH_STOP);
        scene.createAndRun();

        scene.stop();
        scene.says("Released", 1);

        assertThat(scene.events("Stopping"))
                .containsExactly("1 pod with 2 nvidia.com/gpu to be released; "
                        + "the canary had 20 % of the traffic, and after a start the latest has all of it");
        assertThat(scene.all(KNATIVE_SERVICE)).isEmpty();
    }

    private void service(String name, String annotations) {
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, name, annotations, "")));
    }

    private void graph(String name, String... services) {
        String steps = String.join(
                ", ",
                List.of(services).stream().map("{serviceName: %s}"::formatted).toList());
        cluster.api.create(INFERENCE_GRAPH, Api.yaml("""
                apiVersion: serving.kserve.io/v1alpha1
                kind: InferenceGraph
                metadata: {name: %s, namespace: %s}
                spec: {nodes: {root: {routerType: Sequence, steps: [%s]}}}
                """.formatted(name, namespace, steps)));
    }

    private void annotate(String kind, String name, String annotation) {
        Kubectl.Printed done = cluster.kubectl.run("", List.of("annotate", "-n", namespace, kind, name, annotation));
        assertThat(done.exitCode()).as(done.err()).isZero();
    }

    private boolean isStopped(String name) {
        return cluster.api
                .get(INFERENCE_SERVICE, namespace, name)
                .at("/metadata/annotations")
                .has(STOP);
    }

    private long said(String reason) {
        return said(reason, "llama");
    }

    private long said(String reason, String name) {
        return cluster.api.list(EVENT, namespace).stream()
                .filter(it -> it.path("reason").asText().equals(reason)
                        && it.at("/involvedObject/name").asText().equals(name))
                .count();
    }

    private static ObjectNode workload(ObjectNode llm) {
        Map<String, String> labels =
                Map.of("app.kubernetes.io/part-of", "llminferenceservice", "app.kubernetes.io/name", "llama");
        ObjectNode deployment = Api.yaml("""
                apiVersion: apps/v1
                kind: Deployment
                spec:
                  selector: {matchLabels: {app.kubernetes.io/name: llama}}
                  template:
                    spec:
                      terminationGracePeriodSeconds: 600
                      containers: [{name: main, image: example/vllm, resources: {limits: {nvidia.com/gpu: 8}}}]
                """);
        Owned.by(llm, deployment, llm.at("/metadata/namespace").asText(), "llama-kserve");
        labels.forEach(deployment.withObject("/metadata/labels")::put);
        labels.forEach(deployment.withObject("/spec/template/metadata/labels")::put);
        return deployment;
    }

    private static final String LLM_CRD = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: llminferenceservices.serving.kserve.io}
            spec:
              group: serving.kserve.io
              names: {kind: LLMInferenceService, plural: llminferenceservices, singular: llminferenceservice}
              scope: Namespaced
              versions:
              - name: v1alpha1
                served: true
                storage: true
                subresources: {status: {}}
                schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;
}
