package dev.trimtab.api.review;

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
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An admin edits config-defaults again and again, and KServe reconciles: what runs stays as it is. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class PinnedDefaultsTest extends ApiTest {
    private static final int ROUNDS = 10;

    private static final Map<String, String> FIRST = Map.of(
            "revision-cpu-request", "0.5",
            "revision-cpu-limit", "2000m",
            "revision-memory-request", "1024Mi",
            "revision-memory-limit", "2.5Gi");

    private final List<Map<String, String>> edits = List.of(
            Map.of("revision-timeout-seconds", "120"),
            Map.of("revision-timeout-seconds", "400", "revision-response-start-timeout-seconds", "20"),
            Map.of("revision-idle-timeout-seconds", "30"),
            Map.of("container-concurrency", "8"),
            Map.of("revision-cpu-request", "400m", "revision-cpu-limit", "1"),
            Map.of("revision-memory-request", "3Gi", "revision-memory-limit", "4Gi"),
            Map.of());

    @Test
    @DisplayName("InferenceService: the same object after ten rounds, each with another config-defaults")
    void pinned() {
        configure(FIRST);
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "iris")));
        ObjectNode first = reconcile();

        assertThat(first.at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(300);
        assertThat(first.at("/spec/template/spec/containers/0/resources/limits/memory")
                        .asText())
                .isEqualTo("2560Mi");
        for (int round = 0; round < ROUNDS; round++) {
            configure(edits.get(round % edits.size()));
            assertThat(reconcile()).as("round %d", round).isEqualTo(first);
        }
    }

    @Test
    @DisplayName("a timeout of 0, which means the default: the same")
    void timeoutZero() {
        String predictor = Models.inferenceService(namespace, "iris", "", ", timeout: 0");
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(predictor));
        ObjectNode first = reconcile();

        assertThat(first.at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(300);
        configure(Map.of("revision-timeout-seconds", "120"));
        assertThat(reconcile()).isEqualTo(first);
    }

    @Test
    @DisplayName("a maximum lowered below a pinned timeout: one new generation, then the same")
    void illegalSince() {
        configure(Map.of("revision-timeout-seconds", "500"));
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "iris")));
        reconcile();
        configure(Map.of("max-revision-timeout-seconds", "400"));

        ObjectNode moved = reconcile();
        assertThat(moved.at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(400);
        assertThat(Models.generation(moved)).isEqualTo(2);
        configure(Map.of());
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(reconcile()).as("round %d", round).isEqualTo(moved);
        }
    }

    @Test
    @DisplayName("the test can fail: without pinDefaults an edit of config-defaults makes a new generation")
    void notPinned() {
        cluster.policy(Cluster.DEFAULT_POLICY + "pinDefaults: false\n");
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "iris")));
        assertThat(Models.generation(reconcile())).isEqualTo(1);
        configure(Map.of("revision-timeout-seconds", "120"));

        ObjectNode second = reconcile();
        assertThat(second.at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(120);
        assertThat(Models.generation(second)).isEqualTo(2);
    }

    private ObjectNode reconcile() {
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
        return Models.authored(cluster.api.get(KNATIVE_SERVICE, namespace, "iris-predictor"));
    }

    private void configure(Map<String, String> data) {
        cluster.configure("config-defaults", data);
    }
}
