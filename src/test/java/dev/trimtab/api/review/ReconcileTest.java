package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** KServe reconciles again and again while admins change things: no surprise revision. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class ReconcileTest extends ApiTest {
    private static final String AUTOSCALER = "config-autoscaler";
    private static final int ROUNDS = 10;

    /** None of them makes a value illegal that was filled or clamped before. */
    private final List<Runnable> changes = List.of(
            () -> policy("scaling: {maxScale: {whenUnset: Inherit}}"),
            () -> autoscaler(Map.of("max-scale", "8", "initial-scale", "2")),
            () -> policy("conflicts: Warn\nscaling: {initialScale: {default: Cluster}}"),
            () -> autoscaler(Map.of("allow-zero-initial-scale", "true", "initial-scale", "0")),
            () -> policy("mode: Audit"),
            () -> autoscaler(Map.of("min-scale", "1", "max-scale", "4")),
            () -> policy("scaling: {initialScale: {write: WhenNeeded}}"));

    @Test
    @DisplayName("InferenceService: filled at CREATE, and the same after ten rounds with policy and cluster changed")
    void inferenceService() {
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris"));
        ObjectNode first = reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");

        assertThat(Models.scale(first))
                .isEqualTo(Map.of("class", "kpa.autoscaling.knative.dev", "min", "1", "max", "0", "initial", "1"));
        assertThat(first.at("/metadata/annotations/trimtab.dev~1filled").asText())
                .isEqualTo("""
                {"filled":{"/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale":"1",\
                "/spec/template/metadata/annotations/autoscaling.knative.dev~1max-scale":"0",\
                "/spec/template/spec/containerConcurrency":0,"/spec/template/spec/idleTimeoutSeconds":0,\
                "/spec/template/spec/responseStartTimeoutSeconds":0,"/spec/template/spec/timeoutSeconds":300}}""");
        tenRoundsChangeNothing(INFERENCE_SERVICE, "iris", "iris-predictor", first);
    }

    @Test
    @DisplayName("InferenceGraph: the same")
    void inferenceGraph() {
        create(INFERENCE_GRAPH, Models.inferenceGraph(namespace, "chain"));
        ObjectNode first = reconcile(INFERENCE_GRAPH, "chain", "chain");

        assertThat(Models.scale(first))
                .isEqualTo(Map.of("class", "kpa.autoscaling.knative.dev", "min", "1", "max", "0", "initial", "1"));
        tenRoundsChangeNothing(INFERENCE_GRAPH, "chain", "chain", first);
    }

    @Test
    @DisplayName("a clamp: KServe sends the author's unsafe value each round, and the clamped one stays stored")
    void clamp() {
        create(
                INFERENCE_SERVICE,
                Models.inferenceService(
                        namespace, "iris", "autoscaling.knative.dev/initial-scale: \"7\"", ", maxReplicas: 3"));
        ObjectNode first = reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");

        assertThat(Models.scale(first))
                .isEqualTo(Map.of("class", "kpa.autoscaling.knative.dev", "min", "1", "max", "3", "initial", "3"));
        tenRoundsChangeNothing(INFERENCE_SERVICE, "iris", "iris-predictor", first);
        autoscaler(Map.of("max-scale", "9", "max-scale-limit", "50"));
        assertThat(reconcile(INFERENCE_SERVICE, "iris", "iris-predictor")).isEqualTo(first);
    }

    @Test
    @DisplayName("a new limit makes a filled value illegal: one new generation, then the same for ten rounds")
    void limit() {
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris"));
        reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");
        autoscaler(Map.of("max-scale", "5", "max-scale-limit", "10"));

        ObjectNode clamped = reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");
        assertThat(Models.scale(clamped))
                .isEqualTo(Map.of("class", "kpa.autoscaling.knative.dev", "min", "1", "max", "10", "initial", "1"));
        assertThat(Models.generation(clamped)).isEqualTo(2);
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(reconcile(INFERENCE_SERVICE, "iris", "iris-predictor"))
                    .as("round %d", round)
                    .isEqualTo(clamped);
        }
        autoscaler(Map.of());
        assertThat(reconcile(INFERENCE_SERVICE, "iris", "iris-predictor"))
                .as("limit gone")
                .isEqualTo(clamped);
    }

    @Test
    @DisplayName("the author changes the image: one new generation, filled by today's policy, then the same")
    void authorsChange() {
        create(INFERENCE_SERVICE, Models.customInferenceService(namespace, "llm", "example/llm:1"));
        reconcile(INFERENCE_SERVICE, "llm", "llm-predictor");
        policy("scaling: {maxScale: {whenUnset: Inherit}}");
        autoscaler(Map.of("max-scale", "6"));
        ObjectNode isvc = cluster.api.get(INFERENCE_SERVICE, namespace, "llm");
        isvc.withObject("/spec")
                .set(
                        "predictor",
                        Api.yaml(Models.customInferenceService(namespace, "llm", "example/llm:2"))
                                .at("/spec/predictor"));
        cluster.api.update(INFERENCE_SERVICE, isvc);

        ObjectNode changed = reconcile(INFERENCE_SERVICE, "llm", "llm-predictor");
        assertThat(changed.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("example/llm:2");
        assertThat(Models.scale(changed).get("max")).isEqualTo("6");
        assertThat(Models.generation(changed)).isEqualTo(2);
        // With the next reconcile the label goes that told the real UPDATE what is ours, and nothing else.
        ObjectNode settled = reconcile(INFERENCE_SERVICE, "llm", "llm-predictor");
        assertThat(changed.at("/metadata/labels").has("filled.trimtab.dev/0")).isTrue();
        assertThat(settled.at("/metadata/labels").has("filled.trimtab.dev/0")).isFalse();
        assertThat(settled.path("spec")).isEqualTo(changed.path("spec"));
        assertThat(settled.at("/metadata/annotations")).isEqualTo(changed.at("/metadata/annotations"));
        // The policy of the first rounds comes back, and must not matter.
        tenRoundsChangeNothing(INFERENCE_SERVICE, "llm", "llm-predictor", settled);
    }

    @Test
    @DisplayName(
            "what a profile filled, in annotations and in the pod spec, stays through ten rounds without the profile")
    void profile() {
        policy("""
                profiles:
                  - name: llm
                    startupSeconds: 900
                    maxResponseSeconds: 400
                    window: {panicWindowPercentage: 50, scaleDownDelay: 2m}
                    containerConcurrency: 8
                    template: {annotations: {example.com/pool: gpu}, labels: {example.com/pool: gpu}}""");
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris"));
        ObjectNode first = reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");

        JsonNode template = first.at("/spec/template");
        JsonNode annotations = template.at("/metadata/annotations");
        assertThat(annotations.path("autoscaling.knative.dev/window").asText()).isEqualTo("1800s");
        assertThat(annotations
                        .path("autoscaling.knative.dev/panic-window-percentage")
                        .asText())
                .isEqualTo("50");
        assertThat(annotations.path("autoscaling.knative.dev/scale-down-delay").asText())
                .isEqualTo("120s");
        assertThat(annotations.path("serving.knative.dev/progress-deadline").asText())
                .isEqualTo("1860s");
        assertThat(annotations.path("example.com/pool").asText()).isEqualTo("gpu");
        assertThat(template.at("/metadata/labels/example.com~1pool").asText()).isEqualTo("gpu");
        assertThat(template.at("/spec/timeoutSeconds").asInt()).isEqualTo(480);
        assertThat(template.at("/spec/responseStartTimeoutSeconds").asInt()).isEqualTo(480);
        assertThat(template.at("/spec/containerConcurrency").asInt()).isEqualTo(8);
        tenRoundsChangeNothing(INFERENCE_SERVICE, "iris", "iris-predictor", first);
    }

    @Test
    @DisplayName(
            "kept up by somebody, then no longer, started by hand under a schedule: KServe's Service stays as it is")
    void kept() {
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris"));
        create(INFERENCE_GRAPH, Models.inferenceGraph(namespace, "chain"));
        ObjectNode service = reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");
        ObjectNode graph = reconcile(INFERENCE_GRAPH, "chain", "chain");
        for (Map<String, String> annotations : List.of(
                Map.of("trimtab.dev/keep", "up", "trimtab.dev/keep-until", "2999-01-01T00:00:00Z"),
                Map.of("trimtab.dev/keep", "down"),
                Map.<String, String>of(),
                Map.of("trimtab.dev/stopped-by", "{\"schedule\":\"office-hours\"}"),
                Map.<String, String>of())) {
            annotate(INFERENCE_SERVICE, "iris", annotations);
            annotate(INFERENCE_GRAPH, "chain", annotations);
            for (int round = 0; round < 2; round++) {
                changes.get(round).run();
                assertThat(reconcile(INFERENCE_SERVICE, "iris", "iris-predictor"))
                        .as("%s", annotations)
                        .isEqualTo(service);
                assertThat(reconcile(INFERENCE_GRAPH, "chain", "chain"))
                        .as("%s", annotations)
                        .isEqualTo(graph);
            }
        }
        assertThat(Models.generation(service)).isEqualTo(1);
    }

    @Test
    @DisplayName("the fake can fail: without Trimtab a keep starts new pods")
    void keptWithoutTrimtab() {
        cluster.removeTrimtab();
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris"));
        reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");
        annotate(INFERENCE_SERVICE, "iris", Map.of("trimtab.dev/keep", "up"));
        assertThat(Models.generation(reconcile(INFERENCE_SERVICE, "iris", "iris-predictor")))
                .isEqualTo(2);
    }

    /** Takes the place of those that an earlier call has set. */
    private void annotate(Kind kind, String name, Map<String, String> annotations) {
        ObjectNode object = cluster.api.get(kind, namespace, name);
        ObjectNode all = object.withObject("/metadata/annotations");
        all.remove(List.of("trimtab.dev/keep", "trimtab.dev/keep-until", "trimtab.dev/stopped-by"));
        annotations.forEach(all::put);
        cluster.api.update(kind, object);
    }

    @Test
    @DisplayName("created while Trimtab was away: nothing is filled later, however often KServe reconciles")
    void awayAtCreate() {
        cluster.removeTrimtab();
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris"));
        ObjectNode first = reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");
        assertThat(Models.scale(first)).isEqualTo(Map.of("class", "kpa.autoscaling.knative.dev", "min", "1"));
        cluster.reset();

        tenRoundsChangeNothing(INFERENCE_SERVICE, "iris", "iris-predictor", first);
    }

    @Test
    @DisplayName("the fake can fail: without Trimtab a changed default of Knative makes a new generation")
    void withoutTrimtab() {
        cluster.removeTrimtab();
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris"));
        ObjectNode first = reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");
        assertThat(first.at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(300);
        assertThat(reconcile(INFERENCE_SERVICE, "iris", "iris-predictor")).isEqualTo(first);
        cluster.configure("config-defaults", Map.of("revision-timeout-seconds", "120"));

        ObjectNode second = reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");
        assertThat(second.at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(120);
        assertThat(Models.generation(second)).isEqualTo(2);
    }

    @Test
    @DisplayName("the fake can fail: a webhook that fills on CREATE only makes a new generation at the next reconcile")
    void onlyAtCreate() {
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris"));
        reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");
        cluster.removeTrimtab();

        ObjectNode second = reconcile(INFERENCE_SERVICE, "iris", "iris-predictor");
        assertThat(Models.scale(second)).isEqualTo(Map.of("class", "kpa.autoscaling.knative.dev", "min", "1"));
        assertThat(Models.generation(second)).isEqualTo(2);
    }

    private void tenRoundsChangeNothing(Kind kind, String name, String service, ObjectNode expected) {
        for (int round = 0; round < ROUNDS; round++) {
            changes.get(round % changes.size()).run();
            assertThat(reconcile(kind, name, service)).as("round %d", round).isEqualTo(expected);
        }
    }

    private ObjectNode reconcile(Kind kind, String name, String service) {
        cluster.kserve.reconcile(kind, namespace, name);
        return Models.authored(cluster.api.get(KNATIVE_SERVICE, namespace, service));
    }

    private void create(Kind kind, String yaml) {
        cluster.api.create(kind, Api.yaml(yaml));
    }

    private void policy(String more) {
        cluster.policy(Cluster.DEFAULT_POLICY + more + "\n");
    }

    private void autoscaler(Map<String, String> data) {
        cluster.configure(AUTOSCALER, data);
    }
}
