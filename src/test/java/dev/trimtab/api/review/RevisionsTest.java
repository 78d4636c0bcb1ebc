package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.REVISION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
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
    private static final String FIVE = "autoscaling.knative.dev/min-scale: \"5\"";

    @Test
    @DisplayName("five pods run: a new image starts with six; when the service is gone, nothing is known of it")
    void trafficMatched() {
        cluster.policy(Cluster.DEFAULT_POLICY + "scaling: {initialScale: {onUpdate: TrafficMatched}}\n");
        ObjectNode service = cluster.api.create(
                KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "hello", FIVE, "example/hello:1")));
        assertThat(Models.scale(service)).containsEntry("initial", "5");
        Eventually.holds("five pods", () -> running().equals(OptionalInt.of(5)));

        ObjectNode changed = change(Models.knativeService(namespace, "hello", FIVE, "example/hello:2"));
        assertThat(Models.scale(changed)).containsEntry("initial", "6");
        assertThat(Models.generation(changed)).isEqualTo(2);
        Eventually.holds("six pods", () -> running().equals(OptionalInt.of(6)));
        ObjectNode labelled =
                cluster.api.change(KNATIVE_SERVICE, namespace, "hello", it -> it.withObject("/metadata/labels")
                        .put("team", "search"));
        assertThat(Models.generation(labelled)).isEqualTo(2);

        cluster.api.delete(KNATIVE_SERVICE, namespace, "hello");
        Eventually.holds("forgotten", () -> running().isEmpty());
    }

    @Test
    @DisplayName("back to a Revision that its author had named: exactly the pod spec that is stored")
    void rollback() {
        profile(400);
        ObjectNode service = cluster.api.create(KNATIVE_SERVICE, Api.yaml(named("hello-blue", "example/hello:1")));
        assertThat(service.at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(480);
        Eventually.holds("it is known", () -> settings.get()
                .revisions()
                .podSpec(namespace, "hello", "hello-blue")
                .isPresent());
        service = change(named("hello-green", "example/hello:2"));
        assertThat(service.at("/spec/template/spec/timeoutSeconds").asInt())
                .as("no Revision of this name is known, and one could be there")
                .isEqualTo(300);
        Eventually.holds(
                "it is there",
                () -> cluster.api.find(REVISION, namespace, "hello-green").isPresent());

        profile(450);
        service = change(named("hello-blue", "example/hello:1"));
        assertThat((Object) service.at("/spec/template/spec"))
                .isEqualTo(cluster.api.get(REVISION, namespace, "hello-blue").at("/spec"));
    }

    private void profile(int maxResponseSeconds) {
        cluster.policy(Cluster.DEFAULT_POLICY
                + "profiles: [{name: llm, maxResponseSeconds: %d}]\n".formatted(maxResponseSeconds));
    }

    private OptionalInt running() {
        return settings.get().revisions().runningPods(namespace, "hello");
    }

    /** The author's template in the place of the stored one. */
    private ObjectNode change(String yaml) {
        ObjectNode other = Api.yaml(yaml);
        return cluster.api.change(KNATIVE_SERVICE, namespace, "hello", it -> it.withObject("/spec")
                .set("template", other.at("/spec/template")));
    }

    /** Service links are what Knative fills on CREATE only, and kubectl apply keeps. */
    private String named(String revision, String image) {
        ObjectNode service = Api.yaml(Models.knativeService(namespace, "hello", "", image));
        service.withObject("/spec/template/spec").put("enableServiceLinks", false);
        service.withObject("/spec/template/metadata").put("name", revision);
        return service.toString();
    }
}
