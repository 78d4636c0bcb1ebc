package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeStandardMode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.snapshot.KnownServices.KnownService;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A KServe that does not know the stop annotation: it copies it to the template of what it renders, and rolls. It is
 * refused by the webhooks as they are shipped.
 */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StopGuardTest extends ApiTest {
    private static final String STOP = "serving.kserve.io/stop";
    private static final String IMAGE = "example/llama:1";
    private static final int ATTEMPTS = 20;

    /** Those of other tests may show a KServe that stops services itself. */
    @BeforeEach
    void noOtherServices() {
        cluster.removeServices();
    }

    @ParameterizedTest
    @CsvSource({
        "INFERENCE_SERVICE, KNATIVE_SERVICE, guard-inferenceservice, InferenceService, Knative Service",
        "INFERENCE_SERVICE, DEPLOYMENT,      guard-inferenceservice, InferenceService, Deployment",
        "INFERENCE_GRAPH,   KNATIVE_SERVICE, guard-inferencegraph-services, InferenceGraph, Knative Service",
        "INFERENCE_GRAPH,   DEPLOYMENT,      guard-inferencegraph,   InferenceGraph,   Deployment"
    })
    @DisplayName(
            "stopped: KServe's dry-run, its UPDATE and its CREATE are refused; started: the very next one is taken")
    void stopAndStart(Kind parent, Kind child, String webhook, String parentKind, String childKind) {
        create(parent, "llama");
        cluster.api.create(child, rendered(parent, child, "llama"));
        double refused = refusals();

        annotate(parent, "llama", "true");
        String why = "admission webhook \"%s.trimtab.dev\" denied the request: trimtab: %s %s/llama is stopped"
                        .formatted(webhook, parentKind, namespace)
                + " (serving.kserve.io/stop): its " + childKind + " llama-predictor is not %s until the annotation is"
                + " removed";
        assertRefused(() -> cluster.api.dryRunUpdate(child, update(parent, child)), why.formatted("changed"));
        assertRefused(() -> cluster.api.update(child, update(parent, child)), why.formatted("changed"));
        assertThat(stored(child).at("/metadata/generation").asInt()).isEqualTo(1);

        delete(child);
        assertRefused(
                () -> cluster.api.dryRunCreate(child, rendered(parent, child, "llama")), why.formatted("created"));
        assertRefused(() -> cluster.api.create(child, rendered(parent, child, "llama")), why.formatted("created"));
        assertThat(refusals() - refused).as("the API server may ask twice").isGreaterThanOrEqualTo(4);

        annotate(parent, "llama", null);
        cluster.api.create(child, rendered(parent, child, "llama"));
        assertThat(stored(child).at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo(IMAGE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"KNATIVE_SERVICE", "DEPLOYMENT"})
    @DisplayName("stopped: metadata, status, deletion and the removal of a finalizer get through")
    void getsThrough(Kind child) {
        create(INFERENCE_SERVICE, "llama");
        ObjectNode rendered = rendered(INFERENCE_SERVICE, child, "llama");
        rendered.withObject("/spec/template/metadata/annotations").put(STOP, "true");
        rendered.withObject("/metadata").putArray("finalizers").add("example.com/wait");
        // A component that is stopped by itself: waited for in vain, then taken.
        cluster.api.create(child, rendered);
        annotate(INFERENCE_SERVICE, "llama", "true");
        Eventually.holds("Trimtab knows", () -> settings.get()
                .services()
                .find(Stoppable.INFERENCE_SERVICE, namespace, "llama")
                .filter(KnownService::stopped)
                .isPresent());

        ObjectNode labelled =
                cluster.api.change(child, namespace, "llama-predictor", it -> it.withObject("/metadata/labels")
                        .put("example.com/team", "ml"));
        assertThat(labelled.at("/metadata/labels").has("example.com/team")).isTrue();
        ObjectNode seen =
                cluster.api.changeStatus(child, namespace, "llama-predictor", it -> it.put("observedGeneration", 1));
        assertThat(seen.at("/status/observedGeneration").asInt()).isEqualTo(1);

        delete(child);
        ObjectNode going = stored(child);
        assertThat(going.at("/metadata/deletionTimestamp").isTextual()).isTrue();
        cluster.api.change(child, namespace, "llama-predictor", it -> it.withObject("/metadata")
                .remove("finalizers"));
        assertThat(cluster.api.find(child, namespace, "llama-predictor")).isEmpty();
    }

    @Test
    @DisplayName("a running service next to it, and one with an owner of the same name before it: not refused")
    void others() {
        create(INFERENCE_SERVICE, "llama");
        ObjectNode old = rendered(INFERENCE_SERVICE, KNATIVE_SERVICE, "llama");
        annotate(INFERENCE_SERVICE, "llama", "true");
        old.withObject("/spec/template/metadata/annotations").put(STOP, "true");
        owner(old).put("uid", "00000000-0000-0000-0000-000000000001");
        cluster.api.dryRunCreate(KNATIVE_SERVICE, old);

        create(INFERENCE_SERVICE, "iris");
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
        assertThat(cluster.api.find(KNATIVE_SERVICE, namespace, "iris-predictor"))
                .isPresent();
    }

    @Test
    @DisplayName("a KServe that shows native stop on another service of the mode: nothing is refused in that mode")
    void nativeStop() {
        create(INFERENCE_SERVICE, "iris");
        status("iris", "{conditions: [{type: Stopped, status: \"False\", severity: Info}]}");
        Eventually.holds("Trimtab has seen it", () -> isNative(Stoppable.INFERENCE_SERVICE, DeploymentMode.KNATIVE));
        stopped("llama");

        cluster.api.create(KNATIVE_SERVICE, rendered(INFERENCE_SERVICE, KNATIVE_SERVICE, "llama"));
        assertThatThrownBy(() -> cluster.api.create(DEPLOYMENT, rendered(INFERENCE_SERVICE, DEPLOYMENT, "llama")))
                .hasMessageContaining("its Deployment llama-predictor is not created");

        status("iris", "{conditions: [{type: Stopped, status: \"False\", reason: StoppedByTrimtab}]}");
        Eventually.holds("our own sign is none", () -> !isNative(Stoppable.INFERENCE_SERVICE, DeploymentMode.KNATIVE));
        delete(KNATIVE_SERVICE);
        assertThatThrownBy(() ->
                        cluster.api.create(KNATIVE_SERVICE, rendered(INFERENCE_SERVICE, KNATIVE_SERVICE, "llama")))
                .hasMessageContaining("is not created until");
    }

    @Test
    @DisplayName("lifecycle.nativeStop: Always never refuses, Never refuses whatever is seen")
    void policy() {
        stopped("llama");
        ObjectNode child = rendered(INFERENCE_SERVICE, KNATIVE_SERVICE, "llama");
        cluster.policy(Cluster.DEFAULT_POLICY + "lifecycle: {nativeStop: Always}\n");
        cluster.api.dryRunCreate(KNATIVE_SERVICE, child);

        status("llama", "{conditions: [{type: Stopped, status: \"True\", severity: Info}]}");
        Eventually.holds("Trimtab has seen it", () -> isNative(Stoppable.INFERENCE_SERVICE, DeploymentMode.KNATIVE));
        cluster.policy(Cluster.DEFAULT_POLICY + "lifecycle: {nativeStop: Never}\n");
        assertThatThrownBy(() -> cluster.api.dryRunCreate(KNATIVE_SERVICE, child))
                .hasMessageContaining("is not created until");
    }

    @Test
    @DisplayName("who stops a canary is told by kubectl what becomes of it; who stops it again is not")
    void warned() {
        cluster.api.create(
                INFERENCE_SERVICE,
                Api.yaml(Models.inferenceService(namespace, "iris", "", ", canaryTrafficPercent: 20")));
        List<String> annotate =
                List.of("-n", namespace, "annotate", "--overwrite", "inferenceservice", "iris", STOP + "=true");
        assertThat(cluster.kubectl.run("", annotate).warnings())
                .containsExactly("trimtab: stopped while 20 % go to the predictor's canary: when started again all"
                        + " traffic goes to it");
        assertThat(cluster.kubectl.run("", annotate).warnings()).isEmpty();
    }

    private boolean isNative(Stoppable kind, DeploymentMode mode) {
        return settings.get().isStopNative(kind, mode);
    }

    private void create(Kind kind, String name) {
        String yaml = kind == INFERENCE_GRAPH
                ? Models.inferenceGraph(namespace, name)
                : Models.inferenceService(namespace, name);
        cluster.api.create(kind, Api.yaml(yaml));
    }

    private void stopped(String name) {
        create(INFERENCE_SERVICE, name);
        annotate(INFERENCE_SERVICE, name, "true");
    }

    private void annotate(Kind kind, String name, String value) {
        ObjectNode service = cluster.api.get(kind, namespace, name);
        ObjectNode annotations = service.withObject("/metadata/annotations");
        if (value == null) {
            annotations.remove(STOP);
        } else {
            annotations.put(STOP, value);
        }
        cluster.api.update(kind, service);
    }

    private void status(String name, String status) {
        ObjectNode service = cluster.api.get(INFERENCE_SERVICE, namespace, name);
        service.set("status", Api.yaml(status));
        cluster.admin.raw(INFERENCE_SERVICE.path(namespace) + "/" + name + "/status", "PUT", service.toString());
    }

    /** As every KServe renders it: with the owner, its labels, and its stop annotation in the template. */
    private ObjectNode rendered(Kind parent, Kind child, String name) {
        ObjectNode service = cluster.api.get(parent, namespace, name);
        ObjectNode rendered = child == DEPLOYMENT
                ? FakeStandardMode.rendered(namespace, name, IMAGE)
                : Api.yaml(Models.knativeService(namespace, name + "-predictor", "", IMAGE));
        ObjectNode metadata = rendered.withObject("/metadata");
        label(metadata, rendered.withObject("/spec/template/metadata"), parent, child, name);
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", service.path("apiVersion").asText())
                .put("kind", service.path("kind").asText())
                .put("name", name)
                .put("uid", service.at("/metadata/uid").asText())
                .put("controller", true);
        String stop = service.path("metadata").path("annotations").path(STOP).asText("");
        if (!stop.isEmpty()) {
            rendered.withObject("/spec/template/metadata/annotations").put(STOP, stop);
        }
        return rendered;
    }

    /** KServe puts its label on both; that of an InferenceGraph in the template of the Knative Service only (0.15). */
    private static void label(ObjectNode metadata, ObjectNode template, Kind parent, Kind child, String name) {
        boolean graph = parent == INFERENCE_GRAPH;
        String label = graph ? "serving.kserve.io/inferencegraph" : "serving.kserve.io/inferenceservice";
        metadata.withObject("/labels").remove("serving.kserve.io/inferenceservice");
        template.withObject("/labels").remove("serving.kserve.io/inferenceservice");
        template.withObject("/labels").put(label, name);
        if (!graph || child == DEPLOYMENT) {
            metadata.withObject("/labels").put(label, name);
        }
    }

    /** On what is stored, with what KServe copies of it (ksvc_reconciler.go). */
    private ObjectNode update(Kind parent, Kind child) {
        ObjectNode stored = stored(child);
        ObjectNode update = rendered(parent, child, "llama");
        ObjectNode metadata = update.withObject("/metadata");
        metadata.set("resourceVersion", stored.at("/metadata/resourceVersion"));
        for (String key : List.of("serving.knative.dev/creator", "serving.knative.dev/lastModifier")) {
            JsonNode value = stored.path("metadata").path("annotations").path(key);
            if (value.isTextual()) {
                metadata.withObject("/annotations").set(key, value);
            }
        }
        return update;
    }

    private static ObjectNode owner(ObjectNode object) {
        return (ObjectNode) object.at("/metadata/ownerReferences/0");
    }

    private ObjectNode stored(Kind child) {
        return cluster.api.get(child, namespace, "llama-predictor");
    }

    private void delete(Kind child) {
        cluster.admin.raw(child.path(namespace) + "/llama-predictor", "DELETE", null);
    }

    private double refusals() {
        return metrics.find("trimtab.rule").tag("rule", "stop-guard").tag("outcome", "denied").counters().stream()
                .mapToDouble(it -> it.count())
                .sum();
    }

    private static void assertRefused(ThrowingCallable request, String why) {
        ThrowingCallable last = () -> {
            // A controller writes its status in between: the webhook that refuses comes after that comparison.
            for (int attempt = 1; ; attempt++) {
                try {
                    request.call();
                    return;
                } catch (KubernetesClientException refused) {
                    if (refused.getCode() != 409 || attempt == ATTEMPTS) {
                        throw refused;
                    }
                }
            }
        };
        assertThatThrownBy(last).isInstanceOfSatisfying(KubernetesClientException.class, refused -> {
            assertThat(refused.getCode()).isEqualTo(403);
            assertThat(refused.getMessage()).contains(why);
        });
    }
}
