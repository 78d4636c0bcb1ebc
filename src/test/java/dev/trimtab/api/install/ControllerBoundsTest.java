package dev.trimtab.api.install;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.REVISION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Account;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the token of the controller's account can change: 25-controller.yaml of deploy/webhook, as the API
 * server sees it.
 */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class ControllerBoundsTest extends ApiTest {
    private static final List<Kind> BOUNDED = List.of(KNATIVE_SERVICE, DEPLOYMENT, INFERENCE_SERVICE, REVISION);
    private static final List<Kind> HELD = List.of(KNATIVE_SERVICE, DEPLOYMENT);

    private static final String ANNOTATION = "{metadata: {annotations: {%s: %s}}}";
    private static final String STOP = ANNOTATION.formatted("serving.kserve.io/stop", "'true'");
    private static final String NO_STOP = ANNOTATION.formatted("serving.kserve.io/stop", "null");
    private static final String HOLD = "{metadata: {finalizers: [example.com/other, trimtab.dev/stopped]}}";
    private static final String LET_GO = "{metadata: {finalizers: [example.com/other]}}";

    private static final List<String> SCALES = List.of(
            ANNOTATION.formatted("autoscaling.knative.dev/max-scale", "'5'"),
            ANNOTATION.formatted("autoscaling.knative.dev/initial-scale", "null"),
            ANNOTATION.formatted("autoscaling.knative.dev/maxScale", "null"),
            ANNOTATION.formatted("autoscaling.knative.dev/initialScale", "'1'"));

    private static final List<String> NEVER = List.of(
            "{metadata: {labels: {team: other}}}",
            "{metadata: {labels: {serving.kserve.io/inferenceservice: null}}}",
            "{metadata: {annotations: {team: other}}}",
            "{metadata: {annotations: {example.com/kept: null}}}",
            "{metadata: {annotations: {trimtab.dev/left: now}}}",
            "{metadata: {ownerReferences: []}}",
            "{metadata: {finalizers: []}}",
            "{metadata: {finalizers: [example.com/other, example.com/more]}}");

    private static final Map<Kind, String> SPECS = Map.of(
            KNATIVE_SERVICE, "{spec: {template: {spec: {serviceAccountName: evil}}}}",
            DEPLOYMENT, "{spec: {template: {spec: {serviceAccountName: evil}}}}",
            INFERENCE_SERVICE, "{spec: {predictor: {serviceAccountName: evil}}}",
            REVISION, "{spec: {serviceAccountName: evil}}");

    private KubernetesClient controller;
    private String owner = "";

    @BeforeEach
    void objects() {
        controller = Account.CONTROLLER.client(cluster.admin);
        owner = cluster.api
                .create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "owner")))
                .at("/metadata/uid")
                .asText();
        for (Kind kind : BOUNDED) {
            cluster.api.create(kind, object(kind));
        }
    }

    @AfterEach
    void close() {
        controller.close();
        for (Kind kind : BOUNDED) {
            cluster.api
                    .find(kind, namespace, "llama")
                    .ifPresent(unused -> patch(cluster.admin, kind, "{metadata: {finalizers: null}}"));
        }
    }

    static Stream<Arguments> refused() {
        return BOUNDED.stream().flatMap(kind -> Stream.of(
                        NEVER.stream(),
                        Stream.of(SPECS.get(kind)),
                        kind == INFERENCE_SERVICE ? Stream.<String>of() : Stream.of(STOP),
                        // Knative itself refuses them on a Service.
                        kind == REVISION || kind == KNATIVE_SERVICE
                                ? Stream.<String>of()
                                : SCALES.stream().filter(it -> !it.contains("null")),
                        HELD.contains(kind) ? Stream.<String>of() : Stream.of(HOLD))
                .flatMap(it -> it)
                .map(patch -> arguments(kind, patch)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("refused")
    @DisplayName("refused, and nothing changes")
    void refused(Kind kind, String patch) {
        JsonNode before = authored(kind);

        assertThatThrownBy(() -> patch(kind, patch))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("trimtab-controller.trimtab.dev")
                .hasMessageContaining("Trimtab's controller may");
        assertThat(authored(kind)).isEqualTo(before);
    }

    static Stream<Arguments> taken() {
        return Stream.of(
                        HELD.stream().flatMap(kind -> Stream.of(arguments(kind, HOLD), arguments(kind, LET_GO))),
                        Stream.of(arguments(INFERENCE_SERVICE, STOP), arguments(INFERENCE_SERVICE, NO_STOP)),
                        SCALES.stream().map(patch -> arguments(REVISION, patch)))
                .flatMap(it -> it);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("taken")
    @DisplayName("taken: all that the controller does")
    void taken(Kind kind, String patch) {
        patch(kind, patch);

        JsonNode stored = cluster.api.get(kind, namespace, "llama").path("metadata");
        JsonNode expected = Api.yaml(patch).path("metadata");
        expected.path("annotations").properties().forEach(it -> assertThat(
                        stored.path("annotations").path(it.getKey()).asText("null"))
                .isEqualTo(it.getValue().asText()));
        if (expected.has("finalizers")) {
            assertThat(stored.path("finalizers")).isEqualTo(expected.path("finalizers"));
        }
    }

    @Test
    @DisplayName(
            "a hold comes off an object that is being deleted, even if another webhook adds to the object on the way")
    void letGoWhileDeleted() {
        for (Kind kind : HELD) {
            patch(kind, HOLD);
            cluster.api.delete(kind, namespace, "llama");
            // As the controller's patch looks behind a webhook of a Knative that was upgraded a moment ago.
            patch(
                    kind,
                    "{metadata: {finalizers: [example.com/other]}, spec: {template: {spec: {"
                            + "enableServiceLinks: true}}}}");
            assertThat(cluster.api
                            .get(kind, namespace, "llama")
                            .at("/metadata/finalizers")
                            .toString())
                    .doesNotContain("trimtab.dev/stopped");
        }
    }

    @Test
    @DisplayName("nobody else is bounded")
    void others() {
        for (Kind kind : BOUNDED) {
            patch(cluster.admin, kind, "{metadata: {labels: {team: other}}}");
            assertThat(cluster.api
                            .get(kind, namespace, "llama")
                            .at("/metadata/labels/team")
                            .asText())
                    .isEqualTo("other");
        }
    }

    @Test
    @DisplayName("it may not create, replace by collection, scale, or touch what is not of its business")
    void nothingElse() {
        for (Kind kind : Kind.values()) {
            String all = kind.path(namespace);
            if (kind != Kind.EVENT) {
                forbidden(() -> controller.raw(all, "POST", "{}"));
            }
            forbidden(() -> controller.raw(all, "DELETE", "{}"));
            forbidden(() -> controller.raw(all + "/llama", "PUT", "{}"));
            forbidden(() -> controller.raw(all + "/llama/scale", "PUT", "{}"));
        }
        for (Kind kind : List.of(INFERENCE_SERVICE, INFERENCE_GRAPH, REVISION, Kind.EVENT, Kind.POD_AUTOSCALER)) {
            forbidden(() -> controller.raw(kind.path(namespace) + "/llama", "DELETE", "{}"));
        }
        forbidden(() -> controller.secrets().inNamespace("trimtab").list());
        forbidden(() -> controller.configMaps().inNamespace("trimtab").list());
        forbidden(() -> controller.namespaces().withName(namespace).delete());
    }

    /** What no controller of the cluster writes in between. */
    private JsonNode authored(Kind kind) {
        ObjectNode stored = cluster.api.get(kind, namespace, "llama");
        stored.remove("status");
        stored.withObject("/metadata").retain("labels", "annotations", "finalizers", "ownerReferences");
        ((ObjectNode) stored.path("metadata").path("annotations")).remove("deployment.kubernetes.io/revision");
        return stored;
    }

    private ObjectNode object(Kind kind) {
        ObjectNode object = Api.yaml(
                switch (kind) {
                    case KNATIVE_SERVICE -> Models.knativeService(namespace, "llama", "");
                    case INFERENCE_SERVICE -> Models.inferenceService(namespace, "llama");
                    case REVISION -> """
                            apiVersion: serving.knative.dev/v1
                            kind: Revision
                            metadata: {name: llama, namespace: %s}
                            spec: {containers: [{image: example/llama}]}
                            """.formatted(namespace);
                    default -> """
                            apiVersion: apps/v1
                            kind: Deployment
                            metadata: {name: llama, namespace: %s}
                            spec:
                              selector: {matchLabels: {app: llama}}
                              template:
                                metadata: {labels: {app: llama}}
                                spec: {containers: [{name: main, image: example/llama}]}
                            """.formatted(namespace);
                });
        ObjectNode metadata = object.withObject("/metadata");
        metadata.withObject("/labels").put("serving.kserve.io/inferenceservice", "llama");
        metadata.withObject("/annotations").put("example.com/kept", "yes");
        if (kind == REVISION) {
            metadata.withObject("/annotations").put("autoscaling.knative.dev/maxScale", "9");
        }
        metadata.putArray("finalizers").add("example.com/other");
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "serving.kserve.io/v1beta1")
                .put("kind", "InferenceService")
                .put("name", "owner")
                .put("uid", owner);
        return object;
    }

    private void patch(Kind kind, String patch) {
        patch(controller, kind, patch);
    }

    private void patch(KubernetesClient client, Kind kind, String patch) {
        int slash = kind.version().indexOf('/');
        ResourceDefinitionContext definition = new ResourceDefinitionContext.Builder()
                .withGroup(kind.version().substring(0, slash))
                .withVersion(kind.version().substring(slash + 1))
                .withKind(kind.kindName())
                .withPlural(kind.path("").replaceAll(".*/", ""))
                .withNamespaced(true)
                .build();
        Object unused = client.genericKubernetesResources(definition)
                .inNamespace(namespace)
                .withName("llama")
                .patch(PatchContext.of(PatchType.JSON_MERGE), Api.yaml(patch).toString());
    }

    private static void forbidden(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(KubernetesClientException.class, it -> assertThat(it.getCode())
                .isEqualTo(403));
    }
}
