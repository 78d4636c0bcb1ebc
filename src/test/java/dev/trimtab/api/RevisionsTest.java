package dev.trimtab.api;

import static dev.trimtab.api.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.Api.Kind.REVISION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What runs now, as the API server tells it, and what an UPDATE makes of it. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class RevisionsTest extends ApiTest {
    private static final String CRD = "revisions.serving.knative.dev";

    @Test
    @DisplayName("five pods run: a new image starts with six; when the Revision is gone, with one")
    void trafficMatched() {
        cluster.policy(Cluster.DEFAULT_POLICY + "scaling: {initialScale: {onUpdate: TrafficMatched}}\n");
        ObjectNode service = cluster.api.create(
                KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "hello", "", "example/hello:1")));
        assertThat(Models.scale(service)).containsEntry("initial", "1");
        createRevision("hello-00001", service.at("/spec/template/spec"));
        assertThat(running()).isEmpty();
        report("hello-00001", 5);
        Eventually.holds("five pods", () -> running().equals(OptionalInt.of(5)));

        ObjectNode changed = cluster.api.update(KNATIVE_SERVICE, withImage(service, "example/hello:2"));
        assertThat(Models.scale(changed)).containsEntry("initial", "6");
        assertThat(Models.generation(changed)).isEqualTo(2);
        report("hello-00001", 9);
        Eventually.holds("nine pods", () -> running().equals(OptionalInt.of(9)));
        changed.withObject("/metadata/labels").put("team", "search");
        ObjectNode labelled = cluster.api.update(KNATIVE_SERVICE, changed);
        assertThat(Models.generation(labelled)).isEqualTo(2);

        cluster.admin.raw(REVISION.path(namespace) + "/hello-00001", "DELETE", null);
        Eventually.holds("forgotten", () -> running().isEmpty());
    }

    @Test
    @DisplayName("back to a Revision that its author had named: exactly the pod spec that is stored")
    void rollback() {
        profile(400);
        ObjectNode service = cluster.api.create(KNATIVE_SERVICE, named("hello-blue", "example/hello:1"));
        JsonNode blue = service.at("/spec/template/spec");
        assertThat(blue.path("timeoutSeconds").asInt()).isEqualTo(480);
        createRevision("hello-blue", blue);
        Eventually.holds("it is known", () -> settings.get()
                .revisions()
                .podSpec(namespace, "hello", "hello-blue")
                .isPresent());
        service = cluster.api.update(KNATIVE_SERVICE, withTemplate(service, named("hello-green", "example/hello:2")));
        assertThat(service.at("/spec/template/spec/timeoutSeconds").asInt())
                .as("no Revision of this name is known, and one could be there")
                .isEqualTo(300);

        profile(450);
        service = cluster.api.update(KNATIVE_SERVICE, withTemplate(service, named("hello-blue", "example/hello:1")));
        assertThat((Object) service.at("/spec/template/spec"))
                .isEqualTo(cluster.api.get(REVISION, namespace, "hello-blue").at("/spec"));
    }

    @Test
    @DisplayName("the CRD goes away and comes back: ready all the time, and what comes then is followed")
    void crdComesLater() {
        var crds = cluster.admin.apiextensions().v1().customResourceDefinitions();
        CustomResourceDefinition crd = crds.withName(CRD).get();
        var unused = crds.withName(CRD).delete();
        Eventually.holds("it is gone", () -> crds.withName(CRD).get() == null);
        assertThat(get("/health/ready")).contains("\"status\": \"UP\"");
        cluster.api.create(KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "hello", "")));

        crd.getMetadata().setResourceVersion(null);
        crd.getMetadata().setUid(null);
        crd.setStatus(null);
        cluster.admin.resource(crd).create();
        Eventually.holds("a Revision is taken", () -> {
            createRevision("hello-00001", Api.yaml("{containers: [{image: \"example/hello:1\"}]}"));
            return true;
        });
        report("hello-00001", 3);
        Eventually.holds("three pods", () -> running().equals(OptionalInt.of(3)));
    }

    private void profile(int maxResponseSeconds) {
        cluster.policy(Cluster.DEFAULT_POLICY
                + "profiles: [{name: llm, maxResponseSeconds: %d}]\n".formatted(maxResponseSeconds));
    }

    private OptionalInt running() {
        return settings.get().revisions().runningPods(namespace, "hello");
    }

    private void createRevision(String name, JsonNode podSpec) {
        ObjectNode revision = Api.yaml("""
                apiVersion: serving.knative.dev/v1
                kind: Revision
                metadata:
                  name: %s
                  namespace: %s
                  labels:
                    serving.knative.dev/service: hello
                    serving.knative.dev/configuration: hello
                    serving.knative.dev/routingState: active
                """.formatted(name, namespace));
        revision.set("spec", podSpec);
        cluster.api.create(REVISION, revision);
    }

    private void report(String name, int pods) {
        ObjectNode revision = cluster.api.get(REVISION, namespace, name);
        revision.withObject("/status").put("actualReplicas", pods);
        cluster.admin.raw(REVISION.path(namespace) + "/" + name + "/status", "PUT", revision.toString());
    }

    private ObjectNode withImage(ObjectNode service, String image) {
        return withTemplate(service, Api.yaml(Models.knativeService(namespace, "hello", "", image)));
    }

    private static ObjectNode withTemplate(ObjectNode service, ObjectNode other) {
        ObjectNode changed = service.deepCopy();
        changed.withObject("/spec").set("template", other.at("/spec/template"));
        return changed;
    }

    /** Service links are what Knative fills on CREATE only, and kubectl apply keeps. */
    private ObjectNode named(String revision, String image) {
        ObjectNode service = Api.yaml(Models.knativeService(namespace, "hello", "", image));
        service.withObject("/spec/template/spec").put("enableServiceLinks", false);
        service.withObject("/spec/template/metadata").put("name", revision);
        return service;
    }
}
