package dev.trimtab.api.autoscalers;

import static dev.trimtab.api.cluster.Api.Kind.HORIZONTAL_POD_AUTOSCALER;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.POD_AUTOSCALER;
import static dev.trimtab.api.cluster.Api.Kind.RESOURCE_QUOTA;
import static dev.trimtab.api.cluster.Api.Kind.SCALED_OBJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Installation;
import dev.trimtab.api.cluster.Kubectl.Printed;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.autoscalers.ClusterView;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PodAutoscalers of AIBrix as a user applies them: what is refused, what is warned of, beside what else is on the cluster. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class PodAutoscalerTest extends ApiTest {

    private Autoscalers autoscalers;

    @BeforeEach
    void inThisNamespace() {
        autoscalers = new Autoscalers(cluster, settings, namespace);
        autoscalers.removeAll();
    }

    @Test
    @DisplayName("AIBrix's own samples are all taken, with exactly the warnings that they deserve")
    void samples() throws IOException {
        Map<String, List<String>> said = new TreeMap<>();
        try (Stream<Path> files = Files.list(Installation.corpus().resolve("aibrix"))) {
            for (Path file : files.toList()) {
                // They are alternatives: several are about one Deployment.
                String own = cluster.newNamespace(Map.of());
                String sample =
                        autoscalersOf(Files.readString(file)).replace("namespace: default", "namespace: " + own);
                Printed applied = cluster.kubectl.apply(sample);
                assertThat(applied.exitCode()).as(applied.err()).isZero();
                said.put(file.getFileName().toString(), applied.warnings());
            }
        }
        List<String> apa = List.of(
                dead("apa.autoscaling.aibrix.ai/window", "spec.observeWindowSeconds, in seconds"),
                dead("autoscaling.aibrix.ai/down-fluctuation-tolerance", "autoscaling.aibrix.ai/scale-down-tolerance"),
                dead("autoscaling.aibrix.ai/up-fluctuation-tolerance", "autoscaling.aibrix.ai/scale-up-tolerance"));
        String delay =
                dead("kpa.autoscaling.aibrix.ai/scale-down-delay", "autoscaling.aibrix.ai/scale-down-cooldown-window");
        assertThat(said)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "autoscaling__apa-resource.yaml",
                        apa,
                        "autoscaling__external-metrics-apa.yaml",
                        apa,
                        "autoscaling__hpa.yaml",
                        List.of(
                                "trimtab: spec.metricsSources[0].targetValue: gpu_cache_usage_perc is a ratio from 0 to 1"
                                        + " and never gets there: for 50 percent write \"0.5\" (A15)"),
                        "autoscaling__multimetrics-apa.yaml",
                        apa,
                        "autoscaling__scheduled-bounds-apa.yaml",
                        List.of(),
                        "autoscaling__stormservice-replica.yaml",
                        List.of(unknown("prefill_queue_length")),
                        "heterogeneous__deepseek-coder-7b-l20-podautoscaler.yaml",
                        List.of(
                                unknown("vllm:deployment_replicas"),
                                "trimtab: spec.minReplicas: 0 takes effect only with annotation"
                                        + " autoscaling.aibrix.ai/scale-to-zero: \"true\"; without it the last replica"
                                        + " stays (A11)",
                                delay),
                        "volcano-engine__autoscaler.yaml",
                        List.of(
                                delay,
                                "trimtab: spec.metricsSources[0].targetMetric: KPA never asks for more than"
                                        + " 1/targetValue pods of the ratio gpu_cache_usage_perc: take scalingStrategy"
                                        + " APA (A21)")));
    }

    private static String dead(String key, String successor) {
        return "trimtab: metadata.annotations[\"%s\"]: not read since AIBrix 0.5: write %s (A13)"
                .formatted(key, successor);
    }

    private static String unknown(String metric) {
        return "trimtab: spec.metricsSources[0].targetMetric: AIBrix does not know %s and may count it as 0, which means the"
                        .formatted(metric)
                + " minimum: take one that it knows, such as num_requests_waiting (A8)";
    }

    @Test
    @DisplayName(
            "aibrix#436: two on one endpoint whose paths alone differ are taken, and the second is warned of the first")
    void isolation() {
        assertThat(apply(optimized("a100")).warnings()).noneMatch(it -> it.endsWith("(A6)"));
        knows("deepseek-a100");

        Printed second = apply(optimized("a40"));
        assertThat(second.exitCode()).as(second.err()).isZero();
        assertThat(second.warnings())
                .filteredOn(it -> it.endsWith("(A6)"))
                .containsExactly("trimtab: spec.metricsSources[0].path: AIBrix 0.5 to 0.7 ignores it: PodAutoscaler "
                        + namespace + "/deepseek-a100 reads the same vllm:deployment_replicas there, both get the same"
                        + " replicas; name another metric or endpoint (A6)");
        assertThat(metrics.get("trimtab.rule")
                        .tags("rule", "aibrix-A6", "outcome", "warned")
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    @DisplayName(
            "one target: the second is refused, whatever the spelling of its version, and taken when the first is gone")
    void sameTarget() {
        autoscalers.create(autoscalers.sound("first", "llama"));
        ObjectNode second = autoscalers.sound("second", "llama");
        second.withObject("/spec/scaleTargetRef").put("apiVersion", "apps/v1beta2");

        refused(
                () -> cluster.api.create(POD_AUTOSCALER, second),
                "Deployment " + namespace + "/llama is scaled by"
                        + " PodAutoscaler " + namespace
                        + "/first too: AIBrix heeds the one that it saw first; keep one of them"
                        + " (A1)");
        refused(() -> cluster.api.dryRunCreate(POD_AUTOSCALER, second), "spec.scaleTargetRef: ");

        autoscalers.delete("first");
        autoscalers.create(second);
    }

    @Test
    @DisplayName("a StormService by role or as a whole, and not both")
    void roleAndWhole() {
        autoscalers.create(storm("prefill", "prefill"));
        autoscalers.create(storm("decode", "decode"));

        refused(() -> cluster.api.create(POD_AUTOSCALER, storm("whole", "")), "spec.subTargetSelector.roleName: ");
    }

    @Test
    @DisplayName("an old fault is not in the way of another change; a change of the fault itself is refused")
    void ratcheting() {
        cluster.policy(Cluster.DEFAULT_POLICY + "aibrix: {checks: {A1: Ignore, A12: Ignore}}\n");
        autoscalers.create(autoscalers.sound("first", "llama"));
        ObjectNode faulty = autoscalers.sound("second", "llama");
        faulty.withObject("/metadata/annotations").put("autoscaling.aibrix.ai/scale-up-tolerance", "10%");
        autoscalers.create(faulty);
        cluster.policy(Cluster.DEFAULT_POLICY);

        Printed scaled = patch("second", "{\"spec\": {\"maxReplicas\": 9}}");
        assertThat(scaled.exitCode()).as(scaled.err()).isZero();
        assertThat(scaled.warnings())
                .containsExactly(
                        "trimtab: spec.scaleTargetRef: Deployment " + namespace + "/llama is scaled by PodAutoscaler "
                                + namespace
                                + "/first too: AIBrix heeds the one that it saw first; keep one of them (A1)",
                        "trimtab: metadata.annotations[\"autoscaling.aibrix.ai/scale-up-tolerance\"]: \"10%\" is not a"
                                + " share from 0 to below 1, such as \"0.1\": AIBrix takes its default, and perhaps not"
                                + " your other annotations (A12)");
        assertThat(autoscalers.get("second").at("/spec/maxReplicas").asInt()).isEqualTo(9);

        Printed worse = patch(
                "second", "{\"metadata\": {\"annotations\": {\"autoscaling.aibrix.ai/scale-up-tolerance\": \"20%\"}}}");
        assertThat(worse.exitCode()).isEqualTo(1);
        assertThat(worse.err())
                .contains("\"20%\" is not a share")
                .contains("(A12)")
                .doesNotContain("(A1);");
        Printed better = patch(
                "second", "{\"metadata\": {\"annotations\": {\"autoscaling.aibrix.ai/scale-up-tolerance\": \"0.2\"}}}");
        assertThat(better.warnings()).singleElement().asString().endsWith("(A1)");
    }

    @Test
    @DisplayName("one external metric in a namespace: a warning")
    void externalMetric() {
        autoscalers.create(external("first"));

        assertThat(apply(external("second")).warnings())
                .containsExactly("trimtab: spec.metricsSources[0].targetMetric: queue_depth is read by PodAutoscaler "
                        + namespace
                        + "/first too: AIBrix gives both the sum of all its series; expose one name for each"
                        + " (A7)");
    }

    @Test
    @DisplayName("who else scales the target: HorizontalPodAutoscaler, ScaledObject, and the owner of the Deployment")
    void otherScalers() {
        hpa("by-cpu", "with-hpa", "");
        scaledObject("by-queue", "with-keda");
        autoscalers.deployment("with-kserve", "labels: {serving.kserve.io/inferenceservice: iris}", 1);
        cluster.api.create(KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "iris", "")));
        Eventually.holds("Trimtab knows the Revision's Deployment", () -> autoscalers
                .known()
                .workloads()
                .find(namespace, "iris-00001-deployment")
                .isPresent());
        scales("by-cpu");
        scales("by-queue");

        assertThat(otherScalerOf("with-hpa")).isEqualTo("HorizontalPodAutoscaler by-cpu");
        assertThat(otherScalerOf("with-keda")).isEqualTo("ScaledObject by-queue");
        assertThat(otherScalerOf("with-kserve")).isEqualTo("InferenceService iris");
        assertThat(otherScalerOf("iris-00001-deployment")).isEqualTo("Knative Revision iris-00001");
    }

    @Test
    @DisplayName("the HorizontalPodAutoscalers that AIBrix and KEDA make are not somebody else")
    void derivedScalers() {
        hpa("of-aibrix", "derived", owner(autoscalers.create(autoscalers.sound("first", "first"))));
        hpa("of-keda", "derived", owner(scaledObject("keda", "second")));
        hpa("after-both", "other", "");
        scales("after-both");

        assertThat(apply(autoscalers.sound("derived", "derived")).warnings()).isEmpty();
    }

    @Test
    @DisplayName("what is no longer there is no longer warned of, and a write of a status makes no new snapshot")
    void changes() {
        hpa("by-cpu", "llama", "");
        scales("by-cpu");
        autoscalers.create(autoscalers.sound("llama", "llama"));
        ClusterView before = autoscalers.known();

        cluster.api.changeStatus(HORIZONTAL_POD_AUTOSCALER, namespace, "by-cpu", it -> it.put("currentReplicas", 1)
                .put("desiredReplicas", 2));
        cluster.api.changeStatus(POD_AUTOSCALER, namespace, "llama", it -> it.put("actualScale", 2));
        // After those two in the order of the watches.
        hpa("later", "other", "");
        scales("later");
        autoscalers.create(autoscalers.sound("later", "later"));

        assertThat(autoscalers.known().autoscalers().find(namespace, "llama").orElseThrow())
                .isSameAs(before.autoscalers().find(namespace, "llama").orElseThrow());
        String key = "HorizontalPodAutoscaler/by-cpu";
        assertThat(autoscalers.known().scalers().find(namespace, key).orElseThrow())
                .isSameAs(before.scalers().find(namespace, key).orElseThrow());
        cluster.api.delete(HORIZONTAL_POD_AUTOSCALER, namespace, "by-cpu");
        Eventually.holds(
                "it is gone",
                () -> autoscalers.known().scalers().find(namespace, key).isEmpty());
        assertThat(patch("llama", "{\"spec\": {\"maxReplicas\": 9}}").warnings())
                .isEmpty();
    }

    @Test
    @DisplayName("more GPUs than the namespace may have: a warning")
    void quota() {
        autoscalers.deployment("llama", "labels: {a: b}", 2);
        cluster.api.create(RESOURCE_QUOTA, Api.yaml("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: gpus, namespace: %s}
                spec: {hard: {requests.nvidia.com/gpu: "8", pods: "2"}}
                """.formatted(namespace)));
        Eventually.holds(
                "Trimtab knows the quota",
                () -> autoscalers.known().gpuQuotas().find(namespace, "gpus").isPresent());

        assertThat(apply(autoscalers.sound("llama", "llama")).warnings())
                .containsExactly("trimtab: spec.maxReplicas: 8 pods with 2 nvidia.com/gpu each are more than the 8 that"
                        + " the namespace's ResourceQuota allows: at most 4 start (A19)");
    }

    @Test
    @DisplayName("mode: Audit: taken, with what would be refused; a label: not asked")
    void audit() {
        ObjectNode faulty = autoscalers.sound("llama", "llama");
        faulty.withObject("/spec").put("maxReplicas", 0);
        cluster.policy(Cluster.DEFAULT_POLICY + "mode: Audit\n");
        assertThat(apply(faulty).warnings())
                .containsExactly("trimtab: (audit) would refuse: spec.maxReplicas: is not above 0: nothing could run;"
                        + " write 1 or more (A9)");

        cluster.policy(Cluster.DEFAULT_POLICY);
        ObjectNode ignored = autoscalers.sound("ignored", "ignored");
        ignored.withObject("/spec").put("maxReplicas", 0);
        refused(() -> cluster.api.create(POD_AUTOSCALER, ignored), "spec.maxReplicas: is not above 0");
        ignored.withObject("/metadata/labels").put("trimtab.dev/ignore", "true");
        assertThat(apply(ignored).warnings()).isEmpty();
    }

    private Printed apply(ObjectNode object) {
        return cluster.kubectl.apply(object.toString());
    }

    private Printed patch(String name, String patch) {
        return cluster.kubectl.run(
                "", List.of("patch", "-n", namespace, "podautoscaler", name, "--type=merge", "-p", patch));
    }

    private static void refused(ThrowingCallable request, String why) {
        assertThatThrownBy(request)
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(
                        "admission webhook \"podautoscalers.trimtab.dev\" denied the request: trimtab: spec.")
                .hasMessageContaining(why);
    }

    private void knows(String name) {
        Eventually.holds(
                "Trimtab knows " + name,
                () -> autoscalers.known().autoscalers().find(namespace, name).isPresent());
    }

    private void scales(String name) {
        Eventually.holds("Trimtab knows " + name, () -> Stream.of("HorizontalPodAutoscaler", "ScaledObject")
                .anyMatch(kind -> autoscalers
                        .known()
                        .scalers()
                        .find(namespace, kind + "/" + name)
                        .isPresent()));
    }

    private String otherScalerOf(String target) {
        String before = "trimtab: spec.scaleTargetRef: Deployment %s/%s is scaled by ".formatted(namespace, target);
        String after = " too: each undoes the other; keep one (A18)";
        List<String> warnings = apply(autoscalers.sound(target, target)).warnings();
        assertThat(warnings).singleElement().asString().startsWith(before).endsWith(after);
        return warnings.get(0).replace(before, "").replace(after, "");
    }

    private ObjectNode optimized(String gpu) {
        return Api.yaml("""
                apiVersion: autoscaling.aibrix.ai/v1alpha1
                kind: PodAutoscaler
                metadata: {name: deepseek-%1$s, namespace: %2$s}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: deepseek-%1$s}
                  minReplicas: 1
                  maxReplicas: 10
                  scalingStrategy: KPA
                  metricsSources:
                    - metricSourceType: domain
                      protocolType: http
                      endpoint: aibrix-gpu-optimizer.aibrix-system.svc.cluster.local:8080
                      path: /metrics/default/deepseek-coder-7b-%1$s
                      targetMetric: "vllm:deployment_replicas"
                      targetValue: "100"
                """.formatted(gpu, namespace));
    }

    private ObjectNode storm(String name, String role) {
        ObjectNode autoscaler = autoscalers.sound(name, "pool");
        autoscaler
                .withObject("/spec/scaleTargetRef")
                .put("apiVersion", "orchestration.aibrix.ai/v1alpha1")
                .put("kind", "StormService");
        if (!role.isEmpty()) {
            autoscaler.withObject("/spec/subTargetSelector").put("roleName", role);
        }
        return autoscaler;
    }

    private ObjectNode external(String name) {
        ObjectNode autoscaler = autoscalers.sound(name, name);
        autoscaler
                .withObject("/spec")
                .putArray("metricsSources")
                .addObject()
                .put("metricSourceType", "external")
                .put("targetMetric", "queue_depth")
                .put("targetValue", "40");
        return autoscaler;
    }

    private void hpa(String name, String target, String metadata) {
        cluster.api.create(HORIZONTAL_POD_AUTOSCALER, Api.yaml("""
                apiVersion: autoscaling/v1
                kind: HorizontalPodAutoscaler
                metadata: {name: %s, namespace: %s%s}
                spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}}
                """.formatted(
                        name, namespace, metadata.isEmpty() ? "" : ", " + metadata, target)));
    }

    /** Kind and version of its target are KEDA's to fill in. */
    private ObjectNode scaledObject(String name, String target) {
        return cluster.api.create(SCALED_OBJECT, Api.yaml("""
                apiVersion: keda.sh/v1alpha1
                kind: ScaledObject
                metadata: {name: %s, namespace: %s}
                spec: {scaleTargetRef: {name: %s}, triggers: [{type: cpu, metadata: {value: "60"}}]}
                """.formatted(name, namespace, target)));
    }

    private static String owner(ObjectNode owner) {
        return "ownerReferences: [{apiVersion: %s, kind: %s, name: %s, uid: %s}]"
                .formatted(
                        owner.path("apiVersion").asText(),
                        owner.path("kind").asText(),
                        owner.at("/metadata/name").asText(),
                        owner.at("/metadata/uid").asText());
    }

    /** The StormService of one sample is of a kind that this cluster does not have. */
    private static String autoscalersOf(String sample) {
        return Arrays.stream(sample.split("(?m)^---$"))
                .filter(it -> it.contains("kind: PodAutoscaler"))
                .findFirst()
                .orElseThrow();
    }
}
