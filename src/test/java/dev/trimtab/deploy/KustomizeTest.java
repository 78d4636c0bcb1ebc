package dev.trimtab.deploy;

import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.PolicyLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What kustomize makes of the folder, and how the result with a component differs from it: in this, and in nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KustomizeTest {
    /** This one is told names, and comes last: it has tests of its own. */
    private static final String NAMESPACES = "namespaces";

    /** Of these ways to have a certificate a cluster has one. */
    private static final Set<String> CERTIFICATES = Set.of("no-cert-manager", "openshift", "own-certificates");

    @TempDir
    private Path folder;

    private Kustomize kustomize = new Kustomize(Path.of("kubectl"), Path.of(""));
    private final Map<List<String>, Manifests> built = new HashMap<>();

    @BeforeEach
    void findKubectl() {
        kustomize = Kustomize.in(folder);
    }

    @Test
    @DisplayName("the base: every object of the folder as it is written, with the version of the image")
    void base() {
        String tag = Manifests.parse(Manifests.read(Path.of("deploy/webhook/kustomization.yaml")))
                .objects()
                .get(0)
                .at("/images/0/newTag")
                .asText();
        String image = "ghcr.io/trimtab/trimtab:" + tag;
        List<String> differences = Differences.between(Manifests.ofFolder(), build("webhook"));
        assertThat(differences)
                .filteredOn(line -> line.contains("app.kubernetes.io~1version"))
                .hasSize(Manifests.ofFolder().objects().size() + 2)
                .allMatch(line -> line.matches(
                        ".*: add (/spec/template)?/metadata/labels/app.kubernetes.io~1version " + Pattern.quote(tag)));
        assertThat(differences)
                .filteredOn(line -> !line.contains("app.kubernetes.io~1version"))
                .containsExactly(
                        "Deployment/trimtab-controller/trimtab: replace /spec/template/spec/containers/0/image "
                                + image,
                        "Deployment/trimtab/trimtab: replace /spec/template/spec/containers/0/image " + image);
    }

    @Test
    @DisplayName("audit-first: a policy that says Audit, and nothing else")
    void auditFirst() {
        assertThat(changed("audit-first")).containsExactly("ConfigMap/trimtab-policy/trimtab: new");
        String policy =
                with("audit-first").only("ConfigMap").at("/data/policy.yaml").asText();
        assertThat(PolicyLoader.load(policy).policy())
                .hasValueSatisfying(it -> assertThat(it.mode()).isEqualTo(Mode.AUDIT));
    }

    @Test
    @DisplayName("closed-door-off: the two entries fail open, and are asked all the same")
    void closedDoorOff() {
        assertThat(changed("closed-door-off"))
                .containsExactlyInAnyOrder(
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/recorded.trimtab.dev/failurePolicy Ignore",
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/recorded-ignored.trimtab.dev/failurePolicy Ignore");
    }

    @Test
    @DisplayName("controller-off: all that is the controller's is gone, and nothing names its account any more")
    void controllerOff() {
        assertThat(changed("controller-off")).hasSize(19).allSatisfy(line -> assertThat(line)
                .containsAnyOf("/trimtab-controller", "servingschedules")
                .endsWith(": gone"));
        assertThat(with("controller-off").objects().toString()).doesNotContain("trimtab-controller");
    }

    @Test
    @DisplayName("fail-closed: model services need Trimtab; policies and PodAutoscalers do not")
    void failClosed() {
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
    void noCertManager() {
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
    @DisplayName("own-certificates: no-cert-manager, and a controller that may issue")
    void ownCertificates() throws IOException {
        assertThat(changed("own-certificates"))
                .containsAll(changed("no-cert-manager"))
                .filteredOn(line ->
                        !line.contains("cert-manager") && !line.endsWith(": gone") && !line.contains("annotations"))
                .containsExactly(
                        "ClusterRole/trimtab-controller-certificates: new",
                        "ClusterRoleBinding/trimtab-controller-certificates: new",
                        "Deployment/trimtab-controller/trimtab: add /spec/template/spec/containers/0/env/7 ",
                        "Role/trimtab-controller-certificates/trimtab: new",
                        "RoleBinding/trimtab-controller-certificates/trimtab: new",
                        "ValidatingAdmissionPolicy/trimtab-controller-certificates.trimtab.dev: new",
                        "ValidatingAdmissionPolicyBinding/trimtab-controller-certificates.trimtab.dev: new");
        assertThat(with("own-certificates")
                        .get("Deployment", "trimtab-controller")
                        .at("/spec/template/spec/containers/0/env/7")
                        .toString())
                .isEqualTo("{\"name\":\"TRIMTAB_CERTIFICATES\",\"value\":\"own\"}");
    }

    @Test
    @DisplayName("single-node: one replica of each, nothing to spread, no budget")
    void singleNode() {
        assertThat(changed("single-node"))
                .containsExactly(
                        "Deployment/trimtab-controller/trimtab: remove /spec/template/spec/topologySpreadConstraints ",
                        "Deployment/trimtab-controller/trimtab: replace /spec/replicas 1",
                        "Deployment/trimtab/trimtab: remove /spec/template/spec/topologySpreadConstraints ",
                        "Deployment/trimtab/trimtab: replace /spec/replicas 1",
                        "PodDisruptionBudget/trimtab/trimtab: gone");
    }

    @Test
    @DisplayName("system-critical: the class on both Deployments, and the quota that allows it")
    void systemCritical() {
        assertThat(changed("system-critical"))
                .containsExactly(
                        "Deployment/trimtab-controller/trimtab: add /spec/template/spec/priorityClassName system-cluster-critical",
                        "Deployment/trimtab/trimtab: add /spec/template/spec/priorityClassName system-cluster-critical",
                        "ResourceQuota/trimtab-critical-pods/trimtab: new");
        assertThat(with("system-critical")
                        .only("ResourceQuota")
                        .at("/spec/scopeSelector/matchExpressions")
                        .toString())
                .isEqualTo(
                        "[{\"operator\":\"In\",\"scopeName\":\"PriorityClass\",\"values\":[\"system-cluster-critical\"]}]");
    }

    @Test
    @DisplayName(
            "openshift: the service CA instead of cert-manager, and no user or group that the cluster did not choose")
    void openShift() {
        assertThat(changed("openshift"))
                .containsExactly(
                        "Certificate/trimtab-ca/trimtab: gone",
                        "Certificate/trimtab-webhook/trimtab: gone",
                        "Deployment/trimtab-controller/trimtab: remove /spec/template/spec/securityContext/runAsGroup 10001",
                        "Deployment/trimtab-controller/trimtab: remove /spec/template/spec/securityContext/runAsUser 10001",
                        "Deployment/trimtab/trimtab: remove /spec/template/spec/securityContext/fsGroup 10001",
                        "Deployment/trimtab/trimtab: remove /spec/template/spec/securityContext/runAsGroup 10001",
                        "Deployment/trimtab/trimtab: remove /spec/template/spec/securityContext/runAsUser 10001",
                        "Issuer/trimtab-ca/trimtab: gone",
                        "Issuer/trimtab-selfsigned/trimtab: gone",
                        "MutatingWebhookConfiguration/trimtab.dev: add /metadata/annotations/service.beta.openshift.io~1inject-cabundle true",
                        "MutatingWebhookConfiguration/trimtab.dev: remove /metadata/annotations/cert-manager.io~1inject-ca-from trimtab/trimtab-webhook",
                        "Service/trimtab-webhook/trimtab: add /metadata/annotations ",
                        "ValidatingWebhookConfiguration/trimtab.dev: add /metadata/annotations/service.beta.openshift.io~1inject-cabundle true",
                        "ValidatingWebhookConfiguration/trimtab.dev: remove /metadata/annotations/cert-manager.io~1inject-ca-from trimtab/trimtab-webhook");
        assertThat(with("openshift").only("Service").at("/metadata/annotations").toString())
                .isEqualTo("{\"service.beta.openshift.io/serving-cert-secret-name\":\"trimtab-webhook-tls\"}");
    }

    @Test
    @DisplayName("namespaces: whatever names one follows, whatever other components are there; nothing else changes")
    void namespaces() throws IOException {
        var names = new Kustomize.Namespaces("name-1", "name-2", "name-3");
        List<String> smallest = List.of("controller-off", "no-cert-manager", "without-knative");
        List<String> others = new ArrayList<>(components());
        others.removeAll(smallest);

        assertThat(List.of(List.<String>of(), smallest, others)).allSatisfy(components -> {
            Manifests moved = kustomize.movedTo(names, components);
            assertThat(NamespaceNames.in(moved)).doesNotContain("trimtab", "kserve", "knative-serving");
            String back = moved.objects().stream()
                    .map(JsonNode::toString)
                    .collect(Collectors.joining("\n---\n"))
                    .replace("name-1", "trimtab")
                    .replace("name-2", "kserve")
                    .replace("name-3", "knative-serving");
            assertThat(Differences.between(kustomize.with(components), Manifests.parse(back)))
                    .isEmpty();
        });
    }

    @Test
    @DisplayName("the overlay openshift: KServe where OpenShift AI has it")
    void openShiftAi() {
        var names = new Kustomize.Namespaces("trimtab", "redhat-ods-applications", "knative-serving");

        assertThat(Differences.between(build("overlays/openshift"), kustomize.movedTo(names, List.of("openshift"))))
                .isEmpty();
    }

    @Test
    @DisplayName("without-knative: nothing is left in a namespace that may not be there")
    void withoutKnative() {
        assertThat(changed("without-knative"))
                .containsExactly(
                        "Role/trimtab/knative-serving: gone",
                        "RoleBinding/trimtab-controller/knative-serving: gone",
                        "RoleBinding/trimtab/knative-serving: gone");
    }

    @Test
    @DisplayName("each two components that change the same object combine: what both change is what each changes alone")
    void pairs() throws IOException {
        var components = components();
        assertThat(components).hasSizeGreaterThan(10);
        Manifests base = with();
        Map<String, List<String>> alone = new HashMap<>();
        for (String component : components) {
            alone.put(component, changed(component));
        }
        int pairs = 0;
        for (String first : components) {
            for (String second : components.subList(components.indexOf(first) + 1, components.size())) {
                // The controller issues: the comment of own-certificates says that the two exclude each other.
                if (CERTIFICATES.containsAll(List.of(first, second))
                        || (first.equals("controller-off") && second.equals("own-certificates"))
                        || Collections.disjoint(objects(alone.get(first)), objects(alone.get(second)))) {
                    continue;
                }
                if (pairs++ % SHARE != 0) {
                    continue;
                }
                Manifests both = with(first, second);
                assertThat(Differences.between(base, both))
                        .as("%s, %s", first, second)
                        .containsAll(lasting(alone.get(first), alone.get(second)))
                        .containsAll(lasting(alone.get(second), alone.get(first)));
                assertThat(order(both))
                        .as("%s, %s: kustomize moves entries that a patch names", first, second)
                        .isEqualTo(order(base));
            }
        }
    }

    @Test
    @DisplayName("the order of the components that go together does not matter")
    void anyOrder() throws IOException {
        List<String> reversed = new ArrayList<>(together());
        Collections.reverse(reversed);

        assertThat(Differences.between(kustomize.with(together()), kustomize.with(reversed)))
                .isEmpty();
    }

    @Test
    @DisplayName("all that go together build, and what is left is one replica with an open door")
    void all() throws IOException {
        var all = kustomize.with(together());

        assertThat(all.ids())
                .containsExactlyInAnyOrder(
                        "Namespace/trimtab",
                        "ServiceAccount/trimtab/trimtab",
                        "Role/trimtab/trimtab",
                        "RoleBinding/trimtab/trimtab",
                        "ClusterRole/trimtab",
                        "ClusterRoleBinding/trimtab",
                        "ConfigMap/trimtab-dashboard/trimtab",
                        "ConfigMap/trimtab-policy/trimtab",
                        "PodMonitor/trimtab/trimtab",
                        "PrometheusRule/trimtab/trimtab",
                        "ResourceQuota/trimtab-critical-pods/trimtab",
                        "FlowSchema/trimtab",
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
        "kind, own-certificates single-node",
        "no-cert-manager, no-cert-manager",
        "own-certificates, own-certificates",
        "single-node, single-node",
        "without-knative, without-knative"
    })
    @DisplayName("the overlays are the base with these components")
    void overlays(String overlay, String components) {
        assertThat(Differences.between(build("overlays/" + overlay), with(components.split(" "))))
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

    private static Set<String> objects(List<String> changes) {
        return changes.stream().map(KustomizeTest::object).collect(Collectors.toSet());
    }

    private static String object(String line) {
        return line.substring(0, line.indexOf(": "));
    }

    private static List<String> components() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("deploy", "components"))) {
            return folders.map(it -> it.getFileName().toString())
                    .filter(it -> !it.equals(NAMESPACES))
                    .sorted()
                    .toList();
        }
    }

    /** Own certificates need the controller. */
    private static List<String> together() throws IOException {
        return components().stream()
                .filter(it -> !it.equals("own-certificates"))
                .toList();
    }

    private List<String> changed(String... components) {
        return Differences.between(with(), with(components));
    }

    private Manifests with(String... components) {
        return built.computeIfAbsent(List.of(components), kustomize::with);
    }

    private Manifests build(String name) {
        return kustomize.build(Path.of("deploy").resolve(name));
    }
}
