package dev.trimtab.autoscalers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.autoscalers.ClusterView.Workload;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.YamlStream;
import java.math.BigDecimal;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterViewTest {
    @Test
    @DisplayName("a Deployment: who owns it, its GPUs, its start-up time on itself before that of its template")
    void workloads() {
        String containers = "containers: [{name: main, resources: {limits: {nvidia.com/gpu: 2}}}]";
        String template = "template: {metadata: {annotations: {trimtab.dev/startup-seconds: \"90\"}}, spec: {%s}}";

        assertThat(ClusterView.workload(deployment("", template.formatted(containers))))
                .contains(new Workload(
                        "", new GpuCount(Map.of("nvidia.com/gpu", BigDecimal.valueOf(2))), OptionalInt.of(90)));
        assertThat(ClusterView.workload(deployment(
                        "annotations: {trimtab.dev/startup-seconds: \"120\"}, labels: {serving.kserve.io/inferenceservice: iris}",
                        template.formatted("containers: [{name: main}]"))))
                .contains(new Workload("InferenceService iris", GpuCount.NONE, OptionalInt.of(120)));
        assertThat(ClusterView.workload(deployment(
                        "labels: {serving.kserve.io/inferenceservice: iris}, ownerReferences: [{apiVersion:"
                                + " serving.knative.dev/v1, kind: Revision, name: iris-00001}]",
                        "template: {}")))
                .as("Knative gives its Deployments KServe's label")
                .contains(new Workload("Knative Revision iris-00001", GpuCount.NONE, OptionalInt.empty()));
        assertThat(ClusterView.workload(
                        deployment("labels: {app: web}", "template: {spec: {containers: [{name: a}]}}")))
                .as("most of a cluster's say nothing, and are not kept")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hard: {requests.nvidia.com/gpu: \"8\", requests.cpu: \"4\"}                | {nvidia.com/gpu=8}",
                "hard: {requests.nvidia.com/gpu: 0}                                       | {nvidia.com/gpu=0}",
                "hard: {pods: \"3\"}                                                        | {}",
                "hard: {requests.nvidia.com/gpu: \"8\"}, scopes: [BestEffort]               | {}",
                "hard: {requests.nvidia.com/gpu: \"8\"}, scopeSelector: {matchExpressions: [{scopeName: PriorityClass}]} | {}"
            })
    @DisplayName("a ResourceQuota: its GPUs, none is a limit too; one of some pods only is left out")
    void quotas(String spec, String expected) {
        Manifest quota = manifest("kind: ResourceQuota\nmetadata: {name: gpus, namespace: ml}\nspec: {" + spec + "}\n");
        assertThat(ClusterView.quota(quota)).hasToString(expected);
    }

    @Test
    @DisplayName("a PodAutoscaler: what the checks read, and not the copy that kubectl keeps")
    void autoscaler() {
        Manifest object = manifest("""
                apiVersion: autoscaling.aibrix.ai/v1alpha1
                kind: PodAutoscaler
                metadata:
                  name: llama
                  namespace: ml
                  annotations: {a: b, kubectl.kubernetes.io/last-applied-configuration: "{}"}
                  managedFields: [{manager: kubectl}]
                spec: {maxReplicas: 3}
                status: {actualScale: 2}
                """);

        assertThat(ClusterView.autoscaler(object).root().toString())
                .isEqualTo("{\"apiVersion\":\"autoscaling.aibrix.ai/v1alpha1\",\"kind\":\"PodAutoscaler\",\"metadata\":"
                        + "{\"name\":\"llama\",\"namespace\":\"ml\",\"annotations\":{\"a\":\"b\"}},"
                        + "\"spec\":{\"maxReplicas\":3}}");
        assertThat(object.annotations().map().size())
                .as("the object itself stays")
                .isEqualTo(2);
    }

    @Test
    @DisplayName("an event that tells nothing new copies nothing; another copies its own namespace only")
    void copies() {
        Manifest llama = deployment("labels: {serving.kserve.io/inferenceservice: llama}", "template: {}");
        Manifest silent = manifest("{kind: Deployment, metadata: {name: web, namespace: ml}}");
        Manifest elsewhere = manifest("{kind: Deployment, metadata: {name: iris, namespace: other, labels:"
                + " {serving.kserve.io/inferenceservice: iris}}}");
        ClusterView view = ClusterView.UNKNOWN.with(llama);
        assertThat(view.with(llama).with(silent).workloads()).isSameAs(view.workloads());
        assertThat(view.with(elsewhere).workloads().byNamespace().get("ml"))
                .isSameAs(view.workloads().byNamespace().get("ml"));
        assertThat(view.withoutScaler(llama).withoutGpuQuota(llama).withoutAutoscaler("ml", "llama"))
                .isEqualTo(view);
        assertThat(view.withoutWorkload(llama)).isEqualTo(ClusterView.UNKNOWN);
    }

    private static Manifest deployment(String metadata, String spec) {
        String more = metadata.isEmpty() ? "" : ", " + metadata;
        return manifest(
                "kind: Deployment\nmetadata: {name: llama, namespace: ml%s}\nspec: {%s}\n".formatted(more, spec));
    }

    private static Manifest manifest(String yaml) {
        return new Manifest((ObjectNode) YamlStream.read(yaml).get(0).content());
    }
}
