package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.marcnuri.helm.Helm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** The Helm chart: the same objects as kustomize's for the same choices, and a clear answer to values that cannot work. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChartTest {
    @TempDir
    private static Path packages;

    @TempDir
    private Path folder;

    private Chart chart = new Chart("", packages);

    @BeforeAll
    void packageIt() {
        chart = Chart.packagedIn(packages);
    }

    @Test
    @DisplayName("Helm's linter finds nothing; an icon would be of no use to anybody")
    void lint() {
        var result = new Helm(Chart.SOURCE).lint().strict().call();

        assertThat(result.getMessages()).containsExactly("[INFO] Chart.yaml: icon is recommended");
        assertThat(result.isFailed()).isFalse();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            | {}
            audit-first                 | {policy: {mode: Audit}}
            closed-door-off             | {closedDoor: {enabled: false}}
            controller-off              | {controller: {enabled: false}}
            fail-closed                 | {failClosed: true}
            monitoring                  | {monitoring: {enabled: true}}
            no-cert-manager             | {certificates: {provider: none}}
            openshift                   | {certificates: {provider: openshift}, openshift: {enabled: true}}
            own-certificates            | {certificates: {provider: own}}
            single-node                 | {singleNode: true}
            system-critical             | {priorityClassName: system-cluster-critical}
            without-knative             | {knative: {enabled: false}}
            no-cert-manager single-node | {certificates: {provider: none}, singleNode: true}
            controller-off without-knative fail-closed closed-door-off | {controller: {enabled: false}, knative: {enabled: false}, failClosed: true, closedDoor: {enabled: false}}
            """)
    @DisplayName("object by object what kustomize builds; only the namespace is Helm's to make")
    void sameAsKustomize(String components, String values) {
        List<String> chosen = components == null ? List.of() : List.of(components.split(" "));
        assumeThat(chosen).allMatch(it -> Files.isDirectory(Path.of("deploy/components", it)));
        assertThat(Differences.between(policyRead(Kustomize.in(folder).with(chosen)), policyRead(chart.with(values))))
                .containsExactly("Namespace/trimtab: gone");
    }

    @Test
    @DisplayName("other namespaces, too: the release's own, KServe's and Knative's")
    void otherNamespaces() {
        var names = new Kustomize.Namespaces("own", "opendatahub", "serverless");
        var components = List.of("audit-first", "monitoring", "system-critical");
        var values = """
                monitoring: {enabled: true}
                policy: {mode: Audit}
                priorityClassName: system-cluster-critical
                namespaces: {kserve: opendatahub, knative: serverless}
                """;

        assertThat(Differences.between(
                        policyRead(Kustomize.in(folder).movedTo(names, components)),
                        policyRead(chart.in("own", values))))
                .containsExactly("Namespace/own: gone");
        assertThat(NamespaceNames.in(chart.in("own", values)))
                .containsExactly("*", "kube-system", "opendatahub", "own", "serverless");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {replicas: 3}                         | at '': additional properties 'replicas' not allowed
            {webhook: {replicas: 0}}              | at '/webhook/replicas': minimum: got 0, want 1
            {singleNode: 'yes'}                   | at '/singleNode': got string, want boolean
            {certificates: {provider: vault}}     | at '/certificates/provider': value must be one of 'cert-manager', 'own',
            {policy: {mode: audit}}               | at '/policy/mode': value must be one of 'Enforce', 'Audit'
            {policy: {scaling: {initalScale: 1}}} | at '/policy/scaling': additional properties 'initalScale' not allowed
            {image: {digest: 'sha256:12'}}        | at '/image/digest': 'sha256:12' does not match pattern
            {namespaces: {kserve: KServe}}        | at '/namespaces/kserve': 'KServe' does not match pattern
            {nameOverride: mine}                  | nameOverride: the names are fixed
            {fullnameOverride: mine}              | fullnameOverride: the names are fixed
            {namePrefix: team-}                   | namePrefix: the names are fixed
            {podLabels: {app.kubernetes.io/name: x}} | podLabels: the chart sets app.kubernetes.io/name itself
            {podLabels: {app.kubernetes.io/version: x}} | podLabels: the chart sets app.kubernetes.io/version itself
            {extraEnv: [{name: TRIMTAB_CLUSTER, value: 'off'}]} | extraEnv: the chart sets TRIMTAB_CLUSTER itself
            {certificates: {provider: own}, controller: {enabled: false}} | the controller issues the certificate
            {test: {namespace: kserve}}           | test.namespace: Trimtab changes nothing in "kserve"
            {namespaces: {knative: kserve}}       | namespaces.kserve and namespaces.knative are both "kserve"
            """)
    @DisplayName("values that cannot work are refused, with the reason")
    void refused(String values, String reason) {
        assertThatThrownBy(() -> chart.with(values)).hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({"default", "kube-system", "kserve", "knative-serving"})
    @DisplayName("a release needs a namespace of its own: Trimtab changes nothing in it")
    void ownNamespace(String namespace) {
        assertThatThrownBy(() -> chart.in(namespace, "{}"))
                .hasMessageContaining("Not \"%s\": add --namespace trimtab --create-namespace", namespace);
    }

    @Test
    @DisplayName("no caBundle: an upgrade keeps the one that the cluster has")
    void noCaBundle() {
        assertThat(chart.text("trimtab", "{}")).doesNotContain("caBundle");
    }

    @Test
    @DisplayName(
            "helm test: a pod as restricted as Trimtab's own asks the doctor, and may create one kind in one namespace")
    void helmTest(@TempDir Path copy) {
        var values = "{test: {namespace: ml}, image: {tag: 1.2.3}, openshift: {enabled: true}}";
        Manifests all = Chart.withTestsIn(copy).in("own", values);
        Manifests tests = new Manifests(all.objects().stream()
                .filter(it -> it.at("/metadata/annotations").has("trimtab.dev/hook"))
                .toList());

        assertThat(tests.ids())
                .containsExactlyInAnyOrder(
                        "ServiceAccount/trimtab-test/own",
                        "ClusterRole/trimtab-test",
                        "ClusterRoleBinding/trimtab-test",
                        "Role/trimtab-test/own",
                        "Role/trimtab-test/ml",
                        "RoleBinding/trimtab-test/own",
                        "RoleBinding/trimtab-test/ml",
                        "Pod/trimtab-test/own");
        assertThat(tests.objects()).allSatisfy(it -> assertThat(it.at("/metadata/annotations")
                        .path("helm.sh/hook-delete-policy")
                        .asText())
                .isEqualTo("before-hook-creation,hook-succeeded"));
        assertThat(rules(tests, "Role/trimtab-test/ml").toString())
                .isEqualTo(
                        "[{\"apiGroups\":[\"serving.knative.dev\"],\"resources\":[\"services\"],\"verbs\":[\"create\"]}]");
        var pod = tests.only("Pod").path("spec");
        assertThat(Manifests.texts(pod.at("/containers/0/args")))
                .containsExactly(
                        "doctor",
                        "--write",
                        "--namespace",
                        "ml",
                        "--trimtab-namespace",
                        "own",
                        "--kserve-namespace",
                        "kserve",
                        "--knative-namespace",
                        "knative-serving");
        var trimtab = all.get("Deployment", "trimtab").at("/spec/template/spec");
        assertThat(pod.path("securityContext")).isEqualTo(trimtab.path("securityContext"));
        for (var same : List.of("image", "securityContext", "resources")) {
            assertThat(pod.at("/containers/0").path(same)).as(same).isEqualTo(trimtab.at("/containers/0/" + same));
        }
        assertThat(pod.path("serviceAccountName").asText()).isEqualTo("trimtab-test");
    }

    @Test
    @DisplayName("the account of helm test has the rights that the doctor's page asks for, and no other")
    void doctorsRights(@TempDir Path copy) {
        Manifests tests = Chart.withTestsIn(copy).in("trimtab", "{}");
        String page = Manifests.read(Path.of("docs/doctor.md"));
        String block = page.substring(page.indexOf("```yaml\napiVersion: rbac") + "```yaml\n".length());
        Manifests documented = Manifests.parse(block.substring(0, block.indexOf("```")));

        assertThat(rules(tests, "ClusterRole/trimtab-test"))
                .isEqualTo(documented.only("ClusterRole").path("rules"));
        assertThat(rules(tests, "Role/trimtab-test/trimtab"))
                .isEqualTo(documented.only("Role").path("rules"));
    }

    @Test
    @DisplayName("the image by its tag or its digest, and the Secrets to pull it with")
    void image() {
        assertThat(images("{image: {repository: example/it, tag: 1.2.3}}")).containsOnly("example/it:1.2.3");
        var digest = "sha256:" + "0".repeat(64);
        assertThat(images("{image: {tag: 1.2.3, digest: '%s'}}".formatted(digest)))
                .containsOnly("ghcr.io/trimtab/trimtab@" + digest);
        assertThat(chart.with("{image: {pullSecrets: [one]}}").ofKind("Deployment"))
                .allSatisfy(it -> assertThat(
                                it.at("/spec/template/spec/imagePullSecrets").toString())
                        .isEqualTo("[{\"name\":\"one\"}]"));
    }

    @Test
    @DisplayName("one version, in the chart, in its image for Artifact Hub and in kustomize")
    void version() {
        var about = yaml(Chart.SOURCE.resolve("Chart.yaml"));
        var tag = yaml(Manifests.FOLDER.resolve("kustomization.yaml"))
                .at("/images/0/newTag")
                .asText();

        assertThat(about.path("version").asText()).isEqualTo(tag);
        assertThat(about.path("appVersion").asText()).isEqualTo(tag);
        assertThat(about.path("kubeVersion").asText()).isEqualTo(">=1.30.0-0");
        assertThat(about.path("annotations").path("artifacthub.io/images").asText())
                .isEqualTo("- name: trimtab\n  image: ghcr.io/trimtab/trimtab:" + tag + "\n");
        assertThat(about.path("annotations").properties()).allSatisfy(annotation -> assertThat(
                        new Yaml().<Object>load(annotation.getValue().asText()))
                .isNotNull());
    }

    private static JsonNode rules(Manifests manifests, String id) {
        return manifests.objects().stream()
                .filter(it -> Manifests.id(it).equals(id))
                .findFirst()
                .orElseThrow()
                .path("rules");
    }

    private List<String> images(String values) {
        return chart.in("trimtab", values).objects().stream()
                .flatMap(it -> it.findValuesAsText("image").stream())
                .toList();
    }

    /** With the policy as YAML instead of a text: the component's text has comments. */
    private static Manifests policyRead(Manifests manifests) {
        for (JsonNode it : manifests.ofKind("ConfigMap")) {
            var data = (ObjectNode) it.path("data");
            var policy = data.path("policy.yaml");
            if (policy.isTextual()) {
                data.set(
                        "policy.yaml",
                        Manifests.parse(policy.asText()).objects().get(0));
            }
        }
        return manifests;
    }

    private static JsonNode yaml(Path file) {
        return Manifests.parse(Manifests.read(file)).objects().get(0);
    }
}
