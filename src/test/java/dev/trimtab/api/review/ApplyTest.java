package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Kubectl.Printed;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an author sees of kubectl apply, and what is stored. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class ApplyTest extends ApiTest {
    private static final String[] CLIENT_SIDE = {};
    private static final String[] SERVER_SIDE = {"--server-side"};
    private static final Map<String, String> FILLED = Map.of("min", "2", "max", "0", "initial", "2");
    private static final String FILLS = "trimtab: filled max-scale=0, initial-scale=2";
    private static final String FORECAST = "trimtab: predictor: will get max-scale=0, initial-scale=1";

    @Test
    @DisplayName("a Knative Service, client-side, twice: filled, and the second apply changes nothing")
    void knativeServiceClientSide() {
        // "configured": kubectl sends the list of containers as the file has it, without what Knative filled.
        knativeServiceTwice("configured", CLIENT_SIDE);
    }

    @Test
    @DisplayName("a Knative Service, server-side, twice: filled, and the second apply changes nothing")
    void knativeServiceServerSide() {
        knativeServiceTwice("serverside-applied", SERVER_SIDE);
    }

    private void knativeServiceTwice(String secondTime, String... arguments) {
        String manifest = Models.knativeService(namespace, "hello", "autoscaling.knative.dev/min-scale: \"2\"");

        Printed first = cluster.kubectl.apply(manifest, arguments);
        assertThat(first.warnings()).containsExactly(FILLS);
        ObjectNode stored = cluster.api.get(KNATIVE_SERVICE, namespace, "hello");
        assertThat(Models.scale(stored)).isEqualTo(FILLED);
        assertThat(Models.generation(stored)).isEqualTo(1);

        cluster.policy(Cluster.DEFAULT_POLICY + "scaling: {maxScale: {whenUnset: Inherit}}\n");
        Printed second = cluster.kubectl.apply(manifest, arguments);
        assertThat(second.out().strip()).isEqualTo("service.serving.knative.dev/hello " + secondTime);
        assertThat(second.warnings()).isEmpty();
        assertThat(authored("hello")).isEqualTo(Models.authored(stored));

        String changed = Models.knativeService(
                namespace, "hello", "autoscaling.knative.dev/min-scale: \"2\"", "example/hello:2");
        assertThat(cluster.kubectl.apply(changed, arguments).exitCode()).isZero();
        ObjectNode next = cluster.api.get(KNATIVE_SERVICE, namespace, "hello");
        assertThat(next.at("/spec/template/spec/containers/0/image").asText()).isEqualTo("example/hello:2");
        assertThat(Models.scale(next)).isEqualTo(FILLED);
        assertThat(Models.generation(next)).isEqualTo(2);
    }

    @Test
    @DisplayName("an InferenceService, client-side, twice: stored as written, its author is told what will come")
    void inferenceServiceClientSide() {
        inferenceServiceTwice("unchanged", CLIENT_SIDE);
    }

    @Test
    @DisplayName("an InferenceService, server-side, twice: stored as written, its author is told what will come")
    void inferenceServiceServerSide() {
        inferenceServiceTwice("serverside-applied", SERVER_SIDE);
    }

    private void inferenceServiceTwice(String secondTime, String... arguments) {
        String manifest = Models.inferenceService(namespace, "iris");

        Printed first = cluster.kubectl.apply(manifest, arguments);
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.warnings()).containsExactly(FORECAST);
        ObjectNode stored = cluster.api.get(INFERENCE_SERVICE, namespace, "iris");
        assertThat(stored.at("/spec/predictor").properties()).hasSize(1);
        assertThat(stored.at("/spec/predictor/model/storageUri").asText()).isEqualTo("gs://models/iris");
        stored.at("/metadata/annotations").fieldNames().forEachRemaining(it -> assertThat(it)
                .isEqualTo("kubectl.kubernetes.io/last-applied-configuration"));

        Printed second = cluster.kubectl.apply(manifest, arguments);
        assertThat(second.out().strip()).isEqualTo("inferenceservice.serving.kserve.io/iris " + secondTime);
        assertThat(second.warnings()).isEmpty();
        assertThat(Models.authored(cluster.api.get(INFERENCE_SERVICE, namespace, "iris")))
                .isEqualTo(Models.authored(stored));
    }

    @Test
    @DisplayName("a clamp is printed, and comes out the same on dry-run and for real")
    void clamp() {
        String manifest = Models.knativeService(
                namespace,
                "hello",
                "autoscaling.knative.dev/max-scale: \"3\", autoscaling.knative.dev/initial-scale: \"7\"");
        String lowered = "trimtab: initial-scale 7 lowered to max-scale 3";

        for (String[] way : new String[][] {CLIENT_SIDE, SERVER_SIDE}) {
            Printed dryRun = dryRun(manifest, way);
            assertThat(dryRun.warnings()).containsExactly(lowered);
            assertThat(Models.scale(Api.json(dryRun.out()))).isEqualTo(Map.of("max", "3", "initial", "3"));
            assertThat(cluster.api.find(KNATIVE_SERVICE, namespace, "hello")).isEmpty();
        }
        assertThat(cluster.kubectl.apply(manifest).warnings()).containsExactly(lowered);
        ObjectNode stored = cluster.api.get(KNATIVE_SERVICE, namespace, "hello");
        assertThat(Models.scale(stored)).isEqualTo(Map.of("max", "3", "initial", "3"));

        assertThat(cluster.kubectl.apply(manifest).out().strip())
                .as("the author's file again")
                .isEqualTo("service.serving.knative.dev/hello configured");
        assertThat(authored("hello")).isEqualTo(Models.authored(stored));
    }

    @Test
    @DisplayName("--dry-run=server on what is stored, with another policy: the same object, and nothing stored")
    void dryRunOfStored() {
        for (String[] way : new String[][] {CLIENT_SIDE, SERVER_SIDE}) {
            String name = "hello-" + way.length;
            String manifest = Models.knativeService(namespace, name, "");
            assertThat(cluster.kubectl.apply(manifest, way).exitCode()).isZero();
            ObjectNode stored = cluster.api.get(KNATIVE_SERVICE, namespace, name);
            assertThat(Models.scale(stored)).isEqualTo(Map.of("max", "0", "initial", "1"));

            cluster.policy(Cluster.DEFAULT_POLICY + "scaling: {initialScale: {write: WhenNeeded}}\n");
            Printed dryRun = dryRun(manifest, way);
            assertThat(dryRun.warnings()).isEmpty();
            assertThat(Api.json(dryRun.out()).get("spec")).isEqualTo(stored.get("spec"));
            assertThat(authored(name)).isEqualTo(Models.authored(stored));
            cluster.policy(Cluster.DEFAULT_POLICY);
        }
    }

    @Test
    @DisplayName("--dry-run=server of an InferenceService: its author is told, and nothing is stored")
    void dryRunOfInferenceService() {
        Printed dryRun = dryRun(Models.inferenceService(namespace, "iris"), CLIENT_SIDE);
        assertThat(dryRun.warnings()).containsExactly(FORECAST);
        assertThat(cluster.api.find(INFERENCE_SERVICE, namespace, "iris")).isEmpty();
    }

    private Printed dryRun(String manifest, String... way) {
        String[] arguments = new String[way.length + 3];
        System.arraycopy(way, 0, arguments, 3, way.length);
        arguments[0] = "--dry-run=server";
        arguments[1] = "-o";
        arguments[2] = "json";
        return cluster.kubectl.apply(manifest, arguments);
    }

    private ObjectNode authored(String name) {
        return Models.authored(cluster.api.get(KNATIVE_SERVICE, namespace, name));
    }
}
