package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.trimtab.policy.Gpu.GpuDialect;
import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.policy.Policy.EffectivePolicy;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.PolicyLoader.LoadedPolicy;
import dev.trimtab.policy.Probes.Handler;
import dev.trimtab.policy.Profile.PolicyTarget;
import dev.trimtab.policy.Profile.ServiceKind;
import dev.trimtab.policy.Scaling.InitialScaleDefault;
import dev.trimtab.policy.Scaling.InitialScaleOnUpdate;
import dev.trimtab.policy.Scaling.InitialScaleWrite;
import dev.trimtab.policy.Scaling.MaxScaleWhenUnset;
import dev.trimtab.policy.Serving.Window;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
    private static final PolicyTarget IN_ML_DEV = subject(ServiceKind.INFERENCE_SERVICE, "ml-dev", Map.of(), Map.of());

    @Test
    void builtIn() {
        assertThat(Policy.BUILT_IN.effectiveFor(IN_ML_DEV))
                .isEqualTo(new EffectivePolicy(
                        Mode.ENFORCE,
                        Conflicts.CLAMP,
                        new Scaling(
                                MaxScaleWhenUnset.UNBOUNDED,
                                InitialScaleDefault.MIN_REPLICAS,
                                InitialScaleWrite.ALWAYS,
                                InitialScaleOnUpdate.KEEP,
                                new BigDecimal("1.2")),
                        new BigDecimal("1.2"),
                        Gpu.of(GpuDialect.NONE),
                        true,
                        Serving.UNKNOWN,
                        List.of()));
    }

    @Test
    @DisplayName("a later profile overrides an earlier one key by key, whatever the order of the keys")
    void precedence() {
        Policy policy = policy("""
                mode: Audit
                conflicts: Deny
                scaling: {initialScale: {write: WhenNeeded}}
                profiles:
                  - name: first
                    conflicts: Warn
                    scaling: {maxScale: {whenUnset: Inherit}, initialScale: {default: Cluster}}
                  - name: elsewhere
                    match: {namespaces: [other]}
                    conflicts: Deny
                    scaling: {maxScale: {whenUnset: Unbounded}, initialScale: {default: MinReplicas, write: Always}}
                  - name: second
                    match: {namespaces: ["ml-*"]}
                    scaling: {initialScale: {default: MinReplicas}}
                """);

        assertThat(policy.effectiveFor(IN_ML_DEV))
                .isEqualTo(new EffectivePolicy(
                        Mode.AUDIT,
                        Conflicts.WARN,
                        new Scaling(
                                MaxScaleWhenUnset.INHERIT,
                                InitialScaleDefault.MIN_REPLICAS,
                                InitialScaleWrite.WHEN_NEEDED,
                                InitialScaleOnUpdate.KEEP,
                                new BigDecimal("1.2")),
                        new BigDecimal("1.2"),
                        Gpu.of(GpuDialect.NONE),
                        true,
                        Serving.UNKNOWN,
                        List.of("first", "second")));
    }

    @Test
    @DisplayName("what profiles know about a model adds up, key by key also within window and template")
    void servingAddsUp() {
        Policy policy = policy("""
                timeouts: {factor: 1.5}
                profiles:
                  - name: first
                    startupSeconds: 240
                    maxResponseSeconds: 500
                    window: {panicWindowPercentage: 50, scaleDownDelay: 2m, target: 4}
                    containerConcurrency: 8
                    gpuMemory: 12Gi
                    probes:
                      readiness: {httpGet: {path: /health, port: 8000}}
                      liveness: {tcpSocket: {port: 8000}}
                    template:
                      annotations: {example.com/a: "1", example.com/b: "1"}
                      labels: {team: ml, tier: gold}
                    rolloutDuration: 120s
                  - name: elsewhere
                    match: {namespaces: [other]}
                    startupSeconds: 9
                    maxResponseSeconds: 9
                    window: {panicWindowPercentage: 9, scaleDownDelay: 9s, target: 9}
                    containerConcurrency: 9
                    template: {annotations: {example.com/a: "9"}, labels: {team: x}}
                    rolloutDuration: 9s
                  - name: second
                    match: {namespaces: ["ml-*"]}
                    startupSeconds: 60
                    window: {panicThresholdPercentage: 150, scaleDownDelay: 0s, targetUtilizationPercentage: 80}
                    containerConcurrency: 0
                    probes:
                      readiness: {httpGet: {path: /ready}}
                      startup: {grpc: {}}
                    template:
                      annotations: {example.com/b: "2", example.com/c: "2"}
                      labels: {tier: ""}
                """);

        EffectivePolicy effective = policy.effectiveFor(IN_ML_DEV);

        assertThat(effective.timeoutsFactor()).isEqualTo("1.5");
        assertThat(effective.profiles()).containsExactly("first", "second");
        assertThat(effective.serving())
                .isEqualTo(new Serving(
                        Optional.of(60),
                        Optional.of(500),
                        new Window(
                                Optional.of(new BigDecimal("50")),
                                Optional.of(new BigDecimal("150")),
                                Optional.of(0),
                                Optional.of(new BigDecimal("80")),
                                Optional.of(new BigDecimal("4"))),
                        Optional.of(0),
                        Optional.of(BigDecimal.valueOf(12L << 30)),
                        new Probes(
                                Optional.of(new Handler.HttpGet("/ready", Optional.empty())),
                                Optional.of(new Handler.TcpSocket(Optional.of(8000))),
                                Optional.of(new Handler.Grpc(Optional.empty(), ""))),
                        Map.of("example.com/a", "1", "example.com/b", "2", "example.com/c", "2"),
                        Map.of("team", "ml", "tier", ""),
                        Optional.of(120)));
    }

    @Test
    @DisplayName("each key of a later profile wins, and each that it leaves out stays")
    void servingKeyByKey() {
        List<String> first = List.of(
                "startupSeconds: 1",
                "maxResponseSeconds: 1",
                "window: {panicWindowPercentage: 1}",
                "window: {panicThresholdPercentage: 111}",
                "window: {scaleDownDelay: 1s}",
                "window: {targetUtilizationPercentage: 1}",
                "window: {target: 1}",
                "containerConcurrency: 1",
                "template: {annotations: {a: '1'}}",
                "template: {labels: {a: '1'}}",
                "gpuMemory: 1Gi",
                "probes: {readiness: {httpGet: {path: /1}}}",
                "probes: {readiness: {httpGet: {path: /, port: 1}}}",
                "probes: {liveness: {tcpSocket: {port: 1}}}",
                "probes: {startup: {grpc: {port: 1}}}",
                "probes: {startup: {exec: {command: ['1']}}}",
                "rolloutDuration: 1s");

        assertThat(first).allSatisfy(one -> {
            String two = one.replace("111", "112").replaceAll("\\b1\\b|\\b1(?=s|Gi)", "2");
            Serving earlier = serving("profiles: [{name: p, " + one + "}]");
            Serving later = serving("profiles: [{name: p, " + two + "}]");

            assertThat(earlier).isNotEqualTo(later).isNotEqualTo(Serving.UNKNOWN);
            assertThat(serving("profiles: [{name: p, " + one + "}, {name: q, " + two + "}]"))
                    .isEqualTo(later);
            assertThat(serving("profiles: [{name: p, " + one + "}, {name: q}]")).isEqualTo(earlier);
        });
    }

    @Test
    @DisplayName("of many profiles, too, each is on top of those before it")
    void manyProfiles() {
        String profiles = IntStream.rangeClosed(1, 3000)
                .mapToObj(i -> "- {name: p" + i + ", startupSeconds: " + i + ", template: {labels: {k" + i % 7 + ": v"
                        + i + ", l" + i + ": x}}}\n")
                .collect(Collectors.joining());

        Serving serving = serving("profiles:\n" + profiles);

        assertThat(serving.startupSeconds()).contains(3000);
        assertThat(serving.labels()).hasSize(3007).containsEntry("k4", "v3000").containsEntry("k5", "v2994");
    }

    private static Serving serving(String rest) {
        return policy(rest).effectiveFor(IN_ML_DEV).serving();
    }

    @Test
    @DisplayName("a profile can put back the built-in value that the top level changed")
    void backToBuiltIn() {
        Policy policy = policy("""
                conflicts: Deny
                scaling: {maxScale: {whenUnset: Inherit}, initialScale: {default: Cluster, write: WhenNeeded}}
                profiles:
                  - name: back
                    conflicts: Clamp
                    scaling: {maxScale: {whenUnset: Unbounded}, initialScale: {default: MinReplicas, write: Always}}
                """);

        assertThat(policy.effectiveFor(IN_ML_DEV))
                .isEqualTo(new EffectivePolicy(
                        Mode.ENFORCE,
                        Conflicts.CLAMP,
                        Policy.BUILT_IN.scaling(),
                        new BigDecimal("1.2"),
                        Gpu.of(GpuDialect.NONE),
                        true,
                        Serving.UNKNOWN,
                        List.of("back")));
    }

    @Test
    @DisplayName("how the next revision starts is decided key by key, too")
    void onUpdate() {
        Policy policy = policy("""
                scaling: {initialScale: {onUpdate: TrafficMatched, factor: 1.5}}
                profiles:
                  - {name: first, match: {namespaces: [a, b]}, scaling: {initialScale: {onUpdate: Keep}}}
                  - {name: second, match: {namespaces: [b, c]}, scaling: {initialScale: {factor: 2}}}
                """);

        assertThat(onUpdate(policy, "a")).isEqualTo("KEEP 1.5");
        assertThat(onUpdate(policy, "b")).isEqualTo("KEEP 2");
        assertThat(onUpdate(policy, "c")).isEqualTo("TRAFFIC_MATCHED 2");
        assertThat(onUpdate(policy, "d")).isEqualTo("TRAFFIC_MATCHED 1.5");
    }

    private static String onUpdate(Policy policy, String namespace) {
        Scaling scaling = policy.effectiveFor(subject(ServiceKind.KNATIVE_SERVICE, namespace, Map.of(), Map.of()))
                .scaling();
        return scaling.initialScaleOnUpdate() + " " + scaling.initialScaleFactor();
    }

    @ParameterizedTest
    @CsvSource({"vllm, true", "huggingface, true", "vLLM, true", "HuggingFace, true", "sklearn, false", ", false"})
    @DisplayName("a profile for model formats is not for what has another, nor for what has none")
    void matchingFormat(String format, boolean matches) {
        Policy policy = policy("profiles: [{name: p, match: {modelFormats: [huggingface, vllm]}}, {name: all}]");
        PolicyTarget subject =
                new PolicyTarget(ServiceKind.INFERENCE_SERVICE, "a", Map.of(), Map.of(), Optional.ofNullable(format));

        assertThat(policy.effectiveFor(subject).profiles()).isEqualTo(matches ? List.of("p", "all") : List.of("all"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // match                                   | kind              | namespace | labels | template | matches
                "{}                                        | INFERENCE_SERVICE | a         |        |          | true",
                "{labels: {}}                              | INFERENCE_SERVICE | a         |        |          | true",
                "{namespaces: [a]}                         | INFERENCE_SERVICE | a         |        |          | true",
                "{namespaces: [a]}                         | INFERENCE_SERVICE | aa        |        |          | false",
                "{namespaces: [b, 'a*']}                   | INFERENCE_SERVICE | aa        |        |          | true",
                "{kinds: [InferenceService]}               | INFERENCE_SERVICE | a         |        |          | true",
                "{kinds: [InferenceService]}               | INFERENCE_GRAPH   | a         |        |          | false",
                "{kinds: [KnativeService, InferenceGraph]} | INFERENCE_GRAPH   | a         |        |          | true",
                "{kinds: [KnativeService, InferenceGraph]} | KNATIVE_SERVICE   | a         |        |          | true",
                "{labels: {x: 'y'}}                        | KNATIVE_SERVICE   | a         | x=y    |          | true",
                "{labels: {x: 'y'}}                        | KNATIVE_SERVICE   | a         |        | x=y      | true",
                "{labels: {x: 'y'}}                        | KNATIVE_SERVICE   | a         | x=z    | x=y      | true",
                "{labels: {x: 'y'}}                        | KNATIVE_SERVICE   | a         | x=Y    | z=y      | false",
                "{labels: {x: 'y', v: w}}                  | KNATIVE_SERVICE   | a         | x=y    |          | false",
                "{labels: {x: 'y', v: w}}                  | KNATIVE_SERVICE   | a         | x=y    | v=w      | true",
                "{labels: {x: ''}}                         | KNATIVE_SERVICE   | a         |        |          | false",
                "{labels: {x: ''}}                         | KNATIVE_SERVICE   | a         | x=     |          | true",
                "{namespaces: [a], labels: {x: 'y'}, kinds: [KnativeService]} | KNATIVE_SERVICE | a | x=y | | true",
                "{namespaces: [b], labels: {x: 'y'}, kinds: [KnativeService]} | KNATIVE_SERVICE | a | x=y | | false",
                "{namespaces: [a], labels: {x: 'z'}, kinds: [KnativeService]} | KNATIVE_SERVICE | a | x=y | | false",
                "{namespaces: [a], labels: {x: 'y'}, kinds: [InferenceGraph]} | KNATIVE_SERVICE | a | x=y | | false",
            })
    void matching(
            String match, ServiceKind kind, String namespace, String labels, String templateLabels, boolean matches) {
        Policy policy = policy("profiles: [{name: p, match: " + match + "}]");

        assertThat(policy.effectiveFor(subject(kind, namespace, labels(labels), labels(templateLabels)))
                        .profiles())
                .isEqualTo(matches ? List.of("p") : List.of());
    }

    @Test
    void checkedConstructors() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Glob(""));
        assertThatIllegalArgumentException().isThrownBy(() -> new PolicyProblem("", 0, 1, ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new PolicyProblem("", 1, 0, ""));
    }

    private static Policy policy(String rest) {
        LoadedPolicy loaded = PolicyLoader.load("apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n" + rest);
        assertThat(loaded.problems()).isEmpty();
        return loaded.policy().orElseThrow();
    }

    private static Map<String, String> labels(String text) {
        if (text == null) {
            return Map.of();
        }
        int equals = text.indexOf('=');
        return Map.of(text.substring(0, equals), text.substring(equals + 1));
    }

    private static PolicyTarget subject(
            ServiceKind kind, String namespace, Map<String, String> labels, Map<String, String> templateLabels) {
        return new PolicyTarget(kind, namespace, labels, templateLabels, Optional.empty());
    }
}
