package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
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

/**
 * What is filled in the pods of KServe's Standard mode goes through a real API server, which has its own defaults for
 * Deployments, and through KServe's strategic merge patch, which never takes an entry out.
 */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StandardModePodsTest extends ApiTest {
    private static final int ROUNDS = 10;
    private static final String HTTP = profile("httpGet: {path: \"/v1/models/{name}\"}", "tcpSocket: {port: 9000}");
    private static final String OTHER = profile("exec: {command: [ready]}", "httpGet: {path: /alive}");
    private static final List<String> LATER =
            List.of("", "mode: Audit", "gpu: {dialect: volcano}\n" + OTHER, "mode: Audit\n" + HTTP, OTHER);
    private static final String DATASET = "trimtab.dev/dataset";

    @Test
    @DisplayName(
            "probes, a dataset, aliyun's GPU memory and metadata: filled once, the same for ten rounds, then for ten"
                    + " more after a new image")
    void aliyun() {
        policy("gpu: {dialect: aliyun}\n" + HTTP);
        ObjectNode rendered = rendered("example/llm:1");
        ObjectNode first = created(rendered);
        JsonNode container = container(first);
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/v1/models/iris");
        assertThat(container.path("readinessProbe").has("tcpSocket")).isFalse();
        assertThat(container.at("/livenessProbe/tcpSocket/port").asInt()).isEqualTo(9000);
        assertThat(container.at("/startupProbe/exec/command/0").asText()).isEqualTo("started");
        assertThat(container.at("/resources/limits/aliyun.com~1gpu-mem").asText())
                .isEqualTo("12");
        assertThat(container.at("/volumeMounts/0/mountPath").asText()).isEqualTo("/models");
        assertThat(first.at("/spec/template/spec/volumes/0/persistentVolumeClaim/claimName")
                        .asText())
                .isEqualTo("llama");
        assertThat(first.at("/spec/template/metadata/labels/example.com~1pool").asText())
                .isEqualTo("gpu");
        tenQuietRounds(rendered, first);

        policy("gpu: {dialect: aliyun}\n" + HTTP);
        ObjectNode again = rendered("example/llm:2");
        ObjectNode second = changed(again, 2);
        assertThat(((ObjectNode) container(second)).put("image", "example/llm:1"))
                .isEqualTo(container);
        tenQuietRounds(again, stored());
    }

    @Test
    @DisplayName("HAMi's GPU memory, probes of other handlers: the same")
    void hami() {
        policy("gpu: {dialect: hami}\n" + OTHER);
        ObjectNode rendered = rendered("example/llm:1");
        ObjectNode first = created(rendered);
        JsonNode limits = container(first).at("/resources/limits");
        assertThat(limits.path("nvidia.com/gpumem").asText()).isEqualTo("12288");
        assertThat(limits.path("nvidia.com/gpu").asText()).isEqualTo("1");
        tenQuietRounds(rendered, first);

        // The policy is another one by then: what was filled stays, since KServe's patch takes nothing out.
        policy("");
        ObjectNode again = rendered("example/llm:2");
        ObjectNode second = changed(again, 2);
        assertThat(container(second).path("livenessProbe"))
                .isEqualTo(container(first).path("livenessProbe"));
        tenQuietRounds(again, second);
    }

    @Test
    @DisplayName(
            "an author's liveness probe of another handler, where ours with its delay was filled: theirs alone is left")
    void ownLiveness() {
        policy(HTTP.replaceAll("startup: .*", "") + "    startupSeconds: 60\n");
        ObjectNode first = created(rendered("example/llm:1"));
        assertThat(container(first).at("/livenessProbe/initialDelaySeconds").asInt())
                .isEqualTo(120);

        ownProbe("livenessProbe", "{exec: {command: [alive]}, periodSeconds: 7}");
    }

    @Test
    @DisplayName("an author's liveness probe of the same handler: the delay that we had filled is gone as well")
    void ownLivenessOfTheSameHandler() {
        policy(HTTP.replaceAll("startup: .*", "") + "    startupSeconds: 60\n");
        created(rendered("example/llm:1"));

        ownProbe("livenessProbe", "{tcpSocket: {port: 9001}}");
    }

    @Test
    @DisplayName("an author's readiness probe, where ours stood in the place of KServe's default: theirs alone is left")
    void ownReadiness() {
        policy(HTTP);
        created(rendered("example/llm:1"));

        ownProbe("readinessProbe", "{exec: {command: [ready]}}");
    }

    @Test
    @DisplayName("another dataset: the volume and the mount of the old one are gone, in one generation")
    void otherDataset() {
        policy(HTTP);
        created(rendered("example/llm:1"));
        ObjectNode rendered = annotated(rendered("example/llm:1"), "qwen:/qwen");
        ObjectNode changed = changed(rendered, 2);
        JsonNode pod = changed.at("/spec/template/spec");
        assertThat(pod.path("volumes")).hasSize(1);
        assertThat(pod.at("/volumes/0/name").asText()).isEqualTo("dataset-qwen");
        assertThat(container(changed).path("volumeMounts")).hasSize(1);
        assertThat(container(changed).at("/volumeMounts/0/mountPath").asText()).isEqualTo("/qwen");
        tenQuietRounds(rendered, changed);
    }

    /**
     * KServe's patch never takes an annotation away, with or without Trimtab: it is sent at each reconcile, says nothing
     * new, and starts no pods. The dataset stays mounted.
     */
    @Test
    @DisplayName("without its dataset annotation the Deployment stays as stored, however often KServe patches it")
    void noDataset() {
        policy(HTTP);
        ObjectNode first = created(rendered("example/llm:1"));
        patchedInVain(annotated(rendered("example/llm:1"), null), first);
    }

    @Test
    @DisplayName("nor does KServe alone ever take an annotation away")
    void noAnnotationWithoutTrimtab() {
        cluster.removeTrimtab();
        ObjectNode first = created(rendered("example/llm:1"));
        patchedInVain(annotated(rendered("example/llm:1"), null), first);
    }

    private void patchedInVain(ObjectNode rendered, ObjectNode first) {
        kserve().reconcile(rendered);
        // The first patch makes its sender a manager of the fields; nothing else.
        ObjectNode patched = stored();
        assertThat(patched.path("spec")).isEqualTo(first.path("spec"));
        assertThat(patched.at("/metadata/annotations")).isEqualTo(first.at("/metadata/annotations"));
        assertThat(Models.generation(patched)).isEqualTo(1);
        for (int round = 0; round < ROUNDS; round++) {
            policy(LATER.get(round % LATER.size()).replace("example.com/pool: gpu", "example.com/team: a"));
            assertThat(kserve().reconcile(rendered)).as("KServe sends a patch").isTrue();
            assertThat(stored()).as("round %d", round).isEqualTo(patched);
        }
    }

    private void ownProbe(String field, String probe) {
        ObjectNode rendered = rendered("example/llm:1");
        ((ObjectNode) container(rendered)).set(field, Api.yaml(probe));
        ObjectNode expected = cluster.api.dryRunUpdate(DEPLOYMENT, rendered);

        ObjectNode changed = changed(rendered, 2);

        assertThat(container(changed).path(field)).isEqualTo(container(expected).path(field));
        assertThat(container(changed).path(field))
                .containsAll(container(rendered).path(field));
        tenQuietRounds(rendered, changed);
    }

    private ObjectNode created(ObjectNode rendered) {
        assertThat(kserve().reconcile(rendered)).isTrue();
        ObjectNode stored = stored();
        assertThat(Models.generation(stored)).isEqualTo(1);
        return stored;
    }

    /** After one reconcile of what its author changed. */
    private ObjectNode changed(ObjectNode rendered, int generation) {
        assertThat(kserve().reconcile(rendered)).isTrue();
        ObjectNode stored = stored();
        assertThat(Models.generation(stored)).isEqualTo(generation);
        return stored;
    }

    private void tenQuietRounds(ObjectNode rendered, ObjectNode expected) {
        for (int round = 0; round < ROUNDS; round++) {
            policy(LATER.get(round % LATER.size()));
            assertThat(kserve().reconcile(rendered)).as("round %d", round).isFalse();
            assertThat(stored()).as("round %d", round).isEqualTo(expected);
        }
    }

    private ObjectNode rendered(String image) {
        return annotated(FakeStandardMode.rendered(namespace, "iris", image), "llama:/models");
    }

    private static ObjectNode annotated(ObjectNode rendered, String dataset) {
        for (String at : List.of("/metadata/annotations", "/spec/template/metadata/annotations")) {
            ObjectNode annotations = rendered.withObject(at);
            annotations.remove(DATASET);
            if (dataset != null) {
                annotations.put(DATASET, dataset);
            }
        }
        return rendered;
    }

    private static JsonNode container(ObjectNode deployment) {
        return deployment.at("/spec/template/spec/containers/0");
    }

    private FakeStandardMode kserve() {
        return new FakeStandardMode(cluster.api, cluster.api.client());
    }

    private ObjectNode stored() {
        return Models.authored(cluster.api.get(DEPLOYMENT, namespace, "iris-predictor"));
    }

    private static String profile(String readiness, String liveness) {
        return """
                profiles:
                  - name: llm
                    gpuMemory: 12Gi
                    probes:
                      readiness: {%s}
                      liveness: {%s}
                      startup: {exec: {command: [started]}}
                    template: {annotations: {example.com/pool: gpu}, labels: {example.com/pool: gpu}}
                """.formatted(readiness, liveness);
    }

    private void policy(String more) {
        cluster.policy(Cluster.DEFAULT_POLICY + more + "\n");
    }
}
