package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.SERVING_SCHEDULE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeKserveController.Release;
import dev.trimtab.api.fakes.PlayedCluster;
import dev.trimtab.deploy.Command;
import dev.trimtab.monitoring.MetricsPage;
import dev.trimtab.monitoring.MetricsPage.Exposed;
import dev.trimtab.monitoring.MetricsPage.Metric;
import dev.trimtab.monitoring.Shipped;
import dev.trimtab.monitoring.Shipped.Query;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** All that Trimtab shows of itself on a cluster: against the page, and as Prometheus answers the dashboard. */
@QuarkusTest
@WithTestResource(value = ApiServerResource.class, initArgs = @ResourceArg(name = "controller", value = "true"))
@ExtendWith(NeedsApiServer.class)
class MonitoringTest extends ApiTest {
    private static final String POLICY =
            Cluster.DEFAULT_POLICY + "stop: {gracePeriod: 1s, nativeTimeout: 2s}\nlifecycle: {nativeStop: Never}\n";

    private static final String CLAMPED = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: %s, namespace: %s}
            spec:
              template:
                metadata: {annotations: {autoscaling.knative.dev/max-scale: "3", autoscaling.knative.dev/initial-scale: "7"}}
                spec: {containers: [{image: example/hello}]}
            """;

    /** Nothing answers there. */
    private static final String DEAF = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingWebhookConfiguration
            metadata: {name: deaf-%1$s}
            webhooks:
              - name: deaf-%1$s.trimtab.dev
                admissionReviewVersions: [v1]
                sideEffects: None
                timeoutSeconds: 1
                failurePolicy: %2$s
                clientConfig: {url: "https://127.0.0.1:1/mutate"}
                rules: [{apiGroups: [""], apiVersions: [v1], resources: [configmaps], operations: [CREATE]}]
                objectSelector: {matchLabels: {deaf: "%1$s"}}
            """;

    private static final String SCHEDULE = """
            apiVersion: trimtab.dev/v1alpha1
            kind: ServingSchedule
            metadata: {name: office, namespace: %s}
            spec: {selector: {matchLabels: {tier: dev}}, timeZone: UTC, uptime: ["Mon-Fri 08:00-20:00"], suspend: true}
            """;

    /** Panels that are empty here, because nothing of theirs happens. */
    private static final Set<String> EMPTY = Set.of("Oldest stop under way");

    @TestHTTPResource(value = "/metrics", management = true)
    URI endpoint;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "each metric and label is on the page and nothing else; each query of the dashboard gets an answer with data")
    void everything() {
        Optional<Path> program = Command.find("prometheus");
        assumeTrue(program.isPresent(), "no prometheus on the PATH (Debian's package prometheus): no query is run");
        cluster.policy(POLICY);
        try (PlayedCluster played = new PlayedCluster(cluster.kserve.api(), namespace, Release.WITHOUT_STOP);
                Prometheus prometheus = Prometheus.start(program.get(), folder, endpoint, cluster.admin)) {
            Scene scene = new Scene(cluster, namespace, Sample.STANDARD_HPA, played);
            scene.createAndRun();
            scene.stop();
            scene.says("Released", 1);
            deaf("open", "Ignore");
            deaf("closed", "Fail");
            cluster.api.create(SERVING_SCHEDULE, Api.yaml(SCHEDULE.formatted(namespace)));
            happenings();
            Eventually.holds("it has scanned", () -> exposed().values().containsKey("trimtab_services.state"));
            Eventually.holds(
                    "it has seen the schedule",
                    () -> exposed().values().containsKey("trimtab_schedule_ready.schedule"));

            compare(exposed());
            answers(prometheus);
        } finally {
            for (String deaf : List.of("deaf-open", "deaf-closed")) {
                cluster.admin
                        .admissionRegistration()
                        .v1()
                        .mutatingWebhookConfigurations()
                        .withName(deaf)
                        .delete();
            }
        }
    }

    private Exposed exposed() {
        return Exposed.of(get("/metrics"), "trimtab_");
    }

    private static void compare(Exposed exposed) {
        Map<String, Metric> real = new TreeMap<>(exposed.metrics());
        // A gauge that each histogram has.
        real.keySet().removeIf(name -> name.endsWith("_seconds_max"));
        assertThat(real).isEqualTo(MetricsPage.metrics());
        MetricsPage.values().forEach((label, listed) -> {
            if (!listed.isEmpty()) {
                assertThat(exposed.values().get(label)).as(label).isSubsetOf(listed);
            }
        });
    }

    private void answers(Prometheus prometheus) {
        List<Query> left = new ArrayList<>(Shipped.queries());
        left.removeIf(query -> EMPTY.contains(query.panel()) && prometheus.isAnswered(query.text()));
        try {
            Eventually.holds("data for each query", () -> {
                left.removeIf(query -> prometheus.hasData(query.text()));
                return left.isEmpty();
            });
        } catch (AssertionError late) {
            throw new AssertionError("no data for " + left, late);
        }
    }

    /** Fills and clamps, a refusal, a replay; and what the API server does if nobody answers. */
    private void happenings() {
        cluster.api.create(KNATIVE_SERVICE, Api.yaml(CLAMPED.formatted("clamped", namespace)));
        ObjectNode again = Api.yaml(CLAMPED.formatted("clamped", namespace));
        cluster.api.change(KNATIVE_SERVICE, namespace, "clamped", stored -> ((ObjectNode) stored.path("spec"))
                .set("template", again.at("/spec/template")));
        cluster.policy(POLICY + "conflicts: Deny\n");
        assertThatThrownBy(() -> cluster.api.create(KNATIVE_SERVICE, Api.yaml(CLAMPED.formatted("refused", namespace))))
                .hasMessageContaining("initial-scale 7 is above max-scale 3");
        for (int i = 0; i < 2; i++) {
            send("one-" + i, "open");
            send("two-" + i, "closed");
        }
    }

    private void deaf(String name, String failurePolicy) {
        cluster.admin.resource(DEAF.formatted(name, failurePolicy)).createOr(it -> it.update());
    }

    private void send(String name, String deaf) {
        String map = """
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "%s-%s", "labels": {"deaf": "%2$s"}}}
                """.formatted(name, deaf);
        try {
            String unused = cluster.admin.raw("/api/v1/namespaces/" + namespace + "/configmaps", "POST", map);
        } catch (KubernetesClientException refused) {
            assertThat(refused.getMessage()).contains("failed calling webhook");
        }
    }
}
