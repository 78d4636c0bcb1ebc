package dev.trimtab.api.install;

import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.cluster.TestCluster;
import dev.trimtab.api.cluster.Tls;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One of the two is away. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class OutageTest extends ApiTest {
    /** timeoutSeconds of 60-mutatingwebhookconfiguration.yaml. */
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static final int REVIEWS = 50;

    @Test
    @DisplayName("Trimtab's port is closed: services are deployed unfilled, without waiting for the timeout")
    void closedPort() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        cluster.moveTrimtabTo("https://localhost:%d/mutate".formatted(port));

        assertThat(timeOfCreate("hello")).isLessThan(TIMEOUT);
        assertThat(Models.scale(cluster.api.get(KNATIVE_SERVICE, namespace, "hello")))
                .isEmpty();
        assertThat(cluster.kubectl
                        .apply(Models.knativeService(namespace, "by-kubectl", ""))
                        .exitCode())
                .isZero();
    }

    @Test
    @DisplayName("Trimtab does not answer: the API server waits for its timeout, twice at most, and goes on")
    void noAnswer() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            cluster.moveTrimtabTo("https://localhost:%d/mutate".formatted(silent.getLocalPort()));

            // Knative's defaulting changes the object, so the API server asks a second time (reinvocationPolicy).
            assertThat(timeOfCreate("hello")).isLessThan(TIMEOUT.multipliedBy(3));
            assertThat(Models.scale(cluster.api.get(KNATIVE_SERVICE, namespace, "hello")))
                    .isEmpty();
        }
    }

    @Test
    @DisplayName(
            "the API server is killed: reviews are answered all the same; when it is back, changes are taken again")
    void apiServerAway() throws Exception {
        TestCluster.kill("kube-apiserver");
        try {
            for (int i = 0; i < REVIEWS; i++) {
                JsonNode response = review("outage-" + i).path("response");
                assertThat(response.path("uid").asText()).isEqualTo("outage-" + i);
                assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
            }
            assertThat(get("/health/ready")).contains("\"status\": \"UP\"");
        } finally {
            TestCluster.start("kube-apiserver");
        }
        Eventually.holds("the API server is back", () -> cluster.admin.raw("/readyz") != null);

        cluster.policy(Cluster.DEFAULT_POLICY + "scaling: {maxScale: {whenUnset: Inherit}}\n");
        cluster.configure("config-autoscaler", Map.of("max-scale", "7"));
        Eventually.holds("services are filled by it", () -> {
            ObjectNode service = Api.yaml(Models.knativeService(namespace, "hello", ""));
            return "7"
                    .equals(Models.scale(cluster.api.dryRunCreate(KNATIVE_SERVICE, service))
                            .get("max"));
        });
    }

    private Duration timeOfCreate(String name) {
        ObjectNode service = Api.yaml(Models.knativeService(namespace, name, ""));
        long start = System.nanoTime();
        cluster.api.create(KNATIVE_SERVICE, service);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private JsonNode review(String uid) throws IOException, InterruptedException {
        ObjectNode review = Api.yaml("{apiVersion: admission.k8s.io/v1, kind: AdmissionReview}");
        ObjectNode request = review.putObject("request");
        request.put("uid", uid)
                .put("operation", "CREATE")
                .put("namespace", namespace)
                .put("name", "hello");
        request.set("object", Api.yaml(Models.knativeService(namespace, "hello", "")));
        HttpClient client = HttpClient.newBuilder()
                .sslContext(Tls.trusting(cluster.certificates))
                .build();
        HttpRequest http = HttpRequest.newBuilder(URI.create(mutate.toString()))
                .timeout(TIMEOUT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(review.toString()))
                .build();
        HttpResponse<String> answer = client.send(http, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return Api.json(answer.body());
    }
}
