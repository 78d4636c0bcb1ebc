package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.PolicyLoader;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What kustomize makes of the folder, and how the result with a component differs from it: in this, and in nothing else. */
class KustomizeTest {
    private static final int KUBECTL_MINOR = 30;

    private Path kubectl = Path.of("kubectl");

    @TempDir
    private Path folder;

    @BeforeEach
    void findKubectl() throws IOException {
        var found = Command.find("kubectl");
        assumeTrue(found.isPresent(), "no kubectl on the PATH or in KUBEBUILDER_ASSETS: nothing is built");
        kubectl = found.get();
        var version = Command.run(List.of(kubectl.toString(), "version", "--client", "-o", "json"));
        var minor = new ObjectMapper().readTree(version.output()).at("/clientVersion/minor");
        assumeTrue(
                Integer.parseInt(minor.asText().replaceAll("\\D.*", "")) >= KUBECTL_MINOR,
                "kubectl is older than 1.30: nothing is built");
    }

    @Test
    @DisplayName("the base: every object of the folder as it is written, with the version of the image")
    void base() {
        assertThat(differences(Manifests.ofFolder(), build("webhook")))
                .containsExactly(
                        "Deployment/trimtab-controller/trimtab: replace /spec/template/spec/containers/0/image "
                                + "ghcr.io/trimtab/trimtab:0.1.0",
                        "Deployment/trimtab/trimtab: replace /spec/template/spec/containers/0/image "
                                + "ghcr.io/trimtab/trimtab:0.1.0");
    }

    @Test
    @DisplayName("audit-first: a policy that says Audit, and nothing else")
    void auditFirst() throws IOException {
        assertThat(changed("audit-first")).containsExactly("ConfigMap/trimtab-policy/trimtab: new");
        String policy =
                with("audit-first").only("ConfigMap").at("/data/policy.yaml").asText();
        assertThat(PolicyLoader.load(policy).policy())
                .hasValueSatisfying(it -> assertThat(it.mode()).isEqualTo(Mode.AUDIT));
    }

    @Test
    @DisplayName("closed-door-off: the two entries fail open, and are asked all the same")
    void closedDoorOff() throws IOException {
        assertThat(changed("closed-door-off"))
                .containsExactlyInAnyOrder(
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/recorded.trimtab.dev/failurePolicy Ignore",
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/recorded-ignored.trimtab.dev/failurePolicy Ignore");
    }

    @Test
    @DisplayName("controller-off: all that is the controller's is gone, and nothing names its account any more")
    void controllerOff() throws IOException {
        assertThat(changed("controller-off")).hasSize(12).allSatisfy(line -> assertThat(line)
                .contains("/trimtab-controller")
                .endsWith(": gone"));
        assertThat(with("controller-off").objects().toString()).doesNotContain("trimtab-controller");
    }

    @Test
    @DisplayName("fail-closed: model services need Trimtab; policies and PodAutoscalers do not")
    void failClosed() throws IOException {
        assertThat(changed("fail-closed"))
                .containsExactlyInAnyOrder(
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/services.trimtab.dev/failurePolicy Fail",
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/inferenceservices.trimtab.dev/failurePolicy Fail",
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/inferencegraphs.trimtab.dev/failurePolicy Fail",
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/deployments.trimtab.dev/failurePolicy Fail",
                        "ValidatingWebhookConfiguration/trimtab.dev: replace /webhooks/guard-inferenceservice.trimtab.dev/failurePolicy Fail",
                        "ValidatingWebhookConfiguration/trimtab.dev: replace /webhooks/guard-inferencegraph.trimtab.dev/failurePolicy Fail",
                        "ValidatingWebhookConfiguration/trimtab.dev: replace /webhooks/guard-inferencegraph-services.trimtab.dev/failurePolicy Fail");
    }

    @Test
    @DisplayName("monitoring: what to scrape, the alerts, and the dashboard where Grafana's sidecar finds it")
    void monitoring() throws IOException {
        assertThat(changed("monitoring"))
                .containsExactly(
                        "ConfigMap/trimtab-dashboard/trimtab: new",
                        "PodMonitor/trimtab/trimtab: new",
                        "PrometheusRule/trimtab/trimtab: new");
        JsonNode dashboard = with("monitoring").only("ConfigMap");
        assertThat(dashboard.at("/metadata/labels/grafana_dashboard").asText()).isEqualTo("1");
        assertThat(dashboard.at("/data/trimtab.json").asText())
                .isEqualTo(Files.readString(Path.of("deploy", "monitoring", "dashboard.json")));
    }

    @Test
    @DisplayName("monitoring: the pods and the port that are scraped are those of the two Deployments")
    void podMonitor() throws IOException {
        Manifests all = with("monitoring");
        JsonNode monitor = all.only("PodMonitor").path("spec");
        List<String> names = Manifests.texts(monitor.at("/selector/matchExpressions/0/values"));
        for (JsonNode deployment : all.ofKind("Deployment")) {
            JsonNode pod = deployment.at("/spec/template");
            assertThat(names)
                    .contains(pod.at("/metadata/labels/app.kubernetes.io~1name").asText());
            assertThat(pod.at("/spec/containers/0/ports"))
                    .anyMatch(it -> it.path("name").equals(monitor.at("/podMetricsEndpoints/0/port")));
            assertThat(pod.at("/metadata/annotations/prometheus.io~1path"))
                    .isEqualTo(monitor.at("/podMetricsEndpoints/0/path"));
        }
        assertThat(names).hasSize(2);
    }

    @Test
    @DisplayName("no-cert-manager: no object or annotation of it; the caBundle is written later")
    void noCertManager() throws IOException {
        assertThat(changed("no-cert-manager"))
                .containsExactly(
                        "Certificate/trimtab-ca/trimtab: gone",
                        "Certificate/trimtab-webhook/trimtab: gone",
                        "Issuer/trimtab-ca/trimtab: gone",
                        "Issuer/trimtab-selfsigned/trimtab: gone",
                        "MutatingWebhookConfiguration/trimtab.dev: remove /metadata/annotations ",
                        "ValidatingWebhookConfiguration/trimtab.dev: remove /metadata/annotations ");
    }

    @Test
    @DisplayName("single-node: one replica of each, nothing to spread, no budget")
    void singleNode() throws IOException {
        assertThat(changed("single-node"))
                .containsExactly(
                        "Deployment/trimtab-controller/trimtab: remove /spec/template/spec/topologySpreadConstraints ",
                        "Deployment/trimtab-controller/trimtab: replace /spec/replicas 1",
                        "Deployment/trimtab/trimtab: remove /spec/template/spec/topologySpreadConstraints ",
                        "Deployment/trimtab/trimtab: replace /spec/replicas 1",
                        "PodDisruptionBudget/trimtab/trimtab: gone");
    }

    @Test
    @DisplayName("without-knative: nothing is left in a namespace that may not be there")
    void withoutKnative() throws IOException {
        assertThat(changed("without-knative"))
                .containsExactly(
                        "Role/trimtab/knative-serving: gone",
                        "RoleBinding/trimtab-controller/knative-serving: gone",
                        "RoleBinding/trimtab/knative-serving: gone");
    }

    @Test
    @DisplayName("each two components combine, in either order: what both change is what each changes alone")
    void pairs() throws IOException {
        var components = components();
        assertThat(components).hasSize(8);
        Manifests base = build("webhook");
        Map<String, List<String>> alone = new HashMap<>();
        for (String component : components) {
            alone.put(component, changed(component));
        }
        for (String first : components) {
            for (String second : components.subList(components.indexOf(first) + 1, components.size())) {
                Manifests both = with(first, second);
                assertThat(differences(base, both))
                        .as("%s, %s", first, second)
                        .isEqualTo(differences(base, with(second, first)))
                        .containsAll(lasting(alone.get(first), alone.get(second)))
                        .containsAll(lasting(alone.get(second), alone.get(first)));
                assertThat(order(both))
                        .as("%s, %s: kustomize moves entries that a patch names", first, second)
                        .isEqualTo(order(base));
            }
        }
    }

    @Test
    @DisplayName("all of them together build, and what is left is one replica with an open door")
    void all() throws IOException {
        var all = with(components().toArray(String[]::new));

        assertThat(all.ids())
                .containsExactlyInAnyOrder(
                        "Namespace/trimtab",
                        "ServiceAccount/trimtab/trimtab",
                        "Role/trimtab/trimtab",
                        "RoleBinding/trimtab/trimtab",
                        "ClusterRole/trimtab",
                        "ClusterRoleBinding/trimtab",
                        "ConfigMap/trimtab-policy/trimtab",
                        "ConfigMap/trimtab-dashboard/trimtab",
                        "PodMonitor/trimtab/trimtab",
                        "PrometheusRule/trimtab/trimtab",
                        "Service/trimtab-webhook/trimtab",
                        "Deployment/trimtab/trimtab",
                        "NetworkPolicy/trimtab/trimtab",
                        "MutatingWebhookConfiguration/trimtab.dev",
                        "ValidatingWebhookConfiguration/trimtab.dev");
        assertThat(all.only("MutatingWebhookConfiguration").path("webhooks"))
                .extracting(webhook -> webhook.path("name").asText() + " "
                        + webhook.path("failurePolicy").asText())
                .containsExactly(
                        "services.trimtab.dev Fail",
                        "inferenceservices.trimtab.dev Fail",
                        "inferencegraphs.trimtab.dev Fail",
                        "deployments.trimtab.dev Fail",
                        "podautoscalers.trimtab.dev Ignore",
                        "recorded.trimtab.dev Ignore",
                        "recorded-ignored.trimtab.dev Ignore");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "audit-first, audit-first",
        "kind, no-cert-manager single-node",
        "no-cert-manager, no-cert-manager",
        "single-node, single-node",
        "without-knative, without-knative"
    })
    @DisplayName("the overlays are the base with these components")
    void overlays(String overlay, String components) throws IOException {
        assertThat(differences(build(Path.of("deploy/overlays", overlay)), with(components.split(" "))))
                .isEmpty();
    }

    private static List<String> order(Manifests manifests) {
        return Manifests.stream(manifests.only("MutatingWebhookConfiguration").path("webhooks"))
                .map(it -> it.path("name").asText())
                .toList();
    }

    /** Of the changes of one component what is left, where another one takes objects away. */
    private static List<String> lasting(List<String> changes, List<String> others) {
        var gone = others.stream()
                .filter(line -> line.endsWith(": gone"))
                .map(KustomizeTest::object)
                .toList();
        return changes.stream()
                .filter(line -> line.endsWith(": gone") || !gone.contains(object(line)))
                .toList();
    }

    private static String object(String line) {
        return line.substring(0, line.indexOf(": "));
    }

    private static List<String> components() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("deploy", "components"))) {
            return folders.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    private List<String> changed(String... components) throws IOException {
        return differences(build("webhook"), with(components));
    }

    /** The base with these components, in this order: a kustomization as users write it. */
    private Manifests with(String... components) throws IOException {
        var lines = Stream.of(components).map(it -> "  - " + relative("components/" + it) + "\n");
        Files.writeString(folder.resolve("kustomization.yaml"), """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                resources:
                  - %s
                components:
                %s""".formatted(
                        relative("webhook"), lines.collect(Collectors.joining())));
        return build(folder);
    }

    private String relative(String path) {
        return folder.toAbsolutePath()
                .relativize(Path.of("deploy").resolve(path).toAbsolutePath())
                .toString();
    }

    private Manifests build(String name) {
        return build(Path.of("deploy").resolve(name));
    }

    private Manifests build(Path kustomization) {
        var built = Command.run(List.of(kubectl.toString(), "kustomize", kustomization.toString()));
        assertThat(built.exitCode()).as(built.output()).isZero();
        return Manifests.parse(built.output());
    }

    /** One line for each object that is gone or new, and for each field that differs; in the order of the alphabet. */
    private static List<String> differences(Manifests before, Manifests after) {
        var olds = byId(before);
        var news = byId(after);
        return Stream.concat(olds.keySet().stream(), news.keySet().stream())
                .distinct()
                .flatMap(id -> {
                    if (!news.containsKey(id)) {
                        return Stream.of(id + ": gone");
                    }
                    if (!olds.containsKey(id)) {
                        return Stream.of(id + ": new");
                    }
                    return changes(olds.get(id), news.get(id)).map(change -> id + ": " + change);
                })
                .sorted()
                .toList();
    }

    private static Stream<String> changes(JsonNode before, JsonNode after) {
        return Manifests.stream(JsonDiff.asJson(before, after, DiffFlags.dontNormalizeOpIntoMoveAndCopy()))
                .map(operation -> operation.path("op").asText() + " "
                        + operation.path("path").asText() + " "
                        + operation.path("value").asText());
    }

    private static Map<String, JsonNode> byId(Manifests manifests) {
        return manifests.objects().stream().collect(Collectors.toMap(Manifests::id, KustomizeTest::byName));
    }

    /** Webhooks under their names: a path then says which one. */
    private static JsonNode byName(JsonNode object) {
        ObjectNode named = object.deepCopy();
        if (object.has("webhooks")) {
            ObjectNode webhooks = named.putObject("webhooks");
            object.path("webhooks").forEach(it -> webhooks.set(it.path("name").asText(), it));
        }
        return named;
    }
}
