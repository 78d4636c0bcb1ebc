package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.HORIZONTAL_POD_AUTOSCALER;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.POD;
import static dev.trimtab.api.cluster.Api.Kind.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.cluster.Wire;
import dev.trimtab.api.fakes.FakeKserveController.Block;
import dev.trimtab.api.fakes.FakeKserveController.Release;
import dev.trimtab.api.fakes.Owned;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the controller must never do, and what it says when it cannot. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StopSafetyTest extends StopTest {
    @Test
    @DisplayName(
            "look-alikes survive: same labels, another owner, also Terminating; no owner; a Service of somebody else")
    void lookAlikes() {
        controller(POLICY);
        Scene scene = scene(Sample.STANDARD_HPA, Release.WITHOUT_STOP);
        scene.createAndRun();
        ObjectNode other = owner(scene, "other");
        ObjectNode workload = lookAlike(scene, DEPLOYMENT, other, "look-alike", """
                spec:
                  replicas: 2
                  selector: {matchLabels: {example.com/is: look-alike}}
                  template:
                    metadata:
                      labels: {example.com/is: look-alike, serving.kserve.io/inferenceservice: llama, component: predictor}
                    spec:
                      terminationGracePeriodSeconds: 600
                      containers: [{name: c, image: example/c}]
                """);
        lookAlike(scene, SERVICE, other, "look-alike", "spec: {ports: [{port: 80}]}");
        ObjectNode canary = lookAlike(scene, HORIZONTAL_POD_AUTOSCALER, other, "llama-canary", """
                spec: {maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: llama-canary}}
                """);
        Eventually.holds(
                "its pods are on a node",
                () -> scene.all(POD).stream()
                                .filter(it -> it.at("/metadata/name").asText().startsWith("look-alike"))
                                .filter(it -> it.at("/spec").has("nodeName"))
                                .count()
                        == 2);
        String going = pods(scene, "look-alike").iterator().next();
        cluster.admin.pods().inNamespace(scene.namespace()).withName(going).delete();
        Eventually.holds("a third one", () -> pods(scene, "look-alike").size() == 3);
        Set<String> before = pods(scene, "look-alike");

        scene.stop();
        scene.says("Released", 1);

        assertThat(pods(scene, "look-alike")).isEqualTo(before);
        assertThat(cluster.api
                        .get(POD, scene.namespace(), going)
                        .at("/metadata/deletionGracePeriodSeconds")
                        .asInt())
                .as("its grace is its own")
                .isEqualTo(600);
        assertThat(uids(scene, DEPLOYMENT)).containsExactly(uid(workload));
        assertThat(uids(scene, HORIZONTAL_POD_AUTOSCALER)).contains(uid(canary));
        assertThat(scene.all(SERVICE).stream().map(it -> it.at("/metadata/name").asText()))
                .contains("look-alike");
    }

    @Test
    @DisplayName("a pod with its label and without an owner is never deleted, and said to be in the way")
    void ownerless() {
        controller(POLICY);
        Scene scene = scene(Sample.KNATIVE, Release.WITH_STOP);
        scene.createAndRun();
        cluster.api.create(POD, Api.yaml("""
                apiVersion: v1
                kind: Pod
                metadata: {name: by-hand, namespace: %s, labels: {serving.kserve.io/inferenceservice: llama}}
                spec: {containers: [{name: c, image: example/c}]}
                """.formatted(scene.namespace())));

        scene.stop();
        scene.says("StopBlocked", 1);
        Eventually.holds("all others are gone", () -> scene.all(POD).size() == 1);

        assertThat(scene.events("StopBlocked"))
                .containsExactly("pod by-hand has its label and is not owned by it: never deleted");
        assertThat(scene.said("Released")).isZero();
        cluster.admin
                .pods()
                .inNamespace(scene.namespace())
                .withName("by-hand")
                .withGracePeriod(0)
                .delete();
        scene.says("Released", 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Block.class,
            names = {"BEFORE", "AT_ROUTES"})
    @DisplayName("KServe knows stops and fails before or in the middle of one: taken down after its time, and said")
    void blocked(Block block) {
        controller(POLICY);
        for (Sample sample : List.of(Sample.KNATIVE, Sample.STANDARD_KEDA)) {
            Scene scene = scene(sample, Release.WITH_STOP);
            scene.createAndRun();
            scene.played().kserve.block(block);

            scene.stop();
            scene.says("Released", 1);

            for (Kind part : sample.parts()) {
                Eventually.holds("%s: no %s".formatted(sample, part), () -> scene.all(part)
                        .isEmpty());
            }
            assertThat(scene.condition("Stopped")).as("is KServe's").isEqualTo("False");
            assertThat(scene.events("TakingDown").get(0)).startsWith("KServe has not stopped it within 3 s: ");
            scene.played().kserve.block(Block.NONE);
            Eventually.holds("Stopped", () -> scene.condition("Stopped").equals("True"));
            scene.start();
            scene.runs();
        }
    }

    @Test
    @DisplayName("disable-auto-update: KServe looks at no ready service; told that it is not, it stops and starts it")
    void disableAutoUpdate() {
        controller(POLICY);
        Scene scene = scene(Sample.KNATIVE.with("serving.kserve.io/disable-auto-update: \"true\""), Release.WITH_STOP);
        scene.createAndRun();

        scene.stop();
        scene.says("Released", 1);
        Eventually.holds("KServe has seen it", () -> scene.condition("Stopped").equals("True"));

        scene.start();
        scene.runs();
        scene.says("Started", 1);
    }

    @Test
    @DisplayName("started again in the middle of a teardown: what is still there stays, the very same objects")
    void startedInTheMiddle() {
        Scene scene = scene(Sample.KNATIVE_WITH_COMPONENTS, Release.WITH_STOP);
        scene.createAndRun();
        scene.played().kserve.block(Block.BEFORE);
        Set<String> others = othersThanPredictor(scene);
        AtomicBoolean started = new AtomicBoolean();
        Wire wire = new Wire();
        wire.overtake(request -> {
            if (request.method().equals("DELETE") && started.compareAndSet(false, true)) {
                scene.start();
            }
        });
        closeLast(setup(POLICY, closeLast(trimtabClient(wire))).start());

        scene.stop();
        scene.says("Started", 1);
        scene.runs();

        assertThat(othersThanPredictor(scene)).isEqualTo(others).hasSize(4);
        assertThat(wire.sent().stream().filter(it -> it.startsWith("DELETE")))
                .singleElement()
                .asString()
                .endsWith("/llama-predictor");
    }

    /** UIDs of the other two Knative Services, the VirtualService and the Service. */
    private static Set<String> othersThanPredictor(Scene scene) {
        return scene.sample().parts().stream()
                .flatMap(part -> scene.all(part).stream())
                .filter(it -> it.at("/metadata/ownerReferences/0/kind").asText().equals("InferenceService"))
                .filter(it -> !it.at("/metadata/name").asText().equals("llama-predictor"))
                .map(StopSafetyTest::uid)
                .collect(Collectors.toSet());
    }

    @Test
    @DisplayName("a pod that somebody's finalizer keeps: not released before it is gone, and said")
    void finalizer() {
        controller(POLICY);
        Scene scene = scene(Sample.KNATIVE, Release.WITH_STOP);
        scene.createAndRun();
        String pod = scene.all(POD).get(0).at("/metadata/name").asText();
        finalizers(scene, pod, "[example.com/keeps]");

        scene.stop();
        scene.says("StopBlocked", 1);
        assertThat(scene.events("StopBlocked").get(0))
                .isEqualTo("pod %s has finalizers, which another controller must remove".formatted(pod));
        assertThat(scene.said("Released")).isZero();

        finalizers(scene, pod, "[]");
        scene.says("Released", 1);
        assertThat(scene.all(POD)).isEmpty();
    }

    @Test
    @DisplayName("a component with an annotation of its own runs on, with its pods; the others go")
    void componentRunsOn() {
        controller(POLICY);
        Scene scene = scene(
                Sample.KNATIVE.withSpec(
                        "predictor: {}, transformer: {annotations: {serving.kserve.io/stop: \"false\"}}"),
                Release.WITHOUT_STOP);
        scene.createAndRun();
        Eventually.holds("both", () -> scene.all(POD).size() == 2);

        scene.stop();
        Eventually.holds("one is gone", () -> scene.all(POD).size() == 1);

        assertThat(scene.all(KNATIVE_SERVICE))
                .singleElement()
                .satisfies(it -> assertThat(it.at("/metadata/name").asText()).isEqualTo("llama-transformer"));
        assertThat(scene.all(POD).get(0).at("/metadata").has("deletionTimestamp"))
                .isFalse();
        scene.says("StopBlocked", 1);
        assertThat(scene.events("StopBlocked"))
                .containsExactly("spec.transformer.annotations says serving.kserve.io/stop: \"false\"");
        assertThat(scene.said("Released")).isZero();
    }

    @Test
    @DisplayName("its own grace of 0 seconds counts, and a 600 s grace of the pods does not")
    void ownGrace() {
        controller(POLICY);
        Scene scene = scene(Sample.KNATIVE.with("trimtab.dev/stop-grace-seconds: \"0\""), Release.WITH_STOP);
        scene.createAndRun();

        scene.stop();
        scene.says("Released", 1);

        // Far below the policy's 2 s and what is added for the kubelet.
        assertThat(scene.events("Released").get(0)).matches("2 nvidia.com/gpu free, [0-4] s after the stop");
    }

    @Test
    @DisplayName("what is labelled to be ignored, or is in such a namespace, is left alone")
    void ignored() {
        controller(POLICY);
        Scene scene = scene(Sample.KNATIVE, Release.WITHOUT_STOP);
        cluster.admin.namespaces().withName(scene.namespace()).edit(it -> {
            it.getMetadata().getLabels().put("trimtab.dev/ignore", "true");
            return it;
        });
        scene.createAndRun();
        Scene control = scene(Sample.KNATIVE, Release.WITHOUT_STOP);
        control.createAndRun();

        scene.stop();
        control.stop();
        control.says("Released", 1);

        assertThat(scene.said("Stopping")).isZero();
        assertThat(scene.all(KNATIVE_SERVICE)).hasSize(1);
        assertThat(scene.all(POD)).isNotEmpty();
    }

    private ObjectNode owner(Scene scene, String name) {
        return cluster.api.create(
                INFERENCE_SERVICE,
                Api.yaml(Models.inferenceService(
                        scene.namespace(), name, "serving.kserve.io/deploymentMode: ModelMesh", "")));
    }

    private ObjectNode lookAlike(Scene scene, Kind kind, ObjectNode owner, String name, String content) {
        ObjectNode object = Api.yaml(content);
        object.put("apiVersion", kind.version()).put("kind", kind.kindName());
        Owned.by(owner, object, scene.namespace(), name);
        object.withObject("/metadata/labels")
                .put("serving.kserve.io/inferenceservice", "llama")
                .put("component", "predictor");
        return cluster.api.create(kind, object);
    }

    private static Set<String> pods(Scene scene, String prefix) {
        return scene.all(POD).stream()
                .map(it -> it.at("/metadata/name").asText())
                .filter(it -> it.startsWith(prefix))
                .collect(Collectors.toSet());
    }

    private void finalizers(Scene scene, String pod, String finalizers) {
        // Again where the kubelet or a controller has written in between.
        Eventually.holds("finalizers " + finalizers, () -> {
            ObjectNode stored = cluster.api.get(POD, scene.namespace(), pod);
            stored.withObject("/metadata")
                    .set("finalizers", Api.yaml("it: " + finalizers).get("it"));
            return cluster.api.update(POD, stored) != null;
        });
    }

    private static List<String> uids(Scene scene, Kind kind) {
        return scene.all(kind).stream().map(StopSafetyTest::uid).toList();
    }

    private static String uid(ObjectNode object) {
        return object.at("/metadata/uid").asText();
    }
}
