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
