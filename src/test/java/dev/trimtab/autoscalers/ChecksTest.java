package dev.trimtab.autoscalers;

import static dev.trimtab.autoscalers.Autoscalers.SOUND;
import static dev.trimtab.autoscalers.Autoscalers.autoscaler;
import static dev.trimtab.autoscalers.Autoscalers.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.AibrixCheck;
import dev.trimtab.policy.AibrixCheck.Severity;
import dev.trimtab.policy.Policy.Aibrix;
import dev.trimtab.yaml.YamlStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each check: what it finds, where, in which words; and what it leaves alone. */
class ChecksTest {
    private static final String ANNOTATED =
            SOUND.replace("  namespace: ml\n", "  namespace: ml\n  annotations: {%s}\n");
    private static final String LABELLED = SOUND.replace("  namespace: ml\n", "  namespace: ml\n  labels: {%s}\n");
    private static final String HPA = SOUND.replace("APA", "HPA");
    private static final String KPA = SOUND.replace("APA", "KPA");

    @Test
    @DisplayName("nothing is wrong with a sound one, whoever else is there")
    void sound() {
        ClusterView others = ClusterView.UNKNOWN
                .with(autoscaler(SOUND))
                .with(autoscaler(SOUND.replace("name: llama", "name: mistral")))
                .with(autoscaler(SOUND.replace("namespace: ml", "namespace: other")));

        assertThat(problems(SOUND, ClusterView.UNKNOWN)).isEmpty();
        assertThat(problems(SOUND, others)).isEmpty();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments(
                        SOUND.replace("    name: llama\n", "    name: llama\n    namespace: prod\n"),
                        "A3 spec.scaleTargetRef.namespace: prod is not its own namespace ml: conflicts there go unseen; "
                                + "create it in prod, without this field"),
                arguments(
                        SOUND.replace("    apiVersion: apps/v1\n", "").replace("kind: Deployment", "kind: RoleSet"),
                        "A4 spec.scaleTargetRef.apiVersion: is missing: AIBrix finds no RoleSet without it, and nothing "
                                + "is scaled; write it"),
                arguments(
                        SOUND.replace(
                                "  scaleTargetRef:",
                                "  - {metricSourceType: pod, protocolType: http, port: \"8000\", path: metrics,"
                                        + " targetMetric: num_requests_waiting, targetValue: \"5\"}\n"
                                        + "  scaleTargetRef:"),
                        "A5 spec.metricsSources[1].targetMetric: num_requests_waiting is there already: AIBrix mixes both "
                                + "and heeds the last targetValue; keep one"),
                arguments(
                        SOUND.replace("num_requests_waiting", "num_request_waiting"),
                        "A8 spec.metricsSources[0].targetMetric: AIBrix does not know num_request_waiting and may count "
                                + "it as 0, which means the minimum: did you mean num_requests_waiting?"),
                arguments(
                        SOUND.replace("num_requests_waiting", "queue"),
                        "A8 spec.metricsSources[0].targetMetric: AIBrix does not know queue and may count it as 0, which "
                                + "means the minimum: take one that it knows, such as num_requests_waiting"),
                arguments(
                        SOUND.replace("minReplicas: 1", "minReplicas: 9"),
                        "A9 spec.minReplicas: 9 is above maxReplicas 8: AIBrix scales nothing then; lower it or raise "
                                + "maxReplicas"),
                arguments(
                        SOUND.replace("minReplicas: 1", "minReplicas: -1"),
                        "A9 spec.minReplicas: is below 0: write 0 or more"),
                arguments(
                        SOUND.replace("maxReplicas: 8", "maxReplicas: 0"),
                        "A9 spec.maxReplicas: is not above 0: nothing could run; write 1 or more"),
                arguments(
                        HPA.replace("minReplicas: 1", "minReplicas: 0"),
                        "A10 spec.minReplicas: 0 becomes 1 with scalingStrategy HPA: write 1, or take KPA or APA to scale "
                                + "to zero"),
                arguments(
                        SOUND.replace("minReplicas: 1", "minReplicas: 0"),
                        "A11 spec.minReplicas: 0 takes effect only with annotation autoscaling.aibrix.ai/scale-to-zero: "
                                + "\"true\"; without it the last replica stays"),
                arguments(
                        ANNOTATED.formatted("autoscaling.aibrix.ai/scale-to-zero: \"true\""),
                        "A11 metadata.annotations[\"autoscaling.aibrix.ai/scale-to-zero\"]: takes effect only with "
                                + "minReplicas 0, which is 1: the last replicas stay; write 0 or drop it"),
                arguments(
                        ANNOTATED.formatted("autoscaling.aibrix.ai/panic-threshold: \"200\""),
                        "A12 metadata.annotations[\"autoscaling.aibrix.ai/panic-threshold\"]: \"200\" is not a ratio above "
                                + "1 and at most 10 (no percentage), such as \"2.0\": AIBrix takes its default, and "
                                + "perhaps not your other annotations"),
                arguments(
                        ANNOTATED.formatted("autoscaling.aibrix.ai/scale-down-cooldown-window: 5min"),
                        "A12 metadata.annotations[\"autoscaling.aibrix.ai/scale-down-cooldown-window\"]: \"5min\" is not a "
                                + "duration such as \"300s\": AIBrix takes its default, and perhaps not your other "
                                + "annotations"),
                arguments(
                        ANNOTATED.formatted("autoscaling.aibrix.ai/storm-service-mode: pods"),
                        "A12 metadata.annotations[\"autoscaling.aibrix.ai/storm-service-mode\"]: \"pods\" is not \"pool\" or "
                                + "\"replica\": AIBrix takes its default, and perhaps not your other annotations"),
                arguments(
                        ANNOTATED.formatted("kpa.autoscaling.aibrix.ai/scale-down-delay: 5m"),
                        "A13 metadata.annotations[\"kpa.autoscaling.aibrix.ai/scale-down-delay\"]: not read since "
                                + "AIBrix 0.5: write autoscaling.aibrix.ai/scale-down-cooldown-window"),
                arguments(
                        ANNOTATED.formatted("apa.autoscaling.aibrix.ai/window: 30s"),
                        "A13 metadata.annotations[\"apa.autoscaling.aibrix.ai/window\"]: not read since AIBrix 0.5: "
                                + "write spec.observeWindowSeconds where the CRD has it (after AIBrix 0.7), else remove it"),
                arguments(
                        ANNOTATED.formatted("kpa.autoscaling.aibrix.ai/activation-scale: \"2\""),
                        "A13 metadata.annotations[\"kpa.autoscaling.aibrix.ai/activation-scale\"]: not read since "
                                + "AIBrix 0.5: nothing took its place; remove it"),
                arguments(
                        ANNOTATED.formatted("autoscaling.aibrix.ai/scale-up-tolerence: \"0.1\""),
                        "A13 metadata.annotations[\"autoscaling.aibrix.ai/scale-up-tolerence\"]: AIBrix does not read it: "
                                + "did you mean autoscaling.aibrix.ai/scale-up-tolerance?"),
                arguments(
                        LABELLED.formatted("autoscaling.aibrix.ai/scale-up-tolerance: \"0.1\""),
                        "A14 metadata.labels[\"autoscaling.aibrix.ai/scale-up-tolerance\"]: AIBrix reads it among the "
                                + "annotations only: move it to metadata.annotations"),
                arguments(
                        SOUND.replace("num_requests_waiting", "gpu_cache_usage_perc")
                                .replace("\"10\"", "\"50\""),
                        "A15 spec.metricsSources[0].targetValue: gpu_cache_usage_perc is a ratio from 0 to 1 and never "
                                + "gets there: for 50 percent write \"0.5\""),
                arguments(
                        HPA.replace("\"10\"", "\"0.5\""),
                        "A16 spec.metricsSources[0].targetValue: the HPA strategy cuts it to 0, which Kubernetes does not "
                                + "take: take KPA or APA"),
                arguments(
                        SOUND + "  subTargetSelector: {roleName: decode}\n",
                        "A17 spec.subTargetSelector.roleName: a Deployment has no roles, so no pod is found for the "
                                + "metrics: leave it out"),
                arguments(
                        KPA.replace("num_requests_waiting", "gpu_cache_usage_perc")
                                .replace("\"10\"", "\"0.3\""),
                        "A21 spec.metricsSources[0].targetMetric: KPA never asks for more than 1/targetValue pods of the "
                                + "ratio gpu_cache_usage_perc: take scalingStrategy APA"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    @DisplayName("one fault, one problem: the check, the field, what happens otherwise, what to write")
    void fault(String yaml, String expected) {
        assertThat(lines(problems(yaml, ClusterView.UNKNOWN))).containsExactly(expected);
    }

    static Stream<String> fine() {
        return Stream.of(
                SOUND.replace("    name: llama\n", "    name: llama\n    namespace: ml\n"),
                SOUND.replace("    apiVersion: apps/v1\n", ""),
                SOUND.replace("metricSourceType: pod", "metricSourceType: resource")
                        .replace("num_requests_waiting", "cpu"),
                SOUND.replace("  minReplicas: 1\n", ""),
                ANNOTATED
                        .replace("minReplicas: 1", "minReplicas: 0")
                        .formatted("autoscaling.aibrix.ai/scale-to-zero: \"true\""),
                ANNOTATED.formatted(
                        "autoscaling.aibrix.ai/scale-up-tolerance: \"0\", autoscaling.aibrix.ai/max-scale-up-rate: "
                                + "1e1, autoscaling.aibrix.ai/scale-up-cooldown-window: 0s, example.com/x: y"),
                // The successor is there too: the dead one does no harm.
                ANNOTATED.formatted("kpa.autoscaling.aibrix.ai/scale-down-delay: 5m, "
                        + "autoscaling.aibrix.ai/scale-down-cooldown-window: 300s"),
                SOUND.replace("num_requests_waiting", "gpu_cache_usage_perc").replace("\"10\"", "\"1\""),
                HPA.replace("\"10\"", "\"1.5\""),
                HPA.replace("metricSourceType: pod", "metricSourceType: resource")
                        .replace("num_requests_waiting", "cpu")
                        .replace("\"10\"", "\"0.5\""),
                SOUND.replace("apps/v1", "orchestration.aibrix.ai/v1alpha1").replace("Deployment", "StormService")
                        + "  subTargetSelector: {roleName: decode}\n",
                // What the schema refuses is not ours.
                SOUND.replace("minReplicas: 1", "minReplicas: many").replace("maxReplicas: 8", "maxReplicas: [8]"),
                "apiVersion: autoscaling.aibrix.ai/v1alpha1\nkind: PodAutoscaler\nspec: {metricsSources: {a: 1}}\n");
    }

    @ParameterizedTest
    @MethodSource("fine")
    @DisplayName("what works is no fault, and what is malformed is the API server's")
    void leftAlone(String yaml) {
        assertThat(lines(problems(yaml, ClusterView.UNKNOWN))).isEmpty();
    }

    @Test
    @DisplayName("A1: one target, however its version is spelled, and from wherever it is named")
    void duplicates() {
        String other = SOUND.replaceFirst("name: llama", "name: other");
        ClusterView both =
                ClusterView.UNKNOWN.with(autoscaler(SOUND)).with(autoscaler(other.replace("apps/v1", "apps/v1beta1")));
        ClusterView elsewhere = ClusterView.UNKNOWN.with(autoscaler(other.replace("namespace: ml", "namespace: infra")
                .replace("    name: llama", "    name: llama\n    namespace: ml")));
        String message =
                "A1 spec.scaleTargetRef: Deployment ml/llama is scaled by PodAutoscaler %s/other too: AIBrix heeds "
                        + "the one that it saw first; keep one of them";

        assertThat(lines(problems(SOUND, both))).containsExactly(message.formatted("ml"));
        assertThat(lines(problems(SOUND, elsewhere))).containsExactly(message.formatted("infra"));
        assertThat(problems(
                        SOUND,
                        ClusterView.UNKNOWN.with(
                                autoscaler(other.replace("  name: other", "  name: other\n  deletionTimestamp: now")))))
                .as("one on its way out")
                .isEmpty();
    }

    @Test
    @DisplayName("A2: a role and the whole of one StormService; two roles are independent")
    void roles() {
        String storm =
                SOUND.replace("apps/v1", "orchestration.aibrix.ai/v1alpha1").replace("Deployment", "StormService");
        String decode = storm.replaceFirst("name: llama", "name: decode") + "  subTargetSelector: {roleName: decode}\n";
        String prefill = decode.replace("decode", "prefill");

        assertThat(lines(problems(storm, ClusterView.UNKNOWN.with(autoscaler(decode)))))
                .containsExactly("A2 spec.subTargetSelector.roleName: PodAutoscaler ml/decode scales role decode of "
                        + "StormService ml/llama: both decide on the same pods; scale by role or as a whole");
        assertThat(lines(problems(decode, ClusterView.UNKNOWN.with(autoscaler(storm)))))
                .containsExactly("A2 spec.subTargetSelector.roleName: PodAutoscaler ml/llama scales the whole of "
                        + "StormService ml/llama: both decide on the same pods; scale by role or as a whole");
        assertThat(problems(decode, ClusterView.UNKNOWN.with(autoscaler(prefill))))
                .isEmpty();
    }

    /** As aibrix#436 has them. */
    static String ofIssue(String gpu) {
        return """
                apiVersion: autoscaling.aibrix.ai/v1alpha1
                kind: PodAutoscaler
                metadata:
                  name: podautoscaler-deepseek-coder-7b-%1$s
                  namespace: default
                spec:
                  maxReplicas: 10
                  metricsSources:
                  - endpoint: aibrix-gpu-optimizer.aibrix-system.svc.cluster.local:8080
                    metricSourceType: domain
                    path: /metrics/default/deepseek-coder-7b-%1$s
                    protocolType: http
                    targetMetric: "vllm:deployment_replicas"
                    targetValue: "1"
                  minReplicas: 1
                  scaleTargetRef:
                    apiVersion: apps/v1
                    kind: Deployment
                    name: deepseek-coder-7b-%1$s
                  scalingStrategy: KPA
                """.formatted(gpu);
    }

    @Test
    @DisplayName("A6: the two manifests of aibrix#436 are told apart, and the second is warned that AIBrix does not")
    void issue436() {
        Aibrix known = new Aibrix(Map.of(), false, Set.of("vllm:deployment_replicas"));
        ClusterView first = ClusterView.UNKNOWN.with(autoscaler(ofIssue("a100")));

        assertThat(lines(problems(ofIssue("a40"), first, known, OptionalInt.empty())))
                .containsExactly("A6 spec.metricsSources[0].path: AIBrix 0.5 to 0.7 ignores it: PodAutoscaler "
                        + "default/podautoscaler-deepseek-coder-7b-a100 reads the same vllm:deployment_replicas there, "
                        + "both get the same replicas; name another metric or endpoint");
        assertThat(problems(
                        ofIssue("a40"),
                        ClusterView.UNKNOWN.with(
                                autoscaler(ofIssue("a100").replace("vllm:deployment_replicas", "other"))),
                        known,
                        OptionalInt.empty()))
                .isEmpty();
    }

    @Test
    @DisplayName("A7: one external metric of a namespace for two")
    void external() {
        String external = SOUND.replace("metricSourceType: pod", "metricSourceType: external")
                .replace("num_requests_waiting", "queue_depth");
        String other = external.replace("name: llama", "name: mistral");

        assertThat(lines(problems(external, ClusterView.UNKNOWN.with(autoscaler(other)))))
                .containsExactly(
                        "A7 spec.metricsSources[0].targetMetric: queue_depth is read by PodAutoscaler ml/mistral "
                                + "too: AIBrix gives both the sum of all its series; expose one name for each");
        assertThat(problems(
                        external,
                        ClusterView.UNKNOWN.with(autoscaler(other.replace("namespace: ml", "namespace: other")))))
                .isEmpty();
    }

    @Test
    @DisplayName("A18: whoever else scales the target")
    void scalers() {
        Manifest scaler = scaler("ml", "x", "llama");
        Manifest target = deployment("labels: {serving.kserve.io/inferenceservice: llama}, ", "{}");
        ClusterView known = ClusterView.UNKNOWN
                .withScaler(scaler)
                .withScaler(scaler("ml", "y", "y"))
                .withScaler(scaler("other", "z", "llama"))
                .withWorkload(target);

        assertThat(lines(problems(SOUND, known)))
                .containsExactly(
                        "A18 spec.scaleTargetRef: Deployment ml/llama is scaled by HorizontalPodAutoscaler x too: each "
                                + "undoes the other; keep one",
                        "A18 spec.scaleTargetRef: Deployment ml/llama is scaled by InferenceService llama too: each "
                                + "undoes the other; keep one");
        assertThat(problems(SOUND, known.withoutScaler(scaler).withoutWorkload(target)))
                .isEmpty();
    }

    @Test
    @DisplayName("A19: more GPUs than the smallest quota of the namespace")
    void quotas() {
        ClusterView known = ClusterView.UNKNOWN
                .withWorkload(deployment("", "{containers: [{name: main, resources: {limits: {nvidia.com/gpu: 2}}}]}"))
                .withGpuQuota(quota("ml", "large", 100))
                .withGpuQuota(quota("other", "small", 1));

        assertThat(problems(SOUND, known.withGpuQuota(quota("ml", "small", 16))))
                .isEmpty();
        assertThat(lines(problems(SOUND, known.withGpuQuota(quota("ml", "small", 15)))))
                .containsExactly(
                        "A19 spec.maxReplicas: 8 pods with 2 nvidia.com/gpu each are more than the 15 that the "
                                + "namespace's ResourceQuota allows: at most 7 start");
        assertThat(lines(problems(SOUND, known.withGpuQuota(quota("ml", "none", 0)))))
                .singleElement()
                .asString()
                .endsWith("at most 0 start");
        assertThat(problems(
                        SOUND, known.withGpuQuota(quota("ml", "small", 1)).withoutGpuQuota(quota("ml", "small", 1))))
                .isEmpty();
    }

    private static Manifest quota(String namespace, String name, int gpus) {
        return object(
                "{kind: ResourceQuota, metadata: {name: %s, namespace: %s}, spec: {hard: {requests.nvidia.com/gpu: %d}}}"
                        .formatted(name, namespace, gpus));
    }

    private static Manifest scaler(String namespace, String name, String target) {
        return object("""
                kind: HorizontalPodAutoscaler
                metadata: {name: %s, namespace: %s}
                spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}}
                """.formatted(name, namespace, target));
    }

    private static Manifest deployment(String metadata, String pod) {
        return object("{kind: Deployment, metadata: {%sname: llama, namespace: ml}, spec: {template: {spec: %s}}}"
                .formatted(metadata, pod));
    }

    private static Manifest object(String yaml) {
        return new Manifest((ObjectNode) YamlStream.read(yaml).get(0).content());
    }

    static Stream<Arguments> shapes() {
        String entry =
                "{metricSourceType: pod, protocolType: http, port: \"8000\", path: metrics, targetMetric: %s, targetValue: \"%s\"}";
        String sources = SOUND.substring(SOUND.indexOf("  metricsSources"), SOUND.indexOf("  scaleTargetRef"));
        return Stream.of(
                arguments(
                        SOUND.replace(sources, "  targetMetric: gpu_cache_usage_perc\n  targetValue: \"50\"\n"),
                        List.of("A22 spec.targetMetric: AIBrix does not read it any more: write metricsSources: ["
                                + entry.formatted("gpu_cache_usage_perc", "50") + "]")),
                arguments(
                        SOUND.replace(sources, "  targetValue: 5\n"),
                        List.of("A22 spec.targetValue: AIBrix does not read it any more: write metricsSources: ["
                                + entry.formatted("num_requests_waiting", "5") + "]")),
                arguments(
                        SOUND.replace(sources, ""),
                        List.of("A22 spec.metricsSources: is missing: AIBrix needs at least one entry")),
                arguments(
                        SOUND.replace(sources, "  metricsSources: []\n"),
                        List.of("A22 spec.metricsSources: is missing: AIBrix needs at least one entry")),
                arguments(
                        SOUND.replace(
                                sources, "  metricsSources:\n  - type: Prometheus\n    prometheus: {query: up}\n"),
                        List.of(
                                "A22 spec.metricsSources[0]: lacks metricSourceType, targetMetric, targetValue: AIBrix has"
                                        + " no Prometheus source; take pod, which reads the pods' own metrics, or external")),
                arguments(
                        SOUND.replace("  - metricSourceType: pod\n    protocolType", "  - protocolType"),
                        List.of("A22 spec.metricsSources[0]: lacks metricSourceType: write pod, resource, external or"
                                + " domain")),
                arguments(
                        SOUND.replace("metricSourceType: pod", "metricSourceType: pods"),
                        List.of("A22 spec.metricsSources[0].metricSourceType: AIBrix has no type pods: write pod,"
                                + " resource, external or domain")),
                arguments(
                        SOUND.replace("    port: \"8000\"\n    path: metrics\n", ""),
                        List.of("A22 spec.metricsSources[0]: lacks port, path: a source of type pod needs it")),
                arguments(
                        SOUND.replace("\"10\"", "\"ten\""),
                        List.of("A22 spec.metricsSources[0].targetValue: \"ten\" is not a number above 0")),
                arguments(
                        SOUND.replace("\"10\"", "\"0\""),
                        List.of("A22 spec.metricsSources[0].targetValue: \"0\" is not a number above 0")),
                arguments(
                        SOUND.replace("  minReplicas", "  observeWindowSeconds: 30\n  minReplicas"),
                        List.of("A23 spec.observeWindowSeconds: 30 is below panicWindowSeconds, by default 60: AIBrix"
                                + " refuses it; write panicWindowSeconds too, at most 30")),
                arguments(
                        SOUND.replace("  minReplicas", "  panicWindowSeconds: 200\n  minReplicas"),
                        List.of("A23 spec.panicWindowSeconds: 200 is above observeWindowSeconds, by default 180: AIBrix"
                                + " refuses it; lower it")),
                arguments(
                        SOUND.replace(
                                "  minReplicas", "  panicWindowSeconds: 90\n  observeWindowSeconds: 60\n  minReplicas"),
                        List.of("A23 spec.panicWindowSeconds: 90 is above observeWindowSeconds, 60: AIBrix refuses it;"
                                + " lower it")),
                arguments(
                        SOUND.replace(
                                "  minReplicas", "  panicWindowSeconds: 30\n  observeWindowSeconds: 30\n  minReplicas"),
                        List.of()),
                arguments(SOUND.replace("\"10\"", "\"0.5\""), List.of()),
                arguments(
                        SOUND.replace(
                                sources,
                                "  metricsSources:\n  - {metricSourceType: resource, targetMetric: cpu, targetValue: \"50\"}\n"),
                        List.of()));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    @DisplayName("A22 and A23: what AIBrix cannot work with, in the shapes that people write")
    void shapes(String yaml, List<String> lines) {
        assertThat(lines(problems(yaml, ClusterView.UNKNOWN))).isEqualTo(lines);
    }

    @Test
    @DisplayName("A20: a window below twice the start-up time, with and without the field in the CRD")
    void windows() {
        ClusterView newer = ClusterView.UNKNOWN.withWindowFields(true);
        OptionalInt startup = OptionalInt.of(240);

        assertThat(lines(problems(SOUND, newer, Aibrix.UNSET, startup)))
                .containsExactly("A20 spec.observeWindowSeconds: 180 s is below twice the 240 s that a pod takes to "
                        + "start: pods are asked for twice; write 480");
        assertThat(lines(problems(SOUND, ClusterView.UNKNOWN, Aibrix.UNSET, startup)))
                .singleElement()
                .asString()
                .endsWith("pods are asked for twice; write 480 where the CRD has the field (after AIBrix 0.7)");
        assertThat(problems(SOUND + "  observeWindowSeconds: 480\n", newer, Aibrix.UNSET, startup))
                .isEmpty();
        assertThat(problems(SOUND, newer, Aibrix.UNSET, OptionalInt.of(90))).isEmpty();
    }

    @Test
    @DisplayName("the policy sets what is done: ignored is not looked for, and a metric of one's own is known")
    void policy() {
        String unknown = SOUND.replace("num_requests_waiting", "my_metric");

        assertThat(problems(
                        unknown,
                        ClusterView.UNKNOWN,
                        new Aibrix(Map.of(AibrixCheck.UNKNOWN_METRIC, Severity.IGNORE), false, Set.of()),
                        OptionalInt.empty()))
                .isEmpty();
        assertThat(problems(
                        unknown,
                        ClusterView.UNKNOWN,
                        new Aibrix(Map.of(), false, Set.of("my_metric")),
                        OptionalInt.empty()))
                .isEmpty();
    }

    private static List<String> lines(List<Problem> problems) {
        return problems.stream().map(it -> it.check().term() + " " + it.text()).toList();
    }
}
