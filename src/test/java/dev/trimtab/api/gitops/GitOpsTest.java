package dev.trimtab.api.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.gitops.GitOpsDiff.Comparison;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Argo CD and Flux show of what Trimtab does, on the API server's own answers; docs/gitops.md says the same. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class GitOpsTest extends ApiTest {
    private static final String INITIAL_SCALE =
            "/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale";
    private static final String POLICY = """
            timeouts: {factor: 1.2}
            profiles:
              - name: all
                startupSeconds: 240
                maxResponseSeconds: 400
                rolloutDuration: 120s
                containerConcurrency: 8
                window: {panicWindowPercentage: 50, scaleDownDelay: 5m}
                probes: {readiness: {httpGet: {path: /health}}, liveness: {httpGet: {path: /health}}}
                gpuMemory: 12Gi
                template: {labels: {example.com/pool: gpu}, annotations: {example.com/cache: warm}}
            """;

    @BeforeEach
    void kserve() {
        cluster.registerKserve();
    }

    @AfterEach
    void withoutKserve() {
        cluster.removeKserve();
    }

    @ParameterizedTest
    @EnumSource(GitOpsTool.class)
    @DisplayName(
            "fills of real manifests: in sync, without drift, and no new generation, whatever the policy says later")
    void fills(GitOpsTool tool) throws IOException {
        List<ObjectNode> manifests = RealManifests.all();
        policy(POLICY);
        GitOpsScene before = GitOpsScene.ignored(cluster, tool, manifests);
        before.sync();
        SortedMap<String, List<String>> without = before.seen();
        assertThat(without.values()).as("KServe's own rewriting, kserve 2232").allSatisfy(it -> assertThat(it)
                .allMatch(at -> at.startsWith("/spec/predictor/")));
        GitOpsScene scene = GitOpsScene.of(cluster, tool, manifests);
        scene.sync();

        assertThat(scene.git())
                .allMatch(it -> scene.live(it).at("/metadata/annotations").has("trimtab.dev/filled"));
        assertThat(scene.seen()).isEqualTo(without);
        scene.sync();
        assertThat(scene.seen()).as("after another sync").isEqualTo(without);
        policy("conflicts: Warn\nscaling: {initialScale: {default: Cluster}}\n");
        assertThat(scene.seen()).as("with another policy").isEqualTo(without);
        scene.sync();
        assertThat(scene.seen()).as("after a sync with another policy").isEqualTo(without);
        assertThat(scene.generations()).containsOnly(1);
    }

    @Test
    @DisplayName(
            "server-side apply without the server-side diff: out of sync by Knative's defaults alone, fills or not")
    void structuredMerge() throws IOException {
        List<ObjectNode> manifests = List.of(
                Api.yaml(Models.knativeService("", "hello", "autoscaling.knative.dev/min-scale: \"1\"")),
                Api.yaml(Models.inferenceService("", "iris")));
        GitOpsScene before = GitOpsScene.ignored(cluster, GitOpsTool.ARGO_SERVER_SIDE, manifests);
        before.sync();
        assertThat(structuredMerge(before))
                .isEqualTo(Map.of(
                        "ARGO_STRUCTURED_MERGE: Service/hello",
                        List.of(
                                "/spec/template/spec/containers/0/name",
                                "/spec/template/spec/containers/0/readinessProbe",
                                "/spec/template/spec/containers/0/resources")));
        GitOpsScene scene = GitOpsScene.of(cluster, GitOpsTool.ARGO_SERVER_SIDE, manifests);
        scene.sync();
        assertThat(structuredMerge(scene)).isEqualTo(structuredMerge(before));
        assertThat(scene.seen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(GitOpsTool.class)
    @DisplayName("a clamp: out of sync for ever by Argo CD's default diff, by no other one; and never a new generation")
    void clamp(GitOpsTool tool) throws IOException {
        GitOpsScene scene = GitOpsScene.of(cluster, tool, List.of(example("hello.yaml")));
        scene.sync();
        assertThat(scene.live().at(INITIAL_SCALE).asText()).isEqualTo("3");
        List<String> shown = tool == GitOpsTool.ARGO ? List.of(INITIAL_SCALE) : List.of();

        for (String more : List.of("", "conflicts: Warn\n", "mode: Audit\n")) {
            policy(more);
            assertThat(scene.seen().values()).as("%s: %s", more, scene.seen()).allMatch(shown::equals);
            assertThat(scene.seen().keySet()).allMatch(it -> it.startsWith("ARGO: "));
            assertThat(scene.seen()).hasSize(shown.size());
            scene.sync();
        }
        assertThat(scene.generations()).containsExactly(1);
        assertThat(scene.seen(ignored(), List.of(Comparison.ARGO)))
                .as("with ignoreDifferences")
                .isEmpty();

        GitOpsScene fixed = scene.with(it ->
                it.withObject("/spec/template/metadata/annotations").put("autoscaling.knative.dev/initial-scale", "3"));
        fixed.sync();
        assertThat(fixed.seen()).as("with what is stored in Git").isEmpty();
        assertThat(fixed.generations()).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource(GitOpsTool.class)
    @DisplayName("an InferenceService whose Knative Service is clamped: nothing to see, it is stored as written")
    void clampOfRendered(GitOpsTool tool) {
        ObjectNode manifest = Api.yaml(Models.inferenceService(
                "", "iris", "autoscaling.knative.dev/initial-scale: \"7\"", ", maxReplicas: 3"));
        GitOpsScene scene = GitOpsScene.of(cluster, tool, List.of(manifest));
        scene.sync();
        cluster.kserve.reconcile(Kind.INFERENCE_SERVICE, scene.namespace(), "iris");

        assertThat(cluster.api
                        .get(Kind.KNATIVE_SERVICE, scene.namespace(), "iris-predictor")
                        .at(INITIAL_SCALE)
                        .asText())
                .isEqualTo("3");
        assertThat(scene.seen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(GitOpsTool.class)
    @DisplayName(
            "an entry in a list that Git has: out of sync by Argo CD's default diff; where Git has no list, in sync")
    void lists(GitOpsTool tool) throws IOException {
        cluster.configure("config-features", Map.of("kubernetes.podspec-persistent-volume-claim", "enabled"));
        GitOpsScene without = GitOpsScene.of(cluster, tool, List.of(withDataset("plain", "", "")));
        without.sync();
        assertThat(without.live().at("/spec/template/spec/volumes")).hasSize(1);
        assertThat(without.seen()).isEmpty();

        GitOpsScene scene = GitOpsScene.of(
                cluster,
                tool,
                List.of(withDataset(
                        "cached",
                        ", volumeMounts: [{name: cache, mountPath: /cache}]",
                        ", volumes: [{name: cache, emptyDir: {}}]")));
        scene.sync();
        assertThat(scene.live().at("/spec/template/spec/volumes")).hasSize(2);
        List<String> lists = List.of("/spec/template/spec/containers/0/volumeMounts", "/spec/template/spec/volumes");
        for (int sync = 0; sync < 2; sync++) {
            // JSON merge patches know lists as a whole only: what Knative has filled in it is shown as well.
            assertThat(scene.seen().values())
                    .hasSize(tool == GitOpsTool.ARGO ? 1 : 0)
                    .allSatisfy(it -> assertThat(it).containsAll(lists));
            assertThat(scene.seen().keySet()).allMatch(it -> it.startsWith("ARGO: "));
            scene.sync();
        }
        assertThat(scene.seen(ignored(), List.of(Comparison.ARGO)))
                .as("with ignoreDifferences")
                .isEmpty();
        GitOpsScene fixed = scene.with(it -> it.withObject("/spec/template/spec")
                .setAll((ObjectNode) scene.live().at("/spec/template/spec")));
        fixed.sync();
        assertThat(fixed.seen()).as("with what is stored in Git").isEmpty();
        assertThat(fixed.generations()).containsExactly(1);
    }

    private static Map<String, List<String>> structuredMerge(GitOpsScene scene) {
        return scene.seen(List.of(), List.of(Comparison.ARGO_STRUCTURED_MERGE));
    }

    /** As the recipe has it. */
    private static List<String> ignored() throws IOException {
        List<String> pointers = new ArrayList<>();
        Api.yaml(Files.readString(Path.of("deploy", "gitops", "argocd", "ignore-clamps.yaml")))
                .at("/spec/ignoreDifferences/0/jsonPointers")
                .forEach(it -> pointers.add(it.asText()));
        return pointers;
    }

    private static ObjectNode withDataset(String name, String ofContainer, String ofPod) {
        return Api.yaml("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: %s}
                spec:
                  template:
                    metadata: {annotations: {trimtab.dev/dataset: llama}}
                    spec: {containers: [{image: example/llm:1%s}]%s}
                """.formatted(name, ofContainer, ofPod));
    }

    private static ObjectNode example(String file) throws IOException {
        return Api.yaml(Files.readString(Path.of("docs", "examples", file)));
    }

    private void policy(String more) {
        cluster.policy(Cluster.DEFAULT_POLICY + more);
    }
}
