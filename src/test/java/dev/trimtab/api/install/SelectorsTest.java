package dev.trimtab.api.install;

import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not Trimtab's does not even come here: the rules and selectors of deploy/webhook, by the API server itself. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class SelectorsTest extends ApiTest {
    private static final String VALIDATE = "/validate";

    private static final String CORE = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: settings}
            data: {key: value}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: pod}
            spec: {containers: [{name: main, image: "example/pod:1"}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: core}
            spec: {ports: [{port: 80}]}
            """;

    @Test
    @DisplayName("ConfigMap, Pod and core Service: never asked, neither to change nor to validate")
    void otherKinds() {
        long validated = requests(VALIDATE);
        callsOnlyFor(() -> {
            assertThat(cluster.kubectl.apply(CORE, "-n", namespace).exitCode()).isZero();
            assertThat(cluster.kubectl
                            .run("", List.of("-n", namespace, "label", "cm/settings", "pod/pod", "svc/core", "a=b"))
                            .exitCode())
                    .isZero();
        });
        assertThat(requests(VALIDATE)).isEqualTo(validated);
    }

    @Test
    @DisplayName("a namespace with the label trimtab.dev/ignore: never asked, for none of the kinds")
    void ignoredNamespace() {
        String ignored = cluster.newNamespace(Map.of("trimtab.dev/ignore", "true"));
        callsOnlyFor(() -> {
            createAndUpdate(KNATIVE_SERVICE, Models.knativeService(ignored, "hello", ""));
            createAndUpdate(INFERENCE_SERVICE, Models.inferenceService(ignored, "iris"));
            createAndUpdate(INFERENCE_GRAPH, Models.inferenceGraph(ignored, "chain"));
        });
        assertThat(Models.scale(cluster.api.get(KNATIVE_SERVICE, ignored, "hello")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kube-system", "knative-serving", "kserve", "trimtab"})
    @DisplayName("the platform's own namespaces: never asked")
    void platform(String platform) {
        callsOnlyFor(() -> createAndUpdate(KNATIVE_SERVICE, Models.knativeService(platform, "hello", "")));
        ObjectNode stored = cluster.api.get(KNATIVE_SERVICE, platform, "hello");
        cluster.api.delete(KNATIVE_SERVICE, platform, "hello");
        assertThat(Models.scale(stored)).isEmpty();
    }

    @Test
    @DisplayName("an object with the label trimtab.dev/ignore: never asked")
    void ignoredObject() {
        ObjectNode service = Api.yaml(Models.knativeService(namespace, "hello", ""));
        service.withObject("/metadata/labels").put("trimtab.dev/ignore", "true");
        callsOnlyFor(() -> createAndUpdate(KNATIVE_SERVICE, service.toString()));
        assertThat(Models.scale(cluster.api.get(KNATIVE_SERVICE, namespace, "hello")))
                .isEmpty();
    }

    @Test
    @DisplayName("the label comes onto a filled object: what is recorded is given back, and then nobody asks")
    void ignoredLater() {
        cluster.api.create(KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "hello", "")));

        ObjectNode stored = cluster.api.change(KNATIVE_SERVICE, namespace, "hello", it -> {
            it.withObject("/metadata/labels").put("trimtab.dev/ignore", "true");
            it.withObject("/spec/template/metadata").remove("annotations");
        });
        assertThat(Models.scale(stored)).isEqualTo(Map.of("initial", "1", "max", "0"));
        callsOnlyFor(
                () -> cluster.api.change(KNATIVE_SERVICE, namespace, "hello", it -> it.withObject("/metadata/labels")
                        .put("example.com/team", "a")));
    }

    @Test
    @DisplayName("status, and deletion: never asked")
    void statusAndDelete() {
        cluster.api.create(KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "hello", "")));
        callsOnlyFor(() -> {
            ObjectNode changed =
                    cluster.api.changeStatus(KNATIVE_SERVICE, namespace, "hello", it -> it.withObject("/annotations")
                            .put("example.com/seen", "yes"));
            assertThat(changed.at("/status/annotations/example.com~1seen").asText())
                    .isEqualTo("yes");
            String path = KNATIVE_SERVICE.path(namespace) + "/hello";
            assertThat(cluster.admin.raw(path, "DELETE", null)).contains("Success");
        });
    }

    @Test
    @DisplayName("finalizers, owners, and the same again: never asked; an annotation or a label: asked")
    void nothingChanges() {
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "iris")));
        callsOnlyFor(() -> {
            finalizer("iris", "example.com/hold");
            cluster.api.change(INFERENCE_SERVICE, namespace, "iris", it -> {});
            assertThat(cluster.kubectl
                            .run(
                                    cluster.api
                                            .get(INFERENCE_SERVICE, namespace, "iris")
                                            .without(List.of("status"))
                                            .toString(),
                                    List.of("-n", namespace, "replace", "--dry-run=server", "-f", "-"))
                            .exitCode())
                    .isZero();
        });
        long before = reviews();
        cluster.api.change(INFERENCE_SERVICE, namespace, "iris", it -> it.withObject("/metadata/annotations")
                .put("example.com/a", "b"));
        assertThat(reviews()).isEqualTo(before + 1);
        finalizer("iris", "");
    }

    @Test
    @DisplayName("an object that is being deleted: never asked, whatever is written")
    void beingDeleted() {
        for (Kind kind : List.of(KNATIVE_SERVICE, INFERENCE_SERVICE)) {
            String yaml = kind == KNATIVE_SERVICE
                    ? Models.knativeService(namespace, "gone", "")
                    : Models.inferenceService(namespace, "gone");
            cluster.api.create(kind, Api.yaml(yaml));
            cluster.api.change(kind, namespace, "gone", it -> it.withObject("/metadata")
                    .putArray("finalizers")
                    .add("example.com/hold"));
            assertThat(cluster.admin.raw(kind.path(namespace) + "/gone", "DELETE", null))
                    .contains("deletionTimestamp");
            callsOnlyFor(() -> cluster.api.change(kind, namespace, "gone", it -> {
                it.withObject("/metadata/labels").put("changed", "true");
                it.withObject("/metadata").remove("finalizers");
            }));
            cluster.api.delete(INFERENCE_SERVICE, namespace, "control");
        }
    }

    /** Kyverno's GO-2023-1819. The conditions and Trimtab itself rely on this. */
    @Test
    @DisplayName("no author can claim that an object is being deleted: a new one is filled, and an update is refused")
    void claimsToBeDeleted() {
        ObjectNode claims = Api.yaml(Models.knativeService(namespace, "claims", ""));
        claims.withObject("/metadata").put("deletionTimestamp", "2026-01-01T00:00:00Z");
        ObjectNode stored = cluster.api.create(KNATIVE_SERVICE, claims);

        assertThat(stored.at("/metadata").has("deletionTimestamp")).isFalse();
        assertThat(Models.scale(stored)).isEqualTo(Map.of("initial", "1", "max", "0"));
        assertThat(cluster.kubectl
                        .run(
                                "",
                                List.of(
                                        "-n",
                                        namespace,
                                        "patch",
                                        "ksvc/claims",
                                        "--type=merge",
                                        "-p",
                                        "{\"metadata\":{\"deletionTimestamp\":\"2026-01-01T00:00:00Z\"}}"))
                        .err())
                .contains("metadata.deletionTimestamp", "field is immutable");
    }

    @Test
    @DisplayName("the guard is asked only about a template with the stop annotation")
    void guarded() {
        long validated = requests(VALIDATE);
        createAndUpdate(KNATIVE_SERVICE, Models.knativeService(namespace, "hello", ""));
        callsOnlyFor(() -> {});
        assertThat(requests(VALIDATE)).isEqualTo(validated);

        cluster.api.change(
                KNATIVE_SERVICE, namespace, "hello", it -> it.withObject("/spec/template/metadata/annotations")
                        .put("serving.kserve.io/stop", "true"));
        // Twice, if the change came too late and was made again: the API server asks before it finds that out.
        Eventually.holds("the guard was asked", () -> requests(VALIDATE) > validated);
    }

    private void finalizer(String name, String finalizer) {
        cluster.api.change(INFERENCE_SERVICE, namespace, name, it -> {
            it.withObject("/metadata").remove("finalizers");
            if (!finalizer.isEmpty()) {
                it.withObject("/metadata").putArray("finalizers").add(finalizer);
            }
        });
    }

    /** An InferenceService of no ignored namespace comes last, and makes exactly one call, which must be the only one. */
    private void callsOnlyFor(Runnable ignored) {
        long before = reviews();
        ignored.run();
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "control")));
        assertThat(reviews()).isEqualTo(before + 1);
    }

    private void createAndUpdate(Kind kind, String yaml) {
        ObjectNode stored = cluster.api.create(kind, Api.yaml(yaml));
        ObjectNode changed = cluster.api.change(
                kind,
                stored.at("/metadata/namespace").asText(),
                stored.at("/metadata/name").asText(),
                it -> it.withObject("/metadata/labels").put("changed", "true"));
        assertThat(changed.at("/metadata/labels/changed").asText()).isEqualTo("true");
    }
}
