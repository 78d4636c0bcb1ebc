package dev.trimtab.api;

import static dev.trimtab.api.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.Api.Kind.EVENT;
import static dev.trimtab.api.Api.Kind.HORIZONTAL_POD_AUTOSCALER;
import static dev.trimtab.api.Api.Kind.HTTP_ROUTE;
import static dev.trimtab.api.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.Api.Kind.INGRESS;
import static dev.trimtab.api.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.Api.Kind.POD;
import static dev.trimtab.api.Api.Kind.SCALED_OBJECT;
import static dev.trimtab.api.Api.Kind.SERVICE;
import static dev.trimtab.api.Api.Kind.VIRTUAL_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.Api.Kind;
import dev.trimtab.api.FakeKserveController.Release;
import dev.trimtab.controller.RunningController;
import dev.trimtab.policy.Lifecycle;
import dev.trimtab.policy.NativeStop;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * KServe's own cases of stop and start (controller_test.go 802, rawkube_controller_test.go 1507, inferencegraph
 * controller_test.go 1065), with pods that do not end by themselves, under every KServe that there is.
 */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StopControllerTest extends ApiTest {
    private static final Lifecycle POLICY =
            new Lifecycle(Duration.ofSeconds(2), Duration.ofSeconds(3), NativeStop.AUTO, Duration.ofMinutes(2));

    private KubernetesClient trimtab;
    private ControllerManager manager;
    private RunningController controller;
    private PlayedCluster played;

    @BeforeEach
    void start() throws IOException {
        Config admin =
                Config.fromKubeconfig(Files.readString(cluster.kubectl.folder().resolve("kubeconfig")));
        trimtab = ApiServerResource.client(admin, ApiServerResource.TRIMTAB_TOKEN);
        manager = new ControllerManager(cluster.kubectl.folder());
        controller = new RunningController.Setup(
                        trimtab,
                        POLICY,
                        (kind, mode) -> settings.get().services().isStopNative(kind, mode, NativeStop.AUTO),
                        new SimpleMeterRegistry())
                .start();
    }

    @AfterEach
    void stop() {
        controller.close();
        if (played != null) {
            played.close();
        }
        manager.close();
        trimtab.close();
    }

    /** A service, and what KServe makes of it. */
    record Case(String title, Kind kind, String manifest, List<Kind> parts) {
        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Arguments> cases() {
        List<Kind> knative = List.of(KNATIVE_SERVICE, VIRTUAL_SERVICE, SERVICE);
        List<Case> cases = List.of(
                new Case("Knative, predictor", INFERENCE_SERVICE, service("", "predictor: {}"), knative),
                new Case(
                        "Knative, transformer and explainer",
                        INFERENCE_SERVICE,
                        service("", "predictor: {}, transformer: {}, explainer: {}"),
                        knative),
                new Case(
                        "Standard, HPA, Ingress",
                        INFERENCE_SERVICE,
                        service("serving.kserve.io/deploymentMode: Standard", "predictor: {}, transformer: {}"),
                        List.of(DEPLOYMENT, SERVICE, HORIZONTAL_POD_AUTOSCALER, INGRESS)),
                new Case(
                        "Standard, KEDA, HTTPRoute",
                        INFERENCE_SERVICE,
                        service(
                                "serving.kserve.io/deploymentMode: Standard, serving.kserve.io/autoscalerClass: keda, "
                                        + "example.com/gateway-api: \"true\"",
                                "predictor: {}, explainer: {}"),
                        List.of(DEPLOYMENT, SERVICE, SCALED_OBJECT, HTTP_ROUTE)),
                new Case("InferenceGraph, Knative", INFERENCE_GRAPH, graph(""), List.of(KNATIVE_SERVICE)),
                new Case(
                        "InferenceGraph, Standard",
                        INFERENCE_GRAPH,
                        graph("serving.kserve.io/deploymentMode: Standard"),
                        List.of(DEPLOYMENT, SERVICE, HORIZONTAL_POD_AUTOSCALER)));
        return cases.stream().flatMap(it -> Stream.of(Release.values()).map(release -> Arguments.of(it, release)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    @DisplayName("running, stopped, started, stopped again: released each time, everything back in between")
    void toggled(Case it, Release release) {
        played = new PlayedCluster(kserve(), namespace, release, false);
        create(it);
        runs(it);

        for (int round = 0; round < 2; round++) {
            int said = events("Released").size();
            annotate(it, "true");
            Eventually.holds("Released", () -> events("Released").size() > said);
            assertThat(cluster.api.list(POD, namespace)).isEmpty();
            assertThat(events("Released").get(said)).contains(" nvidia.com/gpu free, ");
            for (Kind part : it.parts()) {
                Eventually.holds(
                        "no " + part, () -> cluster.api.list(part, namespace).isEmpty());
            }
            Eventually.holds("Stopped", () -> condition(it, "Stopped").equals("True"));
            assertThat(condition(it, "Ready")).isEqualTo("False");

            int before = events("Started").size();
            annotate(it, null);
            runs(it);
            Eventually.holds("Started", () -> events("Started").size() > before);
            assertThat(condition(it, "Stopped")).isEqualTo("False");
        }
    }

    private void runs(Case it) {
        for (Kind part : it.parts()) {
            Eventually.holds(
                    part + " is there", () -> !cluster.api.list(part, namespace).isEmpty());
        }
        Eventually.holds("pods on a node", () -> {
            List<ObjectNode> pods = cluster.api.list(POD, namespace);
            return !pods.isEmpty()
                    && pods.stream().allMatch(pod -> pod.at("/spec").has("nodeName"));
        });
        Eventually.holds("ready", () -> condition(it, "Ready").equals("True"));
    }

    private Api kserve() {
        return cluster.kserve.api();
    }

    private void create(Case it) {
        cluster.api.create(it.kind(), Api.yaml(it.manifest().replace("NAMESPACE", namespace)));
    }

    private void annotate(Case it, String value) {
        String annotation = "serving.kserve.io/stop" + (value == null ? "-" : "=" + value);
        String kind = it.kind().kindName().toLowerCase(Locale.ROOT);
        Kubectl.Printed done = cluster.kubectl.run("", List.of("annotate", "-n", namespace, kind, "llama", annotation));
        assertThat(done.exitCode()).as(done.err()).isZero();
    }

    private String condition(Case it, String type) {
        for (var condition : cluster.api.get(it.kind(), namespace, "llama").at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    private List<String> events(String reason) {
        return cluster.api.list(EVENT, namespace).stream()
                .filter(it -> it.path("reason").asText().equals(reason))
                .sorted(Comparator.comparing(
                        it -> it.at("/metadata/creationTimestamp").asText()))
                .map(it -> it.path("message").asText())
                .toList();
    }

    private static String service(String annotations, String spec) {
        return """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: llama, namespace: NAMESPACE, annotations: {%s}}
                spec: {%s}
                """.formatted(annotations, spec);
    }

    private static String graph(String annotations) {
        return """
                apiVersion: serving.kserve.io/v1alpha1
                kind: InferenceGraph
                metadata: {name: llama, namespace: NAMESPACE, annotations: {%s}}
                spec: {nodes: {root: {routerType: Sequence, steps: [{name: first, serviceName: iris}]}}}
                """.formatted(annotations);
    }
}
