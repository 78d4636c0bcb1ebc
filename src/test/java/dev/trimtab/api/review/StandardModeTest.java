package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeStandardMode;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The Deployments of KServe's Standard mode: filled once, and no reconcile ever starts new pods. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StandardModeTest extends ApiTest {
    private static final int ROUNDS = 10;
    private static final String PROFILE = """
            profiles:
              - name: llm
                template: {annotations: {example.com/pool: gpu}, labels: {example.com/pool: gpu}}""";

    @Test
    @DisplayName(
            "filled at CREATE; ten dry-runs of KServe with the policy changed come out as stored, and nothing is written")
    void tenRounds() {
        policy(PROFILE);
        ObjectNode rendered = FakeStandardMode.rendered(namespace, "iris", "example/sklearn:1");
        kserve().reconcile(rendered);
        ObjectNode first = stored("iris");
        assertThat(pool(first)).isEqualTo("gpu");
        assertThat(Models.generation(first)).isEqualTo(1);

        rounds(rendered, first);
    }

    @Test
    @DisplayName("a new image: one new generation through KServe's strategic merge patch, then the same for ten rounds")
    void newImage() {
        policy(PROFILE);
        kserve().reconcile(FakeStandardMode.rendered(namespace, "iris", "example/sklearn:1"));
        ObjectNode rendered = FakeStandardMode.rendered(namespace, "iris", "example/sklearn:2");
        assertThat(kserve().reconcile(rendered)).isTrue();
        ObjectNode changed = stored("iris");
        assertThat(changed.at("/spec/template/spec/containers/0/image").asText())
                .isEqualTo("example/sklearn:2");
        assertThat(pool(changed)).isEqualTo("gpu");
        assertThat(Models.generation(changed)).isEqualTo(2);

        rounds(rendered, changed);
    }

    @Test
    @DisplayName("kept up by somebody, then no longer: KServe finds nothing to write, and the generation stays")
    void kept() {
        policy(PROFILE);
        ObjectNode rendered = FakeStandardMode.rendered(namespace, "iris", "example/sklearn:1");
        kserve().reconcile(rendered);
        ObjectNode first = stored("iris");
        ObjectNode kept = rendered.deepCopy();
        for (String at : List.of("/metadata/annotations", "/spec/template/metadata/annotations")) {
            kept.withObject(at).put("trimtab.dev/keep", "up").put("trimtab.dev/keep-until", "2999-01-01T00:00:00Z");
        }
        for (ObjectNode sent : List.of(kept, rendered, kept)) {
            assertThat(kserve().reconcile(sent)).isFalse();
            assertThat(stored("iris")).isEqualTo(first);
        }
        // With a change of the author they come along, and stay out of the template all the same.
        ((ObjectNode) kept.at("/spec/template/spec/containers/0")).put("image", "example/sklearn:2");
        assertThat(kserve().reconcile(kept)).isTrue();
        assertThat(Models.generation(stored("iris"))).isEqualTo(2);
        assertThat(stored("iris").at("/spec/template/metadata/annotations").has("trimtab.dev/keep"))
                .isFalse();
        assertThat(kserve().reconcile(kept)).isFalse();
    }

    @Test
    @DisplayName("the fake can fail: filled on CREATE only, the next reconcile starts new pods without it")
    void onlyAtCreate() {
        policy(PROFILE);
        ObjectNode rendered = FakeStandardMode.rendered(namespace, "iris", "example/sklearn:1");
        kserve().reconcile(rendered);
        cluster.removeTrimtab();

        assertThat(kserve().reconcile(rendered)).isTrue();
    }

    @Test
    @DisplayName("a Deployment of a Revision has KServe's labels too, and is never touched")
    void ofKnative() {
        policy(PROFILE);
        ObjectNode rendered = FakeStandardMode.rendered(namespace, "iris", "example/sklearn:1");
        rendered.withObject("/metadata/labels").put("serving.knative.dev/revision", "iris-predictor-00001");
        kserve().reconcile(rendered);

        assertThat(pool(stored("iris"))).isEmpty();
    }

    private void rounds(ObjectNode rendered, ObjectNode expected) {
        List<String> policies = List.of("mode: Audit", PROFILE.replace("gpu", "cpu"), "", PROFILE);
        for (int round = 0; round < ROUNDS; round++) {
            policy(policies.get(round % policies.size()));
            assertThat(kserve().reconcile(rendered)).as("round %d", round).isFalse();
            assertThat(stored("iris")).as("round %d", round).isEqualTo(expected);
        }
    }

    private FakeStandardMode kserve() {
        return new FakeStandardMode(cluster.api, cluster.api.client());
    }

    private ObjectNode stored(String name) {
        return Models.authored(cluster.api.get(DEPLOYMENT, namespace, name + "-predictor"));
    }

    private static String pool(ObjectNode deployment) {
        return deployment.at("/spec/template/metadata/labels/example.com~1pool").asText();
    }

    private void policy(String more) {
        cluster.policy(Cluster.DEFAULT_POLICY + more + "\n");
    }
}
