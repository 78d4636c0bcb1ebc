package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Profiles for model formats, which what KServe renders does not name. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class ModelFormatsTest extends ApiTest {
    private static final int ROUNDS = 20;

    /** timeoutSeconds of 60-mutatingwebhookconfiguration.yaml. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    @BeforeEach
    void profile() {
        cluster.policy(Cluster.DEFAULT_POLICY
                + "profiles: [{name: trees, match: {modelFormats: [sklearn]}, containerConcurrency: 7}]\n");
    }

    @Test
    @DisplayName("a Service that is rendered at once is filled by its model's format, each time")
    void atOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            String name = "iris-" + round;
            cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, name)));
            cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, name);
            assertThat(concurrency(name)).as(name).isEqualTo(7);
        }
    }

    @Test
    @DisplayName("deleted, and created anew with another format: the new one counts")
    void sameName() {
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "iris")));
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
        assertThat(concurrency("iris")).isEqualTo(7);
        cluster.admin.raw(INFERENCE_SERVICE.path(namespace) + "/iris", "DELETE", null);
        Eventually.holds("what it owns is collected", () -> cluster.api
                .find(KNATIVE_SERVICE, namespace, "iris-predictor")
                .isEmpty());

        ObjectNode other = Api.yaml(Models.inferenceService(namespace, "iris"));
        other.withObject("/spec/predictor/model/modelFormat").put("name", "onnx");
        cluster.api.create(INFERENCE_SERVICE, other);
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
        assertThat(concurrency("iris")).isZero();
    }

    @Test
    @DisplayName(
            "an owner that is never seen: waited for a moment, then filled without its profile, within the timeout of each review")
    void unknownOwner() {
        ObjectNode plain = Api.yaml(Models.knativeService(namespace, "ghost-predictor", ""));
        ObjectNode service = plain.deepCopy();
        ghost(service);
        // Dry-runs: what is stored without its owner is collected.
        long start = System.nanoTime();
        ObjectNode filled = cluster.api.dryRunCreate(KNATIVE_SERVICE, service);
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        // Knative's defaulting changes the object, so the API server asks a second time.
        assertThat(took).isBetween(Duration.ofMillis(900), TIMEOUT.multipliedBy(2));
        assertThat(Models.scale(filled)).containsEntry("max", "0");
        assertThat(filled.at("/spec/template/spec/containerConcurrency").asInt())
                .isZero();

        cluster.api.create(KNATIVE_SERVICE, plain);
        AtomicReference<Duration> update = new AtomicReference<>();
        Eventually.holds("an UPDATE that comes to no conflict", () -> {
            ObjectNode stored = cluster.api.get(KNATIVE_SERVICE, namespace, "ghost-predictor");
            ghost(stored);
            stored.withObject("/spec/template/metadata/annotations").put("example.com/changed", "true");
            long began = System.nanoTime();
            cluster.api.dryRunUpdate(KNATIVE_SERVICE, stored);
            update.set(Duration.ofNanos(System.nanoTime() - began));
            return true;
        });
        assertThat(update.get()).as("an UPDATE waits for nothing").isLessThan(Duration.ofMillis(900));
    }

    private static void ghost(ObjectNode service) {
        ObjectNode metadata = service.withObject("/metadata");
        metadata.withObject("/labels").put("serving.kserve.io/inferenceservice", "ghost");
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "serving.kserve.io/v1beta1")
                .put("kind", "InferenceService")
                .put("name", "ghost")
                .put("uid", "00000000-0000-0000-0000-000000000001");
    }

    private int concurrency(String name) {
        return cluster.api
                .get(KNATIVE_SERVICE, namespace, name + "-predictor")
                .at("/spec/template/spec/containerConcurrency")
                .asInt();
    }
}
