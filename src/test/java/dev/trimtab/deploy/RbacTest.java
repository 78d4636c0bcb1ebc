package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
                        "trimtab: create events",
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
                        "knative-serving: get configmaps/config-features",
                        "knative-serving: list configmaps/config-features",
                        "knative-serving: watch configmaps/config-features",
                        "knative-serving: get configmaps/config-rolloutorchestrator",
                        "knative-serving: list configmaps/config-rolloutorchestrator",
                        "knative-serving: watch configmaps/config-rolloutorchestrator");
    }

    @Test
    @DisplayName("in every namespace exactly this: nothing that holds a secret, and nothing to change but Events")
    void everywhere() {
        assertThat(roles("ClusterRole", "trimtab").flatMap(RbacTest::permissions))
                .containsExactlyInAnyOrder(
                        ": get configmaps/trimtab-policy",
                        ": list configmaps/trimtab-policy",
                        ": watch configmaps/trimtab-policy",
                        ": create events",
                        ": get serving.knative.dev/revisions",
                        ": list serving.knative.dev/revisions",
                        ": watch serving.knative.dev/revisions",
                        ": get serving.kserve.io/inferenceservices",
                        ": list serving.kserve.io/inferenceservices",
                        ": watch serving.kserve.io/inferenceservices",
                        ": get serving.kserve.io/inferencegraphs",
                        ": list serving.kserve.io/inferencegraphs",
                        ": watch serving.kserve.io/inferencegraphs",
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
            "the controller may do exactly this beside that: no Secret, no ConfigMap, nothing deleted by collection")
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
                        ": patch serving.kserve.io/inferenceservices/status",
                        ": patch serving.kserve.io/inferencegraphs/status",
                        ": get serving.knative.dev/services",
                        ": list serving.knative.dev/services",
                        ": patch serving.knative.dev/services",
                        ": delete serving.knative.dev/services",
                        ": get apps/deployments",
                        ": list apps/deployments",
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
                        ": delete pods",
                        ": get namespaces",
                        ": get events",
                        ": list events");
    }

    @Test
    @DisplayName("no wildcard")
    void nothingBroad() {
        assertThat(Stream.of("Role", "ClusterRole").flatMap(kind -> manifests.ofKind(kind).stream()))
                .hasSize(5)
                .allSatisfy(role -> assertThat(role.path("rules").toString()).doesNotContain("*"));
    }

    @Test
    @DisplayName("each ClusterRole is bound once, to the ServiceAccount of the pods and nobody else")
    void clusterBindings() {
        assertThat(manifests.ofKind("ClusterRoleBinding"))
                .extracting(RbacTest::name)
                .containsExactlyElementsOf(manifests.ofKind("ClusterRole").stream()
                        .map(RbacTest::name)
                        .toList());
        assertThat(manifests.ofKind("ClusterRoleBinding")).allSatisfy(binding -> binds(binding, "ClusterRole"));
    }

    @Test
    @DisplayName("each Role is bound once, in its own namespace, to the ServiceAccount of the pods and nobody else")
    void bindings() {
        var account = manifests.only("ServiceAccount");

        assertThat(manifests.ofKind("RoleBinding"))
                .extracting(Manifests::id)
                .containsExactlyElementsOf(manifests.ofKind("Role").stream()
                        .map(role -> Manifests.id(role).replaceFirst("^Role/", "RoleBinding/"))
                        .toList());
        assertThat(manifests.ofKind("RoleBinding")).allSatisfy(binding -> binds(binding, "Role"));
        assertThat(manifests.only("Deployment").at("/spec/template/spec/serviceAccountName"))
                .isEqualTo(account.at("/metadata/name"));
        assertThat(account.at("/metadata/namespace").asText()).isEqualTo("trimtab");
    }

    /** To the role of its own name. */
    private static void binds(JsonNode binding, String kind) {
        assertThat(binding.path("roleRef").toString())
                .isEqualTo("{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"%s\",\"name\":\"%s\"}"
                        .formatted(kind, name(binding)));
        assertThat(binding.path("subjects").toString())
                .isEqualTo("[{\"kind\":\"ServiceAccount\",\"name\":\"trimtab\",\"namespace\":\"trimtab\"}]");
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
