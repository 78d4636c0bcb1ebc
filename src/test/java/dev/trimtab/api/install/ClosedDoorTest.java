package dev.trimtab.api.install;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Kubectl;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeStandardMode;
import dev.trimtab.api.fakes.PlayedWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trimtab is away, for whatever reason: nothing that it has filled gets a new generation, and all else goes on. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class ClosedDoorTest extends ApiTest {
    private static final String PROFILE = """
            profiles:
              - name: llm
                template: {annotations: {example.com/pool: gpu}, labels: {example.com/pool: gpu}}
            """;

    private static final String OTHER_TEMPLATE =
            "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"example.com/changed\":\"yes\"}}}}}";

    private static final int ROUNDS = 5;

    private ObjectNode rendered;

    /** Why no answer comes. */
    enum Trouble {
        CLOSED_PORT,
        HANGS,
        WRONG_CA,
        EXPIRED_CERTIFICATE,
        NO_ENDPOINTS
    }

    @BeforeEach
    void filled() {
        cluster.policy(Cluster.DEFAULT_POLICY + PROFILE);
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "iris")));
        cluster.api.create(INFERENCE_GRAPH, Api.yaml(Models.inferenceGraph(namespace, "chain")));
        ObjectNode owner =
                cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "standard")));
        rendered = FakeStandardMode.rendered(namespace, "standard", "example/sklearn:1");
        rendered.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "serving.kserve.io/v1beta1")
                .put("kind", "InferenceService")
                .put("name", "standard")
                .put("controller", true)
                .set("uid", owner.at("/metadata/uid"));
        reconciles().values().forEach(Runnable::run);
        cluster.api.create(KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "hello", "")));
        // The first reconcile after a CREATE may still write.
        reconciles().values().forEach(Runnable::run);
        assertThat(stored().values()).as("filled, and recorded").allSatisfy(it -> assertThat(
                        it.at("/metadata/annotations/trimtab.dev~1filled").asText())
                .isNotEmpty());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "KServe's reconcile is refused and nothing moves; the first one after Trimtab is back moves nothing either")
    void away(Trouble trouble) throws IOException {
        Map<String, ObjectNode> before = stored();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("localhost"))) {
            cluster.loseTrimtab(address(trouble, silent));

            reconciles().forEach((name, reconcile) -> refused(name, reconcile::run));
            assertThat(generations(stored())).isEqualTo(generations(before));
            assertThat(templates(stored())).isEqualTo(templates(before));
            refused("a rollout restart", () -> patch("deployment", "standard-predictor", OTHER_TEMPLATE));
            passes(List.of("label", "ksvc", "iris-predictor", "team=a"));
            passes(List.of("annotate", "ksvc", "iris-predictor", "team=a"));
            // Of the one that is rendered by hand here: KServe copies annotations into the template, which is an
            // author's change.
            passes(List.of("annotate", "isvc", "standard", "team=a"));
            patch("ksvc", "hello", OTHER_TEMPLATE);
            assertThat(cluster.kubectl
                            .apply(Models.inferenceService(namespace, "new"))
                            .exitCode())
                    .isZero();
        }
        assertThat(generations(stored())).isEqualTo(generations(before));

        cluster.findTrimtab();
        reconciles().values().forEach(Runnable::run);
        assertThat(generations(stored())).isEqualTo(generations(before));
        assertThat(templates(stored())).isEqualTo(templates(before));
    }

    @Test
    @DisplayName("kept up while Trimtab is away: KServe waits; while it is off, audits or has no policy: nothing moves")
    void kept() throws IOException {
        cluster.removePolicyCheck();
        Map<String, ObjectNode> before = stored();
        cluster.loseTrimtab(address(Trouble.NO_ENDPOINTS, null));
        keep("up");
        reconciles().forEach((name, reconcile) -> refused(name, reconcile::run));
        cluster.findTrimtab();
        staysAsItIs(() -> {});
        staysAsItIs(() -> keep(null));

        staysAsItIs(() -> {
            passes(List.of("label", "namespace", namespace, "trimtab.dev/ignore=true"));
            keep("up");
        });
        staysAsItIs(() -> {
            passes(List.of("label", "namespace", namespace, "trimtab.dev/ignore-"));
            passes(List.of("label", "ksvc", "iris-predictor", "chain", "trimtab.dev/ignore=true"));
            keep("down");
        });
        staysAsItIs(() -> {
            cluster.policy(Cluster.DEFAULT_POLICY + "mode: Audit\n");
            keep("up");
        });
        staysAsItIs(() -> {
            cluster.storePolicy("mode: audit\n");
            keep(null);
        });
        assertThat(generations(stored())).isEqualTo(generations(before));
        assertThat(templates(stored())).isEqualTo(templates(before));
    }

    /** @param word of {@code trimtab.dev/keep}; null to take it off */
    private void keep(String word) {
        String change = word == null ? "trimtab.dev/keep-" : "trimtab.dev/keep=" + word;
        passes(List.of("annotate", "--overwrite", "isvc", "iris", change));
        passes(List.of("annotate", "--overwrite", "inferencegraph", "chain", change));
        ObjectNode annotations = rendered.withObject("/spec/template/metadata/annotations");
        annotations.remove("trimtab.dev/keep");
        if (word != null) {
            annotations.put("trimtab.dev/keep", word);
        }
    }

    @Test
    @DisplayName("who else writes to such objects stays out of the closed door")
    void bystanders() throws IOException {
        Map<String, ObjectNode> before = stored();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        cluster.loseTrimtab(it -> located(it, port, cluster.certificates.caBundle()));

        for (String kind : List.of("ksvc/iris-predictor", "ksvc/chain", "deployment/standard-predictor")) {
            String[] parts = kind.split("/", -1);
            // Storage migration of Knative and Kubernetes.
            patch(parts[0], parts[1], "{}");
            // Finalizers.
            patch(parts[0], parts[1], "{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}");
            patch(parts[0], parts[1], "{\"metadata\":{\"finalizers\":null}}");
            // The Deployment controller's own note, Knative's and GitOps' labels and annotations.
            patch(parts[0], parts[1], "{\"metadata\":{\"annotations\":{\"deployment.kubernetes.io/revision\":\"2\"}}}");
            // "Off" by the label, and on again.
            passes(List.of("label", kind, "trimtab.dev/ignore=true"));
            passes(List.of("label", kind, "trimtab.dev/ignore-"));
            // Status.
            passes(List.of(
                    "patch",
                    kind,
                    "--subresource=status",
                    "--type=merge",
                    "-p",
                    "{\"status\":{\"observedGeneration\":1}}"));
        }
        // An HPA, KEDA and kubectl scale.
        passes(List.of("scale", "deployment/standard-predictor", "--replicas=3"));
        // Everything but the template, by any client.
        patch("deployment", "standard-predictor", "{\"spec\":{\"replicas\":2,\"minReadySeconds\":1}}");
        patch("ksvc", "iris-predictor", "{\"spec\":{\"traffic\":[{\"latestRevision\":true,\"percent\":100}]}}");
        assertThat(templates(stored())).isEqualTo(templates(before));

        // What the garbage collector does of an owner that is deleted with --cascade=orphan.
        patch("ksvc", "chain", "{\"metadata\":{\"ownerReferences\":null}}");
        // A stop: KServe deletes; held by a finalizer in between, as a foreground deletion is.
        patch("ksvc", "iris-predictor", "{\"metadata\":{\"finalizers\":[\"example.com/hold\"]}}");
        passes(List.of("delete", "ksvc", "iris-predictor", "--wait=false"));
        patch("ksvc", "iris-predictor", "{\"metadata\":{\"finalizers\":null}}");
        assertThat(cluster.api.find(KNATIVE_SERVICE, namespace, "iris-predictor"))
                .isEmpty();
        passes(List.of("delete", "deployment", "standard-predictor", "--wait=false"));
    }

    @Test
    @DisplayName(
            "the emergency order: without its record an object is let through, and KServe makes one revision of it")
    void letGoByHand() throws IOException {
        int before = Models.generation(stored().get("iris-predictor"));
        cluster.loseTrimtab(address(Trouble.NO_ENDPOINTS, null));
        refused("before", () -> cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris"));

        passes(List.of("annotate", "ksvc", "iris-predictor", "trimtab.dev/left=by-hand", "trimtab.dev/filled-"));
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");

        assertThat(Models.generation(stored().get("iris-predictor"))).isEqualTo(before + 1);
        refused("the others", () -> cluster.kserve.reconcile(INFERENCE_GRAPH, namespace, "chain"));
    }

    @Test
    @DisplayName("with Trimtab there, each write of KServe's is reviewed once, by whichever entry")
    void reviewedOnce() {
        // Until then Knative writes status, and KServe's writes meet conflicts: each try is a review.
        Eventually.holds(
                "what was made is ready", () -> stored().values().stream().allMatch(ClosedDoorTest::isReady));
        for (Runnable reconcile : reconciles().values()) {
            long before = reviews();
            reconcile.run();
            // A dry-run, and where KServe writes without a difference the UPDATE; Knative's defaulting asks again.
            assertThat(reviews() - before).isLessThanOrEqualTo(4);
        }
        long before = reviews();
        patch("deployment", "standard-predictor", OTHER_TEMPLATE);
        assertThat(reviews() - before).as("a template that changes").isEqualTo(1);
        patch("deployment", "standard-predictor", "{\"metadata\":{\"labels\":{\"team\":\"a\"}}}");
        assertThat(reviews() - before).as("and a label").isEqualTo(2);
    }

    @Test
    @DisplayName("off is not undo: a namespace gets the label trimtab.dev/ignore and loses it, and nothing moves")
    void ignoredNamespace() {
        staysAsItIs(() -> passes(List.of("label", "namespace", namespace, "trimtab.dev/ignore=true")));
        staysAsItIs(() -> passes(List.of("label", "namespace", namespace, "trimtab.dev/ignore-")));
    }

    @Test
    @DisplayName("off is not undo: objects get the label and lose it, and nothing moves")
    void ignoredObjects() {
        for (String label : List.of("trimtab.dev/ignore=true", "trimtab.dev/ignore-")) {
            staysAsItIs(() -> {
                passes(List.of("label", "ksvc", "iris-predictor", "chain", label));
                passes(List.of("label", "deployment", "standard-predictor", label));
            });
        }
    }

    @Test
    @DisplayName("Audit and back, the policy broken and mended, the ConfigMap deleted and back: nothing moves")
    void policies() {
        cluster.removePolicyCheck();
        staysAsItIs(() -> cluster.policy(Cluster.DEFAULT_POLICY + "mode: Audit\n"));
        staysAsItIs(() -> cluster.policy(Cluster.DEFAULT_POLICY + PROFILE));
        staysAsItIs(() -> cluster.storePolicy("mode: audit\n"));
        staysAsItIs(() -> cluster.policy(Cluster.DEFAULT_POLICY + PROFILE));
        staysAsItIs(() -> {
            var unused = cluster.admin
                    .configMaps()
                    .inNamespace("trimtab")
                    .withName("trimtab-policy")
                    .delete();
        });
        staysAsItIs(() -> cluster.policy(Cluster.DEFAULT_POLICY + PROFILE));
    }

    /** Through some reconciles: before the change is in force everywhere, while it comes, and after. */
    private void staysAsItIs(Runnable change) {
        Map<String, ObjectNode> before = stored();
        change.run();
        for (int round = 0; round < ROUNDS; round++) {
            reconciles().values().forEach(Runnable::run);
        }
        assertThat(generations(stored())).isEqualTo(generations(before));
        assertThat(templates(stored())).isEqualTo(templates(before));
    }

    private Consumer<WebhookClientConfig> address(Trouble trouble, ServerSocket silent) throws IOException {
        String ca = cluster.certificates.caBundle();
        switch (trouble) {
            case CLOSED_PORT -> {
                try (ServerSocket free = new ServerSocket(0)) {
                    int port = free.getLocalPort();
                    return it -> located(it, port, ca);
                }
            }
            case HANGS -> {
                return it -> located(it, silent.getLocalPort(), ca);
            }
            case WRONG_CA -> {
                return it -> located(it, mutate.getPort(), cluster.certificates.otherCaBundle());
            }
            case EXPIRED_CERTIFICATE -> {
                int port = new PlayedWebhook(
                                cluster.certificates.expired(),
                                cluster.certificates.key(),
                                (path, request, answer) -> {})
                        .port();
                return it -> located(it, port, ca);
            }
            default -> {
                // The Service of the install is not even there.
                return it -> it.setCaBundle(ca);
            }
        }
    }

    private static void located(WebhookClientConfig config, int port, String ca) {
        config.setUrl(
                "https://localhost:%d%s".formatted(port, config.getService().getPath()));
        config.setService(null);
        config.setCaBundle(ca);
    }

    private Map<String, Runnable> reconciles() {
        Map<String, Runnable> all = new LinkedHashMap<>();
        all.put("iris", () -> cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris"));
        all.put("chain", () -> cluster.kserve.reconcile(INFERENCE_GRAPH, namespace, "chain"));
        all.put("standard", () -> {
            boolean unused = new FakeStandardMode(cluster.api, cluster.api.client()).reconcile(rendered.deepCopy());
        });
        return all;
    }

    private Map<String, ObjectNode> stored() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        cluster.api.find(KNATIVE_SERVICE, namespace, "iris-predictor").ifPresent(it -> all.put("iris-predictor", it));
        cluster.api.find(KNATIVE_SERVICE, namespace, "chain").ifPresent(it -> all.put("chain", it));
        cluster.api
                .find(DEPLOYMENT, namespace, "standard-predictor")
                .ifPresent(it -> all.put("standard-predictor", it));
        return all;
    }

    private static boolean isReady(ObjectNode object) {
        Map<String, String> conditions = new LinkedHashMap<>();
        object.at("/status/conditions")
                .forEach(it -> conditions.put(
                        it.path("type").asText(), it.path("status").asText()));
        boolean observed = object.at("/status/observedGeneration").asInt() == Models.generation(object);
        return observed && "True".equals(conditions.getOrDefault("Ready", conditions.get("Available")));
    }

    private static Map<String, Integer> generations(Map<String, ObjectNode> objects) {
        Map<String, Integer> all = new LinkedHashMap<>();
        objects.forEach((name, object) -> all.put(name, Models.generation(object)));
        return all;
    }

    private static Map<String, JsonNode> templates(Map<String, ObjectNode> objects) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        objects.forEach((name, object) -> all.put(name, object.at("/spec/template")));
        return all;
    }

    private static void refused(String what, ThrowingCallable write) {
        assertThatThrownBy(write).as(what).hasMessageContaining("failed calling webhook \"recorded.trimtab.dev\"");
    }

    private void patch(String kind, String name, String patch) {
        passes(List.of("patch", kind, name, "--type=merge", "-p", patch));
    }

    private void passes(List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("-n", namespace));
        all.addAll(arguments);
        Kubectl.Printed printed = cluster.kubectl.run("", all);
        if (printed.exitCode() != 0) {
            throw new AssertionError(arguments + ": " + printed.err());
        }
    }
}
