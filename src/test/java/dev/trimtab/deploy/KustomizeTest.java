package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.zjsonpatch.DiffFlags;
import io.fabric8.zjsonpatch.JsonDiff;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What kustomize makes of the folder, and how an overlay's result differs from it: in this, and in nothing else. */
class KustomizeTest {
    private static final int KUBECTL_MINOR = 21;

    private Path kubectl = Path.of("kubectl");

    @BeforeEach
    void findKubectl() throws IOException {
        var found = Command.find("kubectl");
        assumeTrue(found.isPresent(), "no kubectl on the PATH or in KUBEBUILDER_ASSETS: nothing is built");
        kubectl = found.get();
        var version = Command.run(List.of(kubectl.toString(), "version", "--client", "-o", "json"));
        var minor = new ObjectMapper().readTree(version.output()).at("/clientVersion/minor");
        assumeTrue(
                Integer.parseInt(minor.asText().replaceAll("\\D.*", "")) >= KUBECTL_MINOR,
                "kubectl is older than 1.21 and carries kustomize 2: nothing is built");
    }

    @Test
    @DisplayName("the base: every object of the folder as it is written, with the version of the image")
    void base() {
        assertThat(differences(Manifests.ofFolder(), build("webhook")))
                .containsExactly("Deployment/trimtab/trimtab: replace /spec/template/spec/containers/0/image "
                        + "ghcr.io/trimtab/trimtab:0.1.0");
    }

    @Test
    @DisplayName("fail-closed: model services need Trimtab; policies and PodAutoscalers do not")
    void failClosed() {
        assertThat(differences(build("webhook"), build("overlays/fail-closed")))
                .containsExactly(
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/0/failurePolicy Fail",
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/1/failurePolicy Fail",
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/2/failurePolicy Fail",
                        "MutatingWebhookConfiguration/trimtab.dev: replace /webhooks/3/failurePolicy Fail",
                        "ValidatingWebhookConfiguration/trimtab.dev: replace /webhooks/2/failurePolicy Fail",
                        "ValidatingWebhookConfiguration/trimtab.dev: replace /webhooks/3/failurePolicy Fail",
                        "ValidatingWebhookConfiguration/trimtab.dev: replace /webhooks/4/failurePolicy Fail");
        assertThat(build("overlays/fail-closed")
                        .only("ValidatingWebhookConfiguration")
                        .path("webhooks"))
                .extracting(webhook -> webhook.path("name").asText() + " "
                        + webhook.path("failurePolicy").asText())
                .containsExactly(
                        "policy.trimtab.dev Ignore",
                        "profiles.trimtab.dev Ignore",
                        "guard-inferenceservice.trimtab.dev Fail",
                        "guard-inferencegraph.trimtab.dev Fail",
                        "guard-inferencegraph-services.trimtab.dev Fail",
                        "podautoscalers.trimtab.dev Ignore");
    }

    @Test
    @DisplayName("no-cert-manager: no object or annotation of it; a placeholder, which is no base64, for the CA")
    void noCertManager() {
        assertThat(differences(build("webhook"), build("overlays/no-cert-manager")))
                .containsExactly(
                        "Certificate/trimtab-ca/trimtab: gone",
                        "Certificate/trimtab-webhook/trimtab: gone",
                        "Issuer/trimtab-ca/trimtab: gone",
                        "Issuer/trimtab-selfsigned/trimtab: gone",
                        "MutatingWebhookConfiguration/trimtab.dev: add /webhooks/0/clientConfig/caBundle CA_BUNDLE",
                        "MutatingWebhookConfiguration/trimtab.dev: add /webhooks/1/clientConfig/caBundle CA_BUNDLE",
                        "MutatingWebhookConfiguration/trimtab.dev: add /webhooks/2/clientConfig/caBundle CA_BUNDLE",
                        "MutatingWebhookConfiguration/trimtab.dev: add /webhooks/3/clientConfig/caBundle CA_BUNDLE",
                        "MutatingWebhookConfiguration/trimtab.dev: add /webhooks/4/clientConfig/caBundle CA_BUNDLE",
                        "MutatingWebhookConfiguration/trimtab.dev: remove /metadata/annotations ",
                        "ValidatingWebhookConfiguration/trimtab.dev: add /webhooks/0/clientConfig/caBundle CA_BUNDLE",
                        "ValidatingWebhookConfiguration/trimtab.dev: add /webhooks/1/clientConfig/caBundle CA_BUNDLE",
                        "ValidatingWebhookConfiguration/trimtab.dev: add /webhooks/2/clientConfig/caBundle CA_BUNDLE",
                        "ValidatingWebhookConfiguration/trimtab.dev: add /webhooks/3/clientConfig/caBundle CA_BUNDLE",
                        "ValidatingWebhookConfiguration/trimtab.dev: add /webhooks/4/clientConfig/caBundle CA_BUNDLE",
                        "ValidatingWebhookConfiguration/trimtab.dev: add /webhooks/5/clientConfig/caBundle CA_BUNDLE",
                        "ValidatingWebhookConfiguration/trimtab.dev: remove /metadata/annotations ");
    }

    @Test
    @DisplayName("no-cert-manager: no webhook is forgotten, new ones neither")
    void everyWebhookHasItsPlaceholder() {
        assertThat(build("overlays/no-cert-manager").objects().stream()
                        .flatMap(object -> Manifests.stream(object.path("webhooks"))))
                .hasSizeGreaterThan(10)
                .allSatisfy(webhook -> assertThat(
                                webhook.at("/clientConfig/caBundle").asText())
                        .isEqualTo("CA_BUNDLE"));
    }

    @Test
    @DisplayName("single-node: one replica, nothing to spread, no budget")
    void singleNode() {
        assertThat(differences(build("webhook"), build("overlays/single-node")))
                .containsExactly(
                        "Deployment/trimtab/trimtab: remove /spec/template/spec/topologySpreadConstraints ",
                        "Deployment/trimtab/trimtab: replace /spec/replicas 1",
                        "PodDisruptionBudget/trimtab/trimtab: gone");
    }

    private Manifests build(String folder) {
        var built = Command.run(List.of(
                kubectl.toString(),
                "kustomize",
                Path.of("deploy").resolve(folder).toString()));
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
        return manifests.objects().stream().collect(Collectors.toMap(Manifests::id, Function.identity()));
    }
}
