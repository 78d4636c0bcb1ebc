package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is written on InferenceServices and InferenceGraphs, where each further change would start new pods. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class InferenceServiceTest extends ApiTest {
    private static final int ROUNDS = 10;
    private static final String PROFILE = """
            profiles:
              - name: llm
                maxResponseSeconds: 400
                rolloutDuration: 120s""";

    @Test
    @DisplayName("filled at CREATE; ten rounds of apply, KServe and edited policies leave it and its Service as stored")
    void tenRounds() {
        policy(PROFILE);
        String manifest = Models.inferenceService(namespace, "iris");
        assertThat(cluster.kubectl.apply(manifest, "--server-side").warnings())
                .containsExactly(
                        "trimtab: filled predictor.timeout=480, rollout-duration=120s",
                        "trimtab: predictor: will get max-scale=0, initial-scale=1");
        ObjectNode stored = stored("iris");
        assertThat(stored.at("/spec/predictor/timeout").asInt()).isEqualTo(480);
        assertThat(stored.at("/metadata/annotations/serving.knative.dev~1rollout-duration")
                        .asText())
                .isEqualTo("120s");
        assertThat(stored.at("/metadata/annotations/trimtab.dev~1filled").asText())
                .isEqualTo("""
                {"filled":{"/metadata/annotations/serving.knative.dev~1rollout-duration":"120s",\
                "/spec/predictor/timeout":480}}""");
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
        ObjectNode service = cluster.api.get(KNATIVE_SERVICE, namespace, "iris-predictor");
        assertThat(service.at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(480);
        assertThat(Models.generation(service)).isEqualTo(1);

        List<String> policies = List.of("mode: Audit", PROFILE.replace("400", "10"), "", PROFILE);
        for (int round = 0; round < ROUNDS; round++) {
            policy(policies.get(round % policies.size()));
            assertThat(cluster.kubectl.apply(manifest, "--server-side").warnings())
                    .isEmpty();
            cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
            assertThat(stored("iris")).as("round %d", round).isEqualTo(stored);
            assertThat(Models.authored(cluster.api.get(KNATIVE_SERVICE, namespace, "iris-predictor")))
                    .as("round %d", round)
                    .isEqualTo(Models.authored(service));
        }
    }

    @Test
    @DisplayName("the original file in the place of the stored object: what was filled comes back, nothing rolls")
    void replaced() {
        policy(PROFILE);
        ObjectNode file = Api.yaml(Models.inferenceService(namespace, "iris"));
        ObjectNode stored = cluster.api.create(INFERENCE_SERVICE, file);
        policy(PROFILE.replace("400", "10"));
        file.withObject("/metadata").set("resourceVersion", stored.at("/metadata/resourceVersion"));

        assertThat(cluster.api.update(INFERENCE_SERVICE, file)).isEqualTo(stored);
    }

    @Test
    @DisplayName("scaleMetric cpu gets the class that KServe's validation asks for, and loses it with the metric")
    void autoscalerClass() {
        String without = Models.inferenceService(namespace, "plain", "", ", scaleMetric: cpu, scaleTarget: 60");
        cluster.hpa(false);
        assertThat(cluster.kubectl.apply(without).warnings())
                .contains("trimtab: metric cpu needs the HPA autoscaler: install Knative's serving-hpa.yaml");
        cluster.hpa(true);
        String cpu = Models.inferenceService(namespace, "iris", "", ", scaleMetric: cpu, scaleTarget: 60");
        cluster.kubectl.apply(cpu);
        assertThat(stored("iris")
                        .at("/metadata/annotations/autoscaling.knative.dev~1class")
                        .asText())
                .isEqualTo("hpa.autoscaling.knative.dev");

        cluster.kubectl.apply(cpu.replace("cpu", "concurrency"));
        assertThat(stored("iris").at("/metadata/annotations").has("autoscaling.knative.dev/class"))
                .isFalse();
        assertThat(stored("iris").at("/metadata/annotations").has("trimtab.dev/filled"))
                .isFalse();
        cluster.hpa(false);
    }

    @Test
    @DisplayName("an InferenceGraph gets its timeout, and keeps it")
    void graph() {
        policy(PROFILE);
        ObjectNode stored = cluster.api.create(INFERENCE_GRAPH, Api.yaml(Models.inferenceGraph(namespace, "chain")));
        assertThat(stored.at("/spec/timeout").asInt()).isEqualTo(480);
        policy("");
        cluster.kserve.reconcile(INFERENCE_GRAPH, namespace, "chain");
        ObjectNode service = cluster.api.get(KNATIVE_SERVICE, namespace, "chain");
        assertThat(service.at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(480);

        ObjectNode labelled = stored.deepCopy();
        labelled.withObject("/metadata/labels").put("example.com/team", "a");
        ObjectNode updated = cluster.api.update(INFERENCE_GRAPH, labelled);
        assertThat(updated.path("spec")).isEqualTo(stored.path("spec"));
        assertThat(updated.at("/metadata/annotations")).isEqualTo(stored.at("/metadata/annotations"));
    }

    @Test
    @DisplayName("created while Trimtab was away: it stays as it is until its author changes its spec")
    void awayAtCreate() {
        policy(PROFILE);
        cluster.removeTrimtab();
        ObjectNode stored = cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "iris")));
        cluster.reset();
        policy(PROFILE);
        ObjectNode labelled = stored.deepCopy();
        labelled.withObject("/metadata/labels").put("example.com/team", "a");

        ObjectNode updated = cluster.api.update(INFERENCE_SERVICE, labelled);
        assertThat(updated.path("spec")).isEqualTo(stored.path("spec"));
        assertThat(updated.at("/metadata/annotations")).isEqualTo(stored.at("/metadata/annotations"));

        updated.withObject("/spec/predictor").put("minReplicas", 2);
        assertThat(cluster.api
                        .update(INFERENCE_SERVICE, updated)
                        .at("/spec/predictor/timeout")
                        .asInt())
                .isEqualTo(480);
    }

    private ObjectNode stored(String name) {
        return cluster.api.get(INFERENCE_SERVICE, namespace, name);
    }

    private void policy(String more) {
        cluster.policy(Cluster.DEFAULT_POLICY + more + "\n");
    }
}
