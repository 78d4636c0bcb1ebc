package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What Trimtab may do, permission by permission: one more needs a reason and a line here. */
class RbacTest {
    private final Manifests manifests = Manifests.ofFolder();

    /** Of 25-controller.yaml, which is not needed where the controller is off. */
    private static final String CONTROLLER = "trimtab-controller";

    @Test
    @DisplayName("the Roles allow exactly this")
    void permissions() {
        assertThat(roles("Role", "trimtab").flatMap(RbacTest::permissions))
                .containsExactlyInAnyOrder(
                        "trimtab: get configmaps/trimtab-policy",
                        "trimtab: list configmaps/trimtab-policy",
                        "trimtab: watch configmaps/trimtab-policy",
                        "knative-serving: get configmaps/config-autoscaler",
                        "knative-serving: list configmaps/config-autoscaler",
                        "knative-serving: watch configmaps/config-autoscaler",
                        "knative-serving: get configmaps/config-defaults",
                        "knative-serving: list configmaps/config-defaults",
                        "knative-serving: watch configmaps/config-defaults",
                        "knative-serving: get configmaps/config-deployment",
                        "knative-serving: list configmaps/config-deployment",
                        "knative-serving: watch configmaps/config-deployment",
                        "knative-serving: get apps/deployments/autoscaler-hpa",
                        "knative-serving: list apps/deployments/autoscaler-hpa",
                        "knative-serving: watch apps/deployments/autoscaler-hpa",
                        "knative-serving: get apps/deployments/autoscaler-keda",
                        "knative-serving: list apps/deployments/autoscaler-keda",
                        "knative-serving: watch apps/deployments/autoscaler-keda",
                        "knative-serving: get configmaps/config-features",
                        "knative-serving: list configmaps/config-features",
                        "knative-serving: watch configmaps/config-features",
                        "knative-serving: get configmaps/config-rolloutorchestrator",
                        "knative-serving: list configmaps/config-rolloutorchestrator",
                        "knative-serving: watch configmaps/config-rolloutorchestrator");
    }

    @Test
    @DisplayName("in every namespace exactly this: nothing that holds a secret, and nothing to change")
    void everywhere() {
        assertThat(roles("ClusterRole", "trimtab").flatMap(RbacTest::permissions))
                .containsExactlyInAnyOrder(
                        ": get configmaps/trimtab-policy",
                        ": list configmaps/trimtab-policy",
                        ": watch configmaps/trimtab-policy",
                        ": get configmaps/inferenceservice-config",
                        ": list configmaps/inferenceservice-config",
                        ": watch configmaps/inferenceservice-config",
                        ": get serving.knative.dev/revisions",
                        ": list serving.knative.dev/revisions",
                        ": watch serving.knative.dev/revisions",
                        ": get serving.kserve.io/inferenceservices",
                        ": list serving.kserve.io/inferenceservices",
                        ": watch serving.kserve.io/inferenceservices",
                        ": get serving.kserve.io/inferencegraphs",
                        ": list serving.kserve.io/inferencegraphs",
                        ": watch serving.kserve.io/inferencegraphs",
                        ": get trimtab.dev/servingschedules",
                        ": list trimtab.dev/servingschedules",
                        ": watch trimtab.dev/servingschedules",
                        ": get autoscaling.aibrix.ai/podautoscalers",
                        ": list autoscaling.aibrix.ai/podautoscalers",
                        ": watch autoscaling.aibrix.ai/podautoscalers",
                        ": get apiextensions.k8s.io/customresourcedefinitions/podautoscalers.autoscaling.aibrix.ai",
                        ": list apiextensions.k8s.io/customresourcedefinitions/podautoscalers.autoscaling.aibrix.ai",
                        ": watch apiextensions.k8s.io/customresourcedefinitions/podautoscalers.autoscaling.aibrix.ai",
                        ": get autoscaling/horizontalpodautoscalers",
                        ": list autoscaling/horizontalpodautoscalers",
                        ": watch autoscaling/horizontalpodautoscalers",
                        ": get keda.sh/scaledobjects",
                        ": list keda.sh/scaledobjects",
                        ": watch keda.sh/scaledobjects",
                        ": get apps/deployments",
                        ": list apps/deployments",
                        ": watch apps/deployments",
                        ": get resourcequotas",
                        ": list resourcequotas",
                        ": watch resourcequotas");
    }

    @Test
    @DisplayName(
            "the controller may do exactly this beside that: no Secret, one ConfigMap by name, nothing deleted by collection")
    void controller() {
        assertThat(roles("Role", CONTROLLER).flatMap(RbacTest::permissions))
                .containsExactlyInAnyOrder(
                        "trimtab: create coordination.k8s.io/leases",
                        "trimtab: get coordination.k8s.io/leases/trimtab-controller",
                        "trimtab: patch coordination.k8s.io/leases/trimtab-controller");
        assertThat(roles("ClusterRole", CONTROLLER).flatMap(RbacTest::permissions))
                .containsExactlyInAnyOrder(
                        ": get serving.kserve.io/llminferenceservices",
                        ": list serving.kserve.io/llminferenceservices",
                        ": watch serving.kserve.io/llminferenceservices",
                        ": patch serving.kserve.io/inferenceservices",
                        ": patch serving.kserve.io/inferencegraphs",
                        ": patch serving.kserve.io/llminferenceservices",
                        ": patch trimtab.dev/servingschedules",
                        ": patch trimtab.dev/servingschedules/status",
                        ": get configmaps/trimtab-holidays",
                        ": get resource.k8s.io/resourceclaims",
                        ": get resource.k8s.io/resourceclaimtemplates",
                        ": patch serving.kserve.io/inferenceservices/status",
                        ": patch serving.kserve.io/inferencegraphs/status",
                        ": get serving.knative.dev/services",
                        ": list serving.knative.dev/services",
                        ": watch serving.knative.dev/services",
                        ": patch serving.knative.dev/services",
                        ": delete serving.knative.dev/services",
                        ": get apps/deployments",
                        ": list apps/deployments",
                        ": watch apps/deployments",
                        ": patch apps/deployments",
                        ": delete apps/deployments",
                        ": list autoscaling/horizontalpodautoscalers",
                        ": delete autoscaling/horizontalpodautoscalers",
                        ": list keda.sh/scaledobjects",
                        ": delete keda.sh/scaledobjects",
                        ": list opentelemetry.io/opentelemetrycollectors",
                        ": delete opentelemetry.io/opentelemetrycollectors",
                        ": list networking.istio.io/virtualservices",
                        ": delete networking.istio.io/virtualservices",
                        ": list gateway.networking.k8s.io/httproutes",
                        ": delete gateway.networking.k8s.io/httproutes",
                        ": list networking.k8s.io/ingresses",
                        ": delete networking.k8s.io/ingresses",
                        ": list services",
                        ": delete services",
                        ": patch serving.knative.dev/revisions",
                        ": get serving.knative.dev/configurations",
                        ": get apps/replicasets",
                        ": list apps/replicasets",
                        ": get apps/statefulsets",
                        ": list apps/statefulsets",
                        ": get leaderworkerset.x-k8s.io/leaderworkersets",
                        ": get pods",
                        ": list pods",
                        ": watch pods",
                        ": delete pods",
                        ": get namespaces",
                        ": get events",
                        ": list events",
                        ": create events");
    }

    @Test
    @DisplayName("the webhook's account may read and watch, and do nothing else")
    void webhookChangesNothing() {
        assertThat(Stream.of("Role", "ClusterRole")
                        .flatMap(kind -> roles(kind, "trimtab"))
                        .flatMap(role -> Manifests.stream(role.path("rules"))))
                .isNotEmpty()
                .allSatisfy(rule ->
                        assertThat(Manifests.texts(rule.path("verbs"))).containsExactly("get", "list", "watch"));
    }

    @Test
    @DisplayName(
            "own-certificates: two Secrets by name, caBundle of Trimtab's own webhooks, no list; a policy limits the rest")
    void ownCertificates() {
        var added = Manifests.parse(Manifests.read(Path.of("deploy/components/own-certificates/rbac.yaml")));

        assertThat(Stream.of("Role", "ClusterRole")
                        .flatMap(kind -> added.ofKind(kind).stream())
                        .flatMap(RbacTest::permissions))
                .containsExactlyInAnyOrder(
                        "trimtab: get secrets/trimtab-webhook-tls",
                        "trimtab: get secrets/trimtab-webhook-ca",
                        "trimtab: patch secrets/trimtab-webhook-tls",
                        "trimtab: patch secrets/trimtab-webhook-ca",
                        "trimtab: create secrets",
                        ": get admissionregistration.k8s.io/mutatingwebhookconfigurations/trimtab.dev",
                        ": patch admissionregistration.k8s.io/mutatingwebhookconfigurations/trimtab.dev",
                        ": get admissionregistration.k8s.io/validatingwebhookconfigurations/trimtab.dev",
                        ": patch admissionregistration.k8s.io/validatingwebhookconfigurations/trimtab.dev");
        assertThat(Stream.of("ClusterRoleBinding", "RoleBinding")
                        .flatMap(kind -> added.ofKind(kind).stream())
                        .map(RbacTest::grant))
                .containsExactlyInAnyOrder(
                        "ClusterRole trimtab-controller-certificates to trimtab/trimtab-controller",
                        "Role trimtab/trimtab-controller-certificates to trimtab/trimtab-controller");
        var policy = added.only("ValidatingAdmissionPolicy").path("spec");
        assertThat(policy.at("/matchConditions/0/expression").asText())
                .isEqualTo("request.userInfo.username == 'system:serviceaccount:trimtab:trimtab-controller'");
        assertThat(Manifests.texts(policy.at("/matchConstraints/resourceRules/0/operations")))
                .containsExactly("CREATE", "UPDATE");
    }

    @Test
    @DisplayName("no wildcard")
    void nothingBroad() {
        assertThat(Stream.of("Role", "ClusterRole").flatMap(kind -> manifests.ofKind(kind).stream()))
                .hasSize(7)
                .allSatisfy(role -> assertThat(role.path("rules").toString()).doesNotContain("*"));
    }

    @Test
    @DisplayName("the webhook's account has the roles trimtab; the controller's has them too, and its own")
    void bindings() {
        assertThat(Stream.of("ClusterRoleBinding", "RoleBinding")
                        .flatMap(kind -> manifests.ofKind(kind).stream())
                        .map(RbacTest::grant))
                .containsExactlyInAnyOrder(
                        "ClusterRole trimtab to trimtab/trimtab",
                        "ClusterRole trimtab to trimtab/trimtab-controller",
                        "ClusterRole trimtab-controller to trimtab/trimtab-controller",
                        "Role trimtab/trimtab to trimtab/trimtab",
                        "Role trimtab/trimtab to trimtab/trimtab-controller",
                        "Role trimtab/trimtab-controller to trimtab/trimtab-controller",
                        "Role knative-serving/trimtab to trimtab/trimtab",
                        "Role knative-serving/trimtab to trimtab/trimtab-controller");
    }

    @Test
    @DisplayName("each Deployment runs as the account of its name")
    void accounts() {
        assertThat(manifests.ofKind("Deployment")).hasSize(2).allSatisfy(deployment -> assertThat(
                        deployment.at("/spec/template/spec/serviceAccountName"))
                .isEqualTo(deployment.at("/metadata/name")));
        assertThat(manifests.ofKind("ServiceAccount"))
                .extracting(Manifests::id)
                .containsExactly("ServiceAccount/trimtab/trimtab", "ServiceAccount/trimtab-controller/trimtab");
    }

    @Test
    @DisplayName("every resource that the controller may patch is bounded by the ValidatingAdmissionPolicy")
    void patchesAreBounded() {
        var bounded = Manifests.stream(bounds("ValidatingAdmissionPolicy").at("/spec/matchConstraints/resourceRules"))
                .flatMap(rule -> Manifests.texts(rule.path("resources")).stream()
                        .map(resource -> rule.at("/apiGroups/0").asText() + "/" + resource))
                .toList();

        assertThat(roles("ClusterRole", CONTROLLER)
                        .flatMap(RbacTest::permissions)
                        .filter(permission -> permission.startsWith(": patch ") && !permission.endsWith("/status"))
                        .map(permission -> permission.substring(": patch ".length())))
                .containsExactlyInAnyOrderElementsOf(bounded);
        assertThat(bounds("ValidatingAdmissionPolicyBinding").path("spec").toString())
                .isEqualTo("{\"policyName\":\"trimtab-controller.trimtab.dev\",\"validationActions\":[\"Deny\"]}");
        assertThat(bounds("ValidatingAdmissionPolicy")
                        .at("/spec/matchConditions/0/expression")
                        .asText())
                .isEqualTo("request.userInfo.username == 'system:serviceaccount:trimtab:trimtab-controller'");
    }

    /** What bounds the controller; the other one is about authors of schedules. */
    private JsonNode bounds(String kind) {
        return manifests.ofKind(kind).stream()
                .filter(it -> it.at("/metadata/name").asText().equals("trimtab-controller.trimtab.dev"))
                .findFirst()
                .orElseThrow();
    }

    private static String grant(JsonNode binding) {
        var namespace = binding.at("/metadata/namespace").asText();
        assertThat(binding.path("subjects")).hasSize(1);
        return "%s %s to %s/%s"
                .formatted(
                        binding.at("/roleRef/kind").asText(),
                        (namespace.isEmpty() ? "" : namespace + "/")
                                + binding.at("/roleRef/name").asText(),
                        binding.at("/subjects/0/namespace").asText(),
                        binding.at("/subjects/0/name").asText());
    }

    private Stream<JsonNode> roles(String kind, String name) {
        return manifests.ofKind(kind).stream().map(JsonNode.class::cast).filter(role -> name(role)
                .equals(name));
    }

    private static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    private static Stream<String> permissions(JsonNode role) {
        var namespace = role.at("/metadata/namespace").asText();
        return Manifests.stream(role.path("rules")).flatMap(rule -> Manifests.texts(rule.path("apiGroups")).stream()
                .flatMap(group -> Manifests.texts(rule.path("resources")).stream()
                        .map(resource -> group.isEmpty() ? resource : group + "/" + resource))
                .flatMap(resource -> names(rule).stream().map(name -> resource + name))
                .flatMap(resource -> Manifests.texts(rule.path("verbs")).stream()
                        .map(verb -> namespace + ": " + verb + " " + resource)));
    }

    private static List<String> names(JsonNode rule) {
        var names = Manifests.texts(rule.path("resourceNames"));
        return names.isEmpty()
                ? List.of("")
                : names.stream().map(name -> "/" + name).toList();
    }
}
