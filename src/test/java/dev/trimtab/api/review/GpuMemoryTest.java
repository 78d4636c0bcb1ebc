package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** GPU memory that Trimtab filled in a container stays, however KServe reconciles and the policy changes. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class GpuMemoryTest extends ApiTest {
    private static final int ROUNDS = 10;
    private static final List<String> LATER = List.of(
            "gpu: {dialect: none}",
            "gpu: {dialect: hami}",
            "gpu: {dialect: aliyun}",
            "gpu: {dialect: kai}",
            "mode: Audit");

    @Test
    @DisplayName("aliyun, from the annotation: the limit is filled, and the same after ten rounds in other dialects")
    void aliyun() {
        policy("gpu: {dialect: aliyun}");
        cluster.api.create(
                INFERENCE_SERVICE,
                Api.yaml(Models.inferenceService(namespace, "llm", "trimtab.dev/gpu-memory: 12Gi", "")));

        tenRoundsChangeNothing(Map.of("aliyun.com/gpu-mem", "12"));
    }

    @Test
    @DisplayName("hami, from a profile: both limits, in the form that Kubernetes itself would write")
    void hami() {
        policy("""
                gpu: {dialect: hami}
                profiles:
                  - name: llm
                    gpuMemory: 8000Mi""");
        cluster.api.create(INFERENCE_SERVICE, Api.yaml(Models.inferenceService(namespace, "llm")));

        tenRoundsChangeNothing(Map.of("nvidia.com/gpumem", "8k", "nvidia.com/gpu", "1"));
    }

    private void tenRoundsChangeNothing(Map<String, String> gpu) {
        ObjectNode first = reconcile();
        Map<String, String> limits = new TreeMap<>();
        first.at("/spec/template/spec/containers/0/resources/limits")
                .properties()
                .forEach(entry -> limits.put(entry.getKey(), entry.getValue().asText()));
        assertThat(limits).containsAllEntriesOf(gpu);
        for (int round = 0; round < ROUNDS; round++) {
            policy(LATER.get(round % LATER.size()));
            assertThat(reconcile()).as("round %d", round).isEqualTo(first);
        }
    }

    private ObjectNode reconcile() {
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "llm");
        return Models.authored(cluster.api.get(KNATIVE_SERVICE, namespace, "llm-predictor"));
    }

    private void policy(String more) {
        cluster.policy(Cluster.DEFAULT_POLICY + more + "\n");
    }
}
