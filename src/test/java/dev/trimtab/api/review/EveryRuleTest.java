package dev.trimtab.api.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Kubectl.Printed;
import dev.trimtab.api.cluster.NeedsApiServer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each rule once from {@code kubectl apply} to what is stored or printed, with the real kinds. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class EveryRuleTest extends ApiTest {
    private static final Path RULES = Path.of("src", "main", "java", "dev", "trimtab", "rules");
    private static final String ANNOTATIONS = "/spec/template/metadata/annotations/";
    private static final String POD = "/spec/template/spec/";

    /**
     * What one rule comes to.
     *
     * @param annotations of the template, or of the InferenceService
     * @param more of the container, or of the predictor
     * @param at where something is filled; empty where the rule only warns
     * @param expected the JSON there, or how the warning begins
     */
    private record Case(
            String rule, Kind kind, String policy, String annotations, String more, String at, String expected) {}

    private static final List<Case> CASES = List.of(
            service(
                    "autoscaler-class",
                    "",
                    "autoscaling.knative.dev/metric: memory",
                    "",
                    ANNOTATIONS + "autoscaling.knative.dev~1class",
                    "\"hpa.autoscaling.knative.dev\""),
            service("max-scale", "", "", "", ANNOTATIONS + "autoscaling.knative.dev~1max-scale", "\"0\""),
            service(
                    "initial-scale",
                    "",
                    "autoscaling.knative.dev/min-scale: \"2\"",
                    "",
                    ANNOTATIONS + "autoscaling.knative.dev~1initial-scale",
                    "\"2\""),
            service(
                    "window",
                    "",
                    "trimtab.dev/startup-seconds: \"240\"",
                    "",
                    ANNOTATIONS + "autoscaling.knative.dev~1window",
                    "\"480s\""),
            service(
                    "progress-deadline",
                    "startupSeconds: 900",
                    "",
                    "",
                    ANNOTATIONS + "serving.knative.dev~1progress-deadline",
                    "\"1860s\""),
            service("timeout", "", "trimtab.dev/max-response-seconds: \"10\"", "", POD + "timeoutSeconds", "12"),
            service("concurrency", "containerConcurrency: 8", "", "", POD + "containerConcurrency", "8"),
            service(
                    "probes",
                    "probes: {readiness: {httpGet: {path: /health}}}",
                    "",
                    "",
                    POD + "containers/0/readinessProbe",
                    "{\"httpGet\":{\"path\":\"/health\",\"port\":8080},\"successThreshold\":1}"),
            service(
                    "model-volume",
                    "",
                    "trimtab.dev/dataset: llama",
                    "",
                    POD + "volumes/0/persistentVolumeClaim/claimName",
                    "\"llama\""),
            service(
                    "gpu-memory",
                    "gpuMemory: 12Gi",
                    "",
                    "",
                    POD + "containers/0/resources/limits/aliyun.com~1gpu-mem",
                    "\"12\""),
            service(
                    "template",
                    "template: {labels: {example.com/pool: gpu}}",
                    "",
                    "",
                    "/spec/template/metadata/labels/example.com~1pool",
                    "\"gpu\""),
            service("pinned-defaults", "", "", "", POD + "timeoutSeconds", "300"),
            service(
                    "rollout",
                    "rolloutDuration: 120s",
                    "",
                    "",
                    "/metadata/annotations/serving.knative.dev~1rollout-duration",
                    "\"120s\""),
            service(
                    "gpu-family",
                    "",
                    "",
                    ", resources: {limits: {nvidia.com/gpu: 1, aliyun.com/gpu-mem: 3}}",
                    "",
                    "trimtab: "),
            service(
                    "gpu-amount",
                    "",
                    "",
                    ", resources: {limits: {aliyun.com/gpu-mem: 3000}}",
                    "",
                    "trimtab: aliyun.com/gpu-mem 3000 is counted in GiB"),
            service(
                    "serverless",
                    "",
                    "knative.aliyun.com/reserve-instance: enable, autoscaling.knative.dev/min-scale: \"1\"",
                    "",
                    "",
                    "trimtab: "),
            inferenceService(
                    "gpu-pod",
                    "",
                    "",
                    ", model: {modelFormat: {name: huggingface}, storageUri: \"hf://a/b\","
                            + " resources: {limits: {aliyun.com/gpu-mem: 12}}}",
                    "",
                    "trimtab: predictor: "),
            inferenceService(
                    "feature-flags",
                    "",
                    "",
                    ", schedulerName: volcano",
                    "",
                    "trimtab: predictor: Knative refuses schedulerName"),
            inferenceService(
                    "component-class",
                    "",
                    "",
                    ", scaleMetric: cpu",
                    "/metadata/annotations/autoscaling.knative.dev~1class",
                    "\"hpa.autoscaling.knative.dev\""),
            inferenceService("component-timeout", "maxResponseSeconds: 100", "", "", "/spec/predictor/timeout", "120"),
            inferenceService(
                    "component-rollout",
                    "rolloutDuration: 60s",
                    "",
                    "",
                    "/metadata/annotations/serving.knative.dev~1rollout-duration",
                    "\"60s\""),
            inferenceService(
                    "standard-mode",
                    "",
                    "serving.kserve.io/deploymentMode: Standard",
                    ", maxReplicas: 0",
                    "",
                    "trimtab: predictor: maxReplicas 0 in Standard mode"),
            inferenceService(
                    "overwritten-scale",
                    "",
                    "autoscaling.knative.dev/max-scale: \"4\"",
                    "",
                    "",
                    "trimtab: autoscaling.knative.dev/max-scale 4 does nothing: write maxReplicas: 4"),
            service(
                    "unread-keys",
                    "",
                    "trimtab.dev/gpu-mem: 12Gi",
                    "",
                    "",
                    "trimtab: trimtab.dev/gpu-mem does nothing: did you mean gpu-memory?"),
            service(
                    "own-values",
                    "",
                    "trimtab.dev/startup-seconds: 15m",
                    "",
                    "",
                    "trimtab: trimtab.dev/startup-seconds \"15m\" is ignored"),
            inferenceService(
                    "misplaced-gpu",
                    "",
                    "",
                    ", resources: {limits: {nvidia.com/gpu: 1}}",
                    "",
                    "trimtab: predictor: a pod as a whole gets no nvidia.com/gpu"));

    @Test
    @DisplayName("each rule fills or warns as it does in the golden cases")
    void everyRule() {
        cluster.hpa(true);
        cluster.configure("config-features", Map.of("kubernetes.podspec-persistent-volume-claim", "enabled"));
        for (Case rule : CASES) {
            cluster.policy(Cluster.DEFAULT_POLICY + "gpu: {dialect: aliyun}\nprofiles: [{name: all"
                    + (rule.policy().isEmpty() ? "" : ", " + rule.policy()) + "}]\n");
            Printed printed = cluster.kubectl.apply(manifest(rule));
            assertThat(printed.exitCode())
                    .as("%s: %s", rule.rule(), printed.err())
                    .isZero();
            if (rule.at().isEmpty()) {
                assertThat(printed.warnings()).as(rule.rule()).anySatisfy(it -> assertThat(it)
                        .startsWith(rule.expected()));
            } else {
                ObjectNode stored = cluster.api.get(rule.kind(), namespace, rule.rule());
                JsonNode value = stored.at(JsonPointer.compile(rule.at()));
                assertThat(value.toString()).as(rule.rule()).isEqualTo(rule.expected());
            }
        }
        cluster.hpa(false);
    }

    @Test
    @DisplayName("no rule is forgotten here")
    void allOfThem() throws IOException {
        TreeSet<String> ids = new TreeSet<>();
        Matcher rules =
                Pattern.compile("new (\\w+Rule)\\(\\)").matcher(Files.readString(RULES.resolve("RuleSet.java")));
        while (rules.find()) {
            String words = rules.group(1).replaceFirst("Rule$", "").replaceAll("(?<=[a-z])(?=[A-Z])", "-");
            ids.add(words.toLowerCase(Locale.ROOT));
        }
        assertThat(CASES.stream().map(Case::rule)).containsExactlyInAnyOrderElementsOf(ids);
    }

    private static Case service(
            String rule, String policy, String annotations, String more, String at, String expected) {
        return new Case(rule, Kind.KNATIVE_SERVICE, policy, annotations, more, at, expected);
    }

    private static Case inferenceService(
            String rule, String policy, String annotations, String more, String at, String expected) {
        return new Case(rule, Kind.INFERENCE_SERVICE, policy, annotations, more, at, expected);
    }

    private String manifest(Case rule) {
        if (rule.kind() == Kind.KNATIVE_SERVICE) {
            return """
                    apiVersion: serving.knative.dev/v1
                    kind: Service
                    metadata: {name: %s, namespace: %s}
                    spec:
                      template:
                        metadata: {annotations: {%s}}
                        spec: {containers: [{image: example/llm:1%s}]}
                    """.formatted(rule.rule(), namespace, rule.annotations(), rule.more());
        }
        String model = rule.more().contains("model:")
                ? "minReplicas: 1"
                : "model: {modelFormat: {name: sklearn}, storageUri: \"gs://models/iris\"}";
        return """
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {name: %s, namespace: %s, annotations: {%s}}
                spec: {predictor: {%s%s}}
                """.formatted(rule.rule(), namespace, rule.annotations(), model, rule.more());
    }
}
