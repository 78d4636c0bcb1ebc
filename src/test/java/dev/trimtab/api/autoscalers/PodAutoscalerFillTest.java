package dev.trimtab.api.autoscalers;

import static dev.trimtab.api.cluster.Api.Kind.POD_AUTOSCALER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Kubectl.Printed;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is filled in a PodAutoscaler, as the API server stores it. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class PodAutoscalerFillTest extends ApiTest {
    private static final String CRD = "podautoscalers.autoscaling.aibrix.ai";
    private static final String STARTUP = "trimtab.dev/startup-seconds";
    private static final String WINDOW = "observeWindowSeconds";

    private Autoscalers autoscalers;

    @BeforeEach
    void inThisNamespace() {
        autoscalers = new Autoscalers(cluster, settings, namespace);
        autoscalers.removeAll();
        Eventually.holds("the CRD is known", () -> autoscalers.known().hasWindowFields());
    }

    @Test
    @DisplayName(
            "the target's apiVersion and the window: dry-run as real, the same again, nothing new on a second apply")
    void fills() {
        ObjectNode written = slow("llama");
        written.withObject("/spec/scaleTargetRef").remove("apiVersion");

        ObjectNode dryRun = cluster.api.dryRunCreate(POD_AUTOSCALER, written);
        Printed first = cluster.kubectl.apply(written.toString());
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.warnings()).containsExactly("trimtab: filled apiVersion=apps/v1, observeWindowSeconds=400");

        ObjectNode stored = autoscalers.get("llama");
        assertThat(stored.at("/spec/scaleTargetRef/apiVersion").asText()).isEqualTo("apps/v1");
        assertThat(stored.at("/spec/" + WINDOW).asInt()).isEqualTo(400);
        assertThat(dryRun.path("spec")).isEqualTo(stored.path("spec"));
        assertThat(filled(dryRun)).isEqualTo(filled(stored));

        assertThat(cluster.kubectl.apply(written.toString()).out()).contains("unchanged");
        cluster.policy(Cluster.DEFAULT_POLICY + "profiles: [{name: slow, match: {}, startupSeconds: 500}]\n");
        ObjectNode replaced = written.deepCopy();
        replaced.set("metadata", stored.path("metadata").deepCopy());
        assertThat(cluster.api.update(POD_AUTOSCALER, replaced).path("spec")).isEqualTo(stored.path("spec"));
        assertThat(autoscalers.get("llama").at("/metadata/generation").asInt()).isEqualTo(1);
    }

    @Test
    @DisplayName("what its Deployment promises counts, and what the author wrote stays")
    void startupOfTheDeployment() {
        autoscalers.deployment("llama", "annotations: {" + STARTUP + ": \"150\"}", 1);
        assertThat(window(autoscalers.create(autoscalers.sound("llama", "llama"))))
                .isEqualTo(300);

        autoscalers.delete("llama");
        ObjectNode own = autoscalers.sound("llama", "llama");
        own.withObject("/spec").put(WINDOW, 240);
        Printed applied = cluster.kubectl.apply(own.toString());
        assertThat(applied.warnings())
                .containsExactly(
                        "trimtab: spec.observeWindowSeconds: 240 s is below twice the 150 s that a pod takes to"
                                + " start: pods are asked for twice; write 300 (A20)");
        assertThat(window(autoscalers.get("llama"))).isEqualTo(240);
    }

    @Test
    @DisplayName("an AIBrix whose CRD has no windows gets none; one that is upgraded does")
    void olderAibrix() {
        JsonNode upgraded = crd();
        ObjectNode older = upgraded.deepCopy();
        ((ObjectNode) older.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties")).remove(WINDOW);
        replace(older);
        try {
            Eventually.holds("Trimtab knows", () -> !autoscalers.known().hasWindowFields());
            assertThat(autoscalers.create(slow("older")).path("spec").has(WINDOW))
                    .isFalse();
        } finally {
            replace(upgraded);
        }
        Eventually.holds("Trimtab knows", () -> autoscalers.known().hasWindowFields());
        Eventually.holds(
                "the API server keeps it",
                () -> window(cluster.api.dryRunCreate(POD_AUTOSCALER, slow("newer"))) == 400);
    }

    @Test
    @DisplayName("dead annotations are written where they are read, if the policy wants it")
    void deadKeys() {
        ObjectNode sample = autoscalers.sound("llama", "llama");
        sample.withObject("/metadata/annotations")
                .put("kpa.autoscaling.aibrix.ai/scale-down-delay", "5m")
                .put("apa.autoscaling.aibrix.ai/window", "90s");
        assertThat(cluster.api.dryRunCreate(POD_AUTOSCALER, sample).at("/metadata/annotations"))
                .isEqualTo(sample.at("/metadata/annotations"));

        cluster.policy(Cluster.DEFAULT_POLICY + "aibrix: {rewriteDeadKeys: true}\n");
        Printed applied = cluster.kubectl.apply(sample.toString());

        assertThat(applied.warnings())
                .singleElement()
                .asString()
                .startsWith("trimtab: filled ")
                .contains(WINDOW + "=90", "scale-down-cooldown-window=5m");
        ObjectNode stored = autoscalers.get("llama");
        assertThat(window(stored)).isEqualTo(90);
        JsonNode annotations = stored.at("/metadata/annotations");
        assertThat(annotations
                        .path("autoscaling.aibrix.ai/scale-down-cooldown-window")
                        .asText())
                .isEqualTo("5m");
        assertThat(annotations
                        .path("kpa.autoscaling.aibrix.ai/scale-down-delay")
                        .asText())
                .isEqualTo("5m");
        assertThat(cluster.kubectl.apply(sample.toString()).out()).contains("unchanged");
    }

    private ObjectNode slow(String name) {
        ObjectNode autoscaler = autoscalers.sound(name, name);
        autoscaler.withObject("/metadata/annotations").put(STARTUP, "200");
        return autoscaler;
    }

    private static int window(ObjectNode autoscaler) {
        return autoscaler.at("/spec/" + WINDOW).asInt();
    }

    private static String filled(ObjectNode autoscaler) {
        return autoscaler.at("/metadata/annotations").path("trimtab.dev/filled").asText();
    }

    private JsonNode crd() {
        return Api.json(cluster.admin.raw("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + CRD));
    }

    /** Whatever its version is by now. */
    private void replace(JsonNode wanted) {
        ObjectNode crd = (ObjectNode) crd();
        crd.set("spec", wanted.path("spec"));
        String unused = cluster.admin.raw(
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + CRD, "PUT", crd.toString());
    }
}
