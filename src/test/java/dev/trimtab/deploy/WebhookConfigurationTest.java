package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API server sends to Trimtab, and when. */
class WebhookConfigurationTest {
    private static final String NAME = "kubernetes.io/metadata.name";
    private static final String IGNORE = "trimtab.dev/ignore";
    private static final String CONFIG_MAPS = "apiGroups:[],apiVersions:[v1],resources:[configmaps]";
    private static final String SERVICES = "apiGroups:[serving.knative.dev],apiVersions:[v1],resources:[services]";
    private static final String DEPLOYMENTS = "apiGroups:[apps],apiVersions:[v1],resources:[deployments]";

    private static final String POD_AUTOSCALERS =
            "apiGroups:[autoscaling.aibrix.ai],apiVersions:[v1alpha1],resources:[podautoscalers]";

    private static final String SCHEDULES =
            "apiGroups:[trimtab.dev],apiVersions:[v1alpha1],resources:[servingschedules]";

    private static final String NOT_BEING_DELETED = "!has(object.metadata.deletionTimestamp)";
    private static final String SOMETHING_CHANGES = "request.operation != 'UPDATE' || object.?spec != oldObject.?spec"
            + " || object.metadata.?annotations != oldObject.metadata.?annotations"
            + " || object.metadata.?labels != oldObject.metadata.?labels";

    private final JsonNode mutating = Manifests.ofFolder().only("MutatingWebhookConfiguration");
    private final JsonNode validating = Manifests.ofFolder().only("ValidatingWebhookConfiguration");

    @Test
    @DisplayName("called after KServe's defaulting and before Knative's: the API server sorts by name")
    void order() {
        assertThat(mutating.at("/metadata/name").asText())
                .isEqualTo("trimtab.dev")
                .isGreaterThan("inferenceservice.serving.kserve.io")
                .isGreaterThan("llminferenceservice.serving.kserve.io")
                .isLessThan("webhook.serving.knative.dev");
    }

    @Test
    @DisplayName("creates and updates of the five kinds, no status, no wildcard")
    void rules() {
        assertThat(mutating.path("webhooks"))
                .extracting(webhook -> webhook.path("name").asText() + " "
                        + webhook.path("rules").toString().replace("\"", ""))
                .containsExactly(
                        "services.trimtab.dev [{apiGroups:[serving.knative.dev],apiVersions:[v1],resources:[services],"
                                + "operations:[CREATE,UPDATE],scope:Namespaced}]",
                        "inferenceservices.trimtab.dev [{apiGroups:[serving.kserve.io],apiVersions:[v1beta1],"
                                + "resources:[inferenceservices],operations:[CREATE,UPDATE],scope:Namespaced}]",
                        "inferencegraphs.trimtab.dev [{apiGroups:[serving.kserve.io],apiVersions:[v1alpha1],"
                                + "resources:[inferencegraphs],operations:[CREATE,UPDATE],scope:Namespaced}]",
                        "deployments.trimtab.dev [{apiGroups:[apps],apiVersions:[v1],resources:[deployments],"
                                + "operations:[CREATE,UPDATE],scope:Namespaced}]",
                        "podautoscalers.trimtab.dev " + rules(POD_AUTOSCALERS),
                        "recorded.trimtab.dev " + updates(SERVICES, DEPLOYMENTS),
                        "recorded-ignored.trimtab.dev " + updates(SERVICES, DEPLOYMENTS));
    }

    @Test
    @DisplayName("fast, without side effects, may be asked again; open, but for the closed door")
    void fields() {
        assertThat(mutating.path("webhooks")).hasSize(7).allSatisfy(webhook -> {
            assertThat(webhook.path("failurePolicy").asText()).isEqualTo(isDoor(webhook) ? "Fail" : "Ignore");
            assertThat(webhook.path("timeoutSeconds").asInt()).isEqualTo(3);
            assertThat(webhook.path("matchPolicy").asText()).isEqualTo("Equivalent");
            assertThat(webhook.path("reinvocationPolicy").asText()).isEqualTo("IfNeeded");
            assertThat(webhook.path("sideEffects").asText()).isEqualTo("None");
            assertThat(Manifests.texts(webhook.path("admissionReviewVersions"))).containsExactly("v1");
        });
        assertThat(Manifests.stream(mutating.path("webhooks")).filter(it -> !isDoor(it)))
                .hasSize(5)
                .allSatisfy(webhook -> {
                    assertThat(webhook.path("namespaceSelector"))
                            .isEqualTo(mutating.at("/webhooks/0/namespaceSelector"));
                    assertThat(webhook.at("/objectSelector/matchExpressions/0"))
                            .isEqualTo(mutating.at("/webhooks/0/objectSelector/matchExpressions/0"));
                });
    }

    @Test
    @DisplayName(
            "the closed door: four conditions, and of labels only the namespace's, which choose between its two entries")
    void closedDoor() {
        var door = named("recorded.trimtab.dev");
        var ignored = named("recorded-ignored.trimtab.dev");
        assertThat(conditions(door))
                .containsExactly(
                        "oldObject.metadata.?annotations[?'trimtab.dev/filled'].hasValue()",
                        "oldObject.metadata.?ownerReferences.orValue([])"
                                + ".exists(o, o.apiVersion.startsWith('serving.kserve.io/'))",
                        "object.?spec.?template != oldObject.?spec.?template",
                        "!has(object.metadata.deletionTimestamp)");
        assertThat(conditions(ignored)).isEqualTo(conditions(door));
        for (var entry : List.of(door, ignored)) {
            assertThat(entry.has("objectSelector"))
                    .as("off must not undo what was filled")
                    .isFalse();
        }
        assertThat(door.path("namespaceSelector")).isEqualTo(mutating.at("/webhooks/0/namespaceSelector"));
        var labelled = new LabelSelector(ignored.path("namespaceSelector"));
        assertThat(labelled.matches(Map.of(NAME, "ml", IGNORE, "true"))).isTrue();
        assertThat(labelled.matches(Map.of(NAME, "ml"))).isFalse();
        assertThat(labelled.matches(Map.of(NAME, "kube-system", IGNORE, "true")))
                .isFalse();
    }

    @Test
    @DisplayName("what the closed door takes, the ordinary entry of that kind leaves: no write is reviewed twice."
            + " Besides, only what cannot matter stays out (MatchConditionsTest)")
    void reviewedOnce() {
        String negation = conditions(named("recorded.trimtab.dev")).stream()
                .collect(Collectors.joining(" && ", "request.operation != 'UPDATE' || !( ", ")"));
        assertThat(mutating.path("webhooks"))
                .filteredOn(webhook -> !isDoor(webhook))
                .extracting(webhook -> webhook.path("name").asText() + ": " + String.join("; ", conditions(webhook)))
                .containsExactly(
                        "services.trimtab.dev: " + negation + "; " + NOT_BEING_DELETED,
                        "inferenceservices.trimtab.dev: " + NOT_BEING_DELETED + "; " + SOMETHING_CHANGES,
                        "inferencegraphs.trimtab.dev: " + NOT_BEING_DELETED + "; " + SOMETHING_CHANGES,
                        "deployments.trimtab.dev: " + negation + "; " + NOT_BEING_DELETED + "; " + SOMETHING_CHANGES,
                        "podautoscalers.trimtab.dev: " + NOT_BEING_DELETED + "; " + SOMETHING_CHANGES);
        assertThat(mutating.path("webhooks"))
                .as("the door is last: its answer makes the condition of an ordinary entry behind it true")
                .extracting(WebhookConfigurationTest::isDoor)
                .containsExactly(false, false, false, false, false, true, true);
    }

    @Test
    @DisplayName("cert-manager writes the caBundle, from the certificate that is served")
    void injection() {
        for (var configuration : new JsonNode[] {mutating, validating}) {
            assertThat(configuration
                            .at("/metadata/annotations")
                            .path("cert-manager.io/inject-ca-from")
                            .asText())
                    .isEqualTo("trimtab/trimtab-webhook");
            assertThat(configuration.findValue("caBundle"))
                    .as("would fight with the cainjector")
                    .isNull();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"kube-system", "knative-serving", "kserve", "trimtab"})
    @DisplayName("the platform's own namespaces are left out")
    void platformNamespaces(String namespace) {
        assertThat(namespaces().matches(Map.of(NAME, namespace))).isFalse();
    }

    @Test
    @DisplayName("other namespaces are in, whatever else they are labelled")
    void otherNamespaces() {
        assertThat(namespaces().matches(Map.of(NAME, "default"))).isTrue();
        assertThat(namespaces().matches(Map.of(NAME, "trimtab-demo", "team", "ml")))
                .isTrue();
        assertThat(namespaces().matches(Map.of(NAME, "ml", IGNORE, "false"))).isTrue();
    }

    @Test
    @DisplayName("a namespace or an object can be left out by its label")
    void ignored() {
        assertThat(namespaces().matches(Map.of(NAME, "ml", IGNORE, "true"))).isFalse();
        assertThat(objects().matches(Map.of(IGNORE, "true", "app", "llama"))).isFalse();
        assertThat(objects().matches(Map.of(IGNORE, "false"))).isTrue();
        assertThat(objects().matches(Map.of("app", "llama"))).isTrue();
        assertThat(objects().matches(Map.of())).isTrue();
    }

    @Test
    @DisplayName(
            "of Deployments only those that KServe renders, and never those of a Revision, which have its labels too")
    void deployments() {
        var selector = new LabelSelector(mutating.at("/webhooks/3/objectSelector"));
        String byKserve = "serving.kserve.io/inferenceservice";
        assertThat(selector.matches(Map.of(byKserve, "llm"))).isTrue();
        assertThat(selector.matches(Map.of("app", "llama"))).isFalse();
        assertThat(selector.matches(Map.of(byKserve, "llm", "serving.knative.dev/revision", "llm-00001")))
                .isFalse();
        assertThat(selector.matches(Map.of(byKserve, "llm", IGNORE, "true"))).isFalse();
        assertThat(mutating.path("webhooks"))
                .filteredOn(webhook ->
                        webhook.at("/objectSelector/matchExpressions").size() > 1)
                .extracting(webhook -> webhook.path("name").asText())
                .containsExactly("deployments.trimtab.dev");
    }

    @Test
    @DisplayName("the update that sets or takes away the label still comes to Trimtab; the next one with it does not")
    void labelChanges() {
        assertThat(objects().matchesUpdate(Map.of(), Map.of(IGNORE, "true"))).isTrue();
        assertThat(objects().matchesUpdate(Map.of(IGNORE, "true"), Map.of())).isTrue();
        assertThat(objects().matchesUpdate(Map.of(IGNORE, "true"), Map.of(IGNORE, "true")))
                .isFalse();
    }

    @Test
    @DisplayName("validation: policies, the guards, PodAutoscalers and schedules, never in the way of a repair")
    void validation() {
        assertThat(validating.path("webhooks"))
                .extracting(webhook -> webhook.path("name").asText())
                .containsExactly(
                        "policy.trimtab.dev",
                        "profiles.trimtab.dev",
                        "guard-inferenceservice.trimtab.dev",
                        "guard-inferencegraph.trimtab.dev",
                        "guard-inferencegraph-services.trimtab.dev",
                        "podautoscalers.trimtab.dev",
                        "schedules.trimtab.dev");
        assertThat(validating.path("webhooks")).allSatisfy(webhook -> {
            assertThat(webhook.path("failurePolicy").asText()).isEqualTo("Ignore");
            assertThat(webhook.path("timeoutSeconds").asInt()).isEqualTo(3);
            assertThat(webhook.path("matchPolicy").asText()).isEqualTo("Equivalent");
            assertThat(webhook.path("sideEffects").asText()).isEqualTo("None");
            assertThat(Manifests.texts(webhook.path("admissionReviewVersions"))).containsExactly("v1");
        });
        assertThat(validating.path("webhooks"))
                .extracting(webhook -> webhook.path("rules").toString().replace("\"", ""))
                .containsExactly(
                        rules(CONFIG_MAPS),
                        rules(CONFIG_MAPS),
                        rules(SERVICES, DEPLOYMENTS),
                        rules(DEPLOYMENTS),
                        rules(SERVICES),
                        rules(POD_AUTOSCALERS),
                        rules(SCHEDULES));
    }

    @Test
    @DisplayName("validation: the policy by its name; guards only if pods would start with the stop annotation")
    void validatedIf() {
        String guard = NOT_BEING_DELETED + "; request.operation != 'UPDATE' || object.?spec != oldObject.?spec; "
                + "object.?spec.template.metadata.annotations[?'serving.kserve.io/stop'].hasValue()";
        assertThat(validating.path("webhooks"))
                .extracting(webhook -> webhook.path("name").asText() + ": " + String.join("; ", conditions(webhook)))
                .containsExactly(
                        "policy.trimtab.dev: object.metadata.?name.orValue('') == 'trimtab-policy'",
                        "profiles.trimtab.dev: ",
                        "guard-inferenceservice.trimtab.dev: " + guard,
                        "guard-inferencegraph.trimtab.dev: " + guard,
                        "guard-inferencegraph-services.trimtab.dev: " + guard,
                        "podautoscalers.trimtab.dev: " + NOT_BEING_DELETED,
                        "schedules.trimtab.dev: " + NOT_BEING_DELETED
                                + "; request.operation != 'UPDATE' || object.?spec != oldObject.?spec");
    }

    @Test
    @DisplayName("PodAutoscalers: checked where they are filled, whatever their labels")
    void podAutoscalers() {
        assertThat(guard("podautoscalers.trimtab.dev").matches(Map.of())).isTrue();
        assertThat(validating.at("/webhooks/5/objectSelector")).isEqualTo(mutating.at("/webhooks/4/objectSelector"));
    }

    @Test
    @DisplayName("guards: by KServe's labels, never a Revision's Deployment, and who is left out is the same")
    void guards() {
        for (String kind : List.of("inferenceservice", "inferencegraph")) {
            String label = "serving.kserve.io/" + kind;
            var selector = guard("guard-" + kind + ".trimtab.dev");
            assertThat(selector.matches(Map.of(label, "llm"))).isTrue();
            assertThat(selector.matches(Map.of())).isFalse();
            assertThat(selector.matches(Map.of("app", "llama"))).isFalse();
            assertThat(selector.matches(Map.of(label, "llm", IGNORE, "true"))).isFalse();
            assertThat(selector.matches(Map.of(label, "llm", "serving.knative.dev/revision", "llm-00001")))
                    .isFalse();
        }
    }

    @Test
    @DisplayName(
            "guards: a graph's Knative Service has no label, so all are asked about that are of no InferenceService")
    void graphServices() {
        var selector = guard("guard-inferencegraph-services.trimtab.dev");
        assertThat(selector.matches(Map.of())).isTrue();
        assertThat(selector.matches(Map.of("app", "chain"))).isTrue();
        assertThat(selector.matches(Map.of(IGNORE, "true"))).isFalse();
        assertThat(selector.matches(Map.of("serving.kserve.io/inferenceservice", "llm")))
                .as("the other guard's")
                .isFalse();
    }

    @Test
    @DisplayName("validation: ConfigMaps of Trimtab's namespace, and of others those that say they are profiles")
    void validated() {
        var own = new LabelSelector(validating.at("/webhooks/0/namespaceSelector"));
        assertThat(own.matches(Map.of(NAME, "trimtab"))).isTrue();
        assertThat(own.matches(Map.of(NAME, "ml"))).isFalse();
        assertThat(own.matches(Map.of())).isFalse();
        assertThat(validating.at("/webhooks/0").has("objectSelector")).isFalse();

        var others = new LabelSelector(validating.at("/webhooks/1/namespaceSelector"));
        assertThat(others.matches(Map.of(NAME, "trimtab"))).isFalse();
        assertThat(others.matches(Map.of(NAME, "ml"))).isTrue();
        assertThat(validating.at("/webhooks/1/objectSelector").toString())
                .isEqualTo("{\"matchLabels\":{\"trimtab.dev/policy\":\"profiles\"}}");
    }

    private LabelSelector guard(String name) {
        var webhook = Manifests.stream(validating.path("webhooks"))
                .filter(it -> it.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(webhook.path("namespaceSelector")).isEqualTo(mutating.at("/webhooks/0/namespaceSelector"));
        return new LabelSelector(webhook.path("objectSelector"));
    }

    private static String rules(String... resources) {
        return rules("CREATE,UPDATE", resources);
    }

    private static String updates(String... resources) {
        return rules("UPDATE", resources);
    }

    private static String rules(String operations, String[] resources) {
        return Stream.of(resources)
                .map(it -> "{%s,operations:[%s],scope:Namespaced}".formatted(it, operations))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static boolean isDoor(JsonNode webhook) {
        return webhook.path("name").asText().startsWith("recorded");
    }

    private JsonNode named(String name) {
        return Manifests.stream(mutating.path("webhooks"))
                .filter(it -> it.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> conditions(JsonNode webhook) {
        return Manifests.stream(webhook.path("matchConditions"))
                .map(it -> it.path("expression").asText())
                .toList();
    }

    private LabelSelector namespaces() {
        return new LabelSelector(mutating.at("/webhooks/0/namespaceSelector"));
    }

    private LabelSelector objects() {
        return new LabelSelector(mutating.at("/webhooks/0/objectSelector"));
    }
}
