package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.PolicyLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The folder as a whole, and that its files speak of the same names, ports and paths. */
class ManifestsTest {
    private final Manifests manifests = Manifests.ofFolder();

    @Test
    @DisplayName("every file of the folder is in the kustomization, in the order in which they are read")
    void kustomizationIsComplete() {
        var kustomization = kustomization();

        assertThat(Manifests.texts(kustomization.path("resources")))
                .isEqualTo(Manifests.files().stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
        assertThat(kustomization.has("namespace"))
                .as("would move the Role of knative-serving")
                .isFalse();
        assertThat(kustomization.has("namePrefix"))
                .as("would change the order of the webhook")
                .isFalse();
    }

    @Test
    @DisplayName("a file has a number, and begins with what it is and why")
    void filesExplainThemselves() {
        assertThat(Manifests.files()).hasSize(13).allSatisfy(file -> {
            assertThat(file.getFileName().toString()).matches("\\d\\d-[a-z]+\\.yaml");
            assertThat(Manifests.read(file)).startsWith("# ");
        });
    }

    @Test
    @DisplayName("these objects and no other; each labelled as Trimtab's")
    void objects() {
        assertThat(manifests.ids())
                .containsExactly(
                        "Namespace/trimtab",
                        "ServiceAccount/trimtab/trimtab",
                        "Role/trimtab/trimtab",
                        "RoleBinding/trimtab/trimtab",
                        "ClusterRole/trimtab",
                        "ClusterRoleBinding/trimtab",
                        "Role/trimtab/knative-serving",
                        "RoleBinding/trimtab/knative-serving",
                        "RoleBinding/trimtab-controller/knative-serving",
                        "ServiceAccount/trimtab-controller/trimtab",
                        "Role/trimtab-controller/trimtab",
                        "RoleBinding/trimtab-controller/trimtab",
                        "RoleBinding/trimtab-controller-reads/trimtab",
                        "ClusterRoleBinding/trimtab-controller-reads",
                        "ClusterRole/trimtab-controller",
                        "ClusterRoleBinding/trimtab-controller",
                        "Deployment/trimtab-controller/trimtab",
                        "NetworkPolicy/trimtab-controller/trimtab",
                        "FlowSchema/trimtab-controller-lease",
                        "FlowSchema/trimtab-controller",
                        "ValidatingAdmissionPolicy/trimtab-controller.trimtab.dev",
                        "ValidatingAdmissionPolicyBinding/trimtab-controller.trimtab.dev",
                        "CustomResourceDefinition/servingschedules.trimtab.dev",
                        "ClusterRole/trimtab-servingschedules-edit",
                        "ClusterRole/trimtab-servingschedules-view",
                        "ValidatingAdmissionPolicy/servingschedules.trimtab.dev",
                        "ValidatingAdmissionPolicyBinding/servingschedules.trimtab.dev",
                        "Issuer/trimtab-selfsigned/trimtab",
                        "Certificate/trimtab-ca/trimtab",
                        "Issuer/trimtab-ca/trimtab",
                        "Certificate/trimtab-webhook/trimtab",
                        "NetworkPolicy/trimtab/trimtab",
                        "Service/trimtab-webhook/trimtab",
                        "FlowSchema/trimtab",
                        "Deployment/trimtab/trimtab",
                        "PodDisruptionBudget/trimtab/trimtab",
                        "MutatingWebhookConfiguration/trimtab.dev",
                        "ValidatingWebhookConfiguration/trimtab.dev");
        assertThat(manifests.objects()).allSatisfy(object -> {
            assertThat(label(object, "app.kubernetes.io/name")).isEqualTo("trimtab");
            assertThat(label(object, "app.kubernetes.io/part-of")).isEqualTo("trimtab");
        });
    }

    @Test
    @DisplayName(
            "what is the controller's, and nothing else, is labelled as the controller's: controller-off selects by it")
    void controllerObjects() {
        assertThat(manifests.objects().stream()
                        .filter(object ->
                                label(object, "app.kubernetes.io/component").equals("controller"))
                        .map(Manifests::id))
                .containsExactlyElementsOf(manifests.ids().stream()
                        .filter(id -> id.contains("trimtab-controller") || id.contains("servingschedules"))
                        .toList());
    }

    @Test
    @DisplayName("the namespace asks for the restricted profile")
    void namespace() {
        assertThat(label(manifests.only("Namespace"), "pod-security.kubernetes.io/enforce"))
                .isEqualTo("restricted");
    }

    @Test
    @DisplayName("the examples can be applied, folder by folder, without harm: none says where it goes, and what sets"
            + " something for the cluster is in folders of its own")
    void examples() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("docs/examples"))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".yaml")).toList()) {
                Manifests found = Manifests.parse(Manifests.read(file));
                boolean forTheCluster = file.getParent().endsWith("policies")
                        || file.getParent().endsWith("knative");
                assertThat(Manifests.read(file)).as("%s", file).doesNotContain("\n  namespace: ");
                assertThat(found.ofKind("ConfigMap").isEmpty()).as("%s", file).isEqualTo(!forTheCluster);
            }
        }
    }

    @Test
    @DisplayName("the policy is not installed: an absent one is the built-in one, which the example writes out")
    void policy() {
        assertThat(manifests.ofKind("ConfigMap")).isEmpty();
        String text = Manifests.parse(Manifests.read(Path.of("docs/examples/policies/built-in-policy.yaml")))
                .only("ConfigMap")
                .at("/data/policy.yaml")
                .asText();

        assertThat(PolicyLoader.load(text).policy()).contains(Policy.BUILT_IN);
        assertThat(text)
                .contains(
                        "mode: ",
                        "conflicts: ",
                        "whenUnset: ",
                        "default: ",
                        "write: ",
                        "factor: ",
                        "gracePeriod: ",
                        "profiles: ");
    }

    @Test
    @DisplayName("Service, Deployment, budget and network policy mean the webhook's pods, and never the controller's")
    void selectors() {
        var pods = manifests.get("Deployment", "trimtab").at("/spec/template/metadata/labels");
        var controller = manifests.get("Deployment", "trimtab-controller").at("/spec/template/metadata/labels");

        assertThat(pods.path("app.kubernetes.io/name").asText()).isEqualTo("trimtab");
        assertThat(pods.path("app.kubernetes.io/part-of").asText()).isEqualTo("trimtab");
        assertThat(List.of(
                        manifests.get("Deployment", "trimtab").at("/spec/selector/matchLabels"),
                        manifests.only("Service").at("/spec/selector"),
                        manifests.only("PodDisruptionBudget").at("/spec/selector/matchLabels"),
                        manifests.get("NetworkPolicy", "trimtab").at("/spec/podSelector/matchLabels")))
                .allSatisfy(selector ->
                        assertThat(selector.toString()).isEqualTo("{\"app.kubernetes.io/name\":\"trimtab\"}"));
        assertThat(controller.path("app.kubernetes.io/name").asText()).isEqualTo("trimtab-controller");
        assertThat(List.of(
                        manifests.get("Deployment", "trimtab-controller").at("/spec/selector/matchLabels"),
                        manifests.get("NetworkPolicy", "trimtab-controller").at("/spec/podSelector/matchLabels")))
                .allSatisfy(selector -> assertThat(selector.toString())
                        .isEqualTo("{\"app.kubernetes.io/name\":\"trimtab-controller\"}"));
    }

    @Test
    @DisplayName("ports: 443 goes to the container's 8443, management is 9000, and the network policy opens just these")
    void ports() {
        assertThat(manifests.container().path("ports"))
                .extracting(port -> port.path("name").asText() + " "
                        + port.path("containerPort").asInt())
                .containsExactly("https 8443", "management 9000");
        assertThat(manifests.only("Service").at("/spec/ports"))
                .extracting(port -> port.path("port").asInt() + " "
                        + port.path("targetPort").asText())
                .containsExactly("443 https", "9000 management");
        var ingress = manifests.get("NetworkPolicy", "trimtab").at("/spec/ingress");
        assertThat(ingress).extracting(rule -> rule.at("/ports/0/port").asInt()).containsExactly(8443, 9000);
        assertThat(ingress.get(0).has("from"))
                .as("the API server's address is unknown")
                .isFalse();
        assertThat(manifests.get("NetworkPolicy", "trimtab-controller").at("/spec/ingress"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.at("/ports/0/port").asInt()).isEqualTo(9000));
    }

    @Test
    @DisplayName("both network policies close what is not opened, and let out DNS and the API server's ports only")
    void egress() {
        assertThat(manifests.ofKind("NetworkPolicy")).hasSize(2).allSatisfy(policy -> {
            assertThat(Manifests.texts(policy.at("/spec/policyTypes"))).containsExactly("Ingress", "Egress");
            assertThat(Manifests.stream(policy.at("/spec/egress"))
                            .flatMap(rule -> Manifests.stream(rule.path("ports")))
                            .map(port -> port.path("protocol").asText() + " "
                                    + port.path("port").asInt()))
                    .containsExactly(
                            "UDP 53", "TCP 53", "UDP 5353", "TCP 5353", "TCP 443", "TCP 6443", "TCP 8443", "TCP 16443");
        });
    }

    @Test
    @DisplayName(
            "the API server's queues: reads and writes beside Kubernetes' controllers, the Lease beside their Leases")
    void flowSchemas() {
        assertThat(manifests.ofKind("FlowSchema"))
                .extracting(it -> "%s %s/%s %s %s"
                        .formatted(
                                it.at("/spec/matchingPrecedence").asInt(),
                                it.at("/spec/rules/0/subjects/0/serviceAccount/namespace")
                                        .asText(),
                                it.at("/spec/rules/0/subjects/0/serviceAccount/name")
                                        .asText(),
                                it.at("/spec/priorityLevelConfiguration/name").asText(),
                                Manifests.texts(it.at("/spec/rules/0/resourceRules/0/resources"))))
                .containsExactlyInAnyOrder(
                        "1000 trimtab/trimtab workload-high [*]",
                        "1000 trimtab/trimtab-controller workload-high [*]",
                        "990 trimtab/trimtab-controller leader-election [leases]");
        assertThat(manifests.ofKind("FlowSchema"))
                .as("before service-accounts (9000), which all others have")
                .allSatisfy(it -> assertThat(it.at("/spec/rules/0/subjects")).hasSize(1));
    }

    @Test
    @DisplayName("the webhooks call the Service by its name and port, on the paths that Trimtab serves")
    void webhooksReachTheService() {
        var service = manifests.only("Service");

        for (var configuration : List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")) {
            assertThat(manifests.only(configuration).path("webhooks"))
                    .isNotEmpty()
                    .allSatisfy(webhook -> {
                        var called = webhook.at("/clientConfig/service");
                        assertThat(called.path("name")).isEqualTo(service.at("/metadata/name"));
                        assertThat(called.path("namespace")).isEqualTo(service.at("/metadata/namespace"));
                        assertThat(called.path("port")).isEqualTo(service.at("/spec/ports/0/port"));
                        assertThat(called.path("path").asText())
                                .isEqualTo(
                                        webhook.path("name").asText().equals("recorded-ignored.trimtab.dev")
                                                ? "/replay"
                                                : configuration.startsWith("Mutating") ? "/mutate" : "/validate");
                    });
        }
    }

    @Test
    @DisplayName("the certificate is for the Service, and its Secret is the one that the pods mount")
    void certificateReachesThePods() {
        var certificate = manifests.get("Certificate", "trimtab-webhook").path("spec");
        var service = manifests.only("Service");
        var host = service.at("/metadata/name").asText() + "."
                + service.at("/metadata/namespace").asText() + ".svc";

        assertThat(Manifests.texts(certificate.path("dnsNames"))).containsExactly(host, host + ".cluster.local");
        var volume = manifests.get("Deployment", "trimtab").at("/spec/template/spec/volumes/0");
        assertThat(volume.at("/secret/secretName")).isEqualTo(certificate.path("secretName"));
        var mount = manifests.container().at("/volumeMounts/0");
        assertThat(mount.path("name")).isEqualTo(volume.path("name"));
        assertThat(mount.has("subPath"))
                .as("a renewed certificate would never arrive")
                .isFalse();
        assertThat(manifests.container().path("env"))
                .extracting(variable -> variable.path("name").asText(), variable -> variable.path("value")
                        .asText())
                .contains(
                        tuple("TRIMTAB_TLS_CERTIFICATE", mount.path("mountPath").asText() + "/tls.crt"),
                        tuple("TRIMTAB_TLS_KEY", mount.path("mountPath").asText() + "/tls.key"));
    }

    @Test
    @DisplayName("the version of the image is said in one place")
    void image() {
        assertThat(manifests.ofKind("Deployment")).hasSize(2).allSatisfy(deployment -> assertThat(
                        deployment.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("ghcr.io/trimtab/trimtab"));
        assertThat(kustomization().at("/images/0").toString())
                .matches("\\{\"name\":\"ghcr.io/trimtab/trimtab\",\"newTag\":\"\\d+\\.\\d+\\.\\d+[^\"]*\"}");
        assertThat(kustomization().at("/labels/0").toString())
                .as("the label says the version of the image")
                .isEqualTo("{\"includeTemplates\":true,\"pairs\":{\"app.kubernetes.io/version\":\"%s\"}}"
                        .formatted(kustomization().at("/images/0/newTag").asText()));
    }

    private static JsonNode kustomization() {
        Path file = Manifests.FOLDER.resolve("kustomization.yaml");
        return Manifests.parse(Manifests.read(file)).objects().get(0);
    }

    private static String label(JsonNode object, String key) {
        return object.at("/metadata/labels").path(key).asText();
    }
}
