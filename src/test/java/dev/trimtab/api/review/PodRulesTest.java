package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is filled in the containers goes through a real API server and Knative's schema, and stays. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class PodRulesTest extends ApiTest {
    private static final int ROUNDS = 10;

    private static final String PROFILE = """
            profiles:
              - name: llm
                probes:
                  readiness: {httpGet: {path: "/v1/models/{name}"}}
                  liveness: {%s}
            """;

    @Test
    @DisplayName("probes and a dataset are filled once, and are the same after ten rounds without the profile")
    void probesAndDataset() {
        cluster.configure("config-features", Map.of("kubernetes.podspec-persistent-volume-claim", "enabled"));
        policy(PROFILE.formatted("httpGet: {path: /health, port: 8000}"));
        create(Models.inferenceService(namespace, "iris", "trimtab.dev/dataset: \"iris:/models\"", ""));
        ObjectNode first = reconcile();

        JsonNode pod = first.at("/spec/template/spec");
        assertThat(pod.at("/containers/0/readinessProbe"))
                .isEqualTo(Api.yaml("{httpGet: {path: /v1/models/iris, port: 8080}, successThreshold: 1}"));
        assertThat(pod.at("/containers/0/livenessProbe")).isEqualTo(Api.yaml("{httpGet: {path: /health, port: 8000}}"));
        assertThat(pod.at("/containers/0/volumeMounts/0"))
                .isEqualTo(Api.yaml("{name: dataset-iris, mountPath: /models, readOnly: true}"));
        assertThat(pod.at("/volumes/0"))
                .isEqualTo(Api.yaml("{name: dataset-iris, persistentVolumeClaim: {claimName: iris, readOnly: true}}"));
        policy("");
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(reconcile()).as("round %d", round).isEqualTo(first);
            policy(PROFILE.formatted(round % 2 == 0 ? "exec: {command: [healthy]}" : "tcpSocket: {}"));
        }
    }

    @Test
    @DisplayName(
            "a Service that was stored with Knative's default probe keeps it until its author changes the template")
    void defaultedProbe() {
        create(Models.customInferenceService(namespace, "iris", "example/iris:1"));
        ObjectNode first = reconcile();
        assertThat(first.at("/spec/template/spec/containers/0/readinessProbe/tcpSocket")
                        .isObject())
                .isTrue();
        policy(PROFILE.formatted("exec: {command: [healthy]}"));
        assertThat(reconcile()).isEqualTo(first);

        // As kubectl edit does it: the whole stored object, with another image.
        ObjectNode second = cluster.api.change(KNATIVE_SERVICE, namespace, "iris-predictor", it -> ((ObjectNode)
                        it.at("/spec/template/spec/containers/0"))
                .put("image", "example/iris:2"));
        assertThat(second.at("/spec/template/spec/containers/0/readinessProbe"))
                .isEqualTo(Api.yaml("{httpGet: {path: /v1/models/iris, port: 8080}, successThreshold: 1}"));
    }

    private void create(String yaml) {
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(yaml));
    }

    private ObjectNode reconcile() {
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
        return Models.authored(cluster.api.get(KNATIVE_SERVICE, namespace, "iris-predictor"));
    }

    private void policy(String more) {
        cluster.policy(Cluster.DEFAULT_POLICY + more);
    }
}
