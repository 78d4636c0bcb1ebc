package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.policy.AibrixCheck.Severity;
import dev.trimtab.policy.Gpu.GpuDialect;
import dev.trimtab.policy.Policy.Aibrix;
import dev.trimtab.policy.Policy.Conflicts;
import dev.trimtab.policy.Policy.Lifecycle;
import dev.trimtab.policy.Policy.Mode;
import dev.trimtab.policy.Policy.NativeStop;
import dev.trimtab.policy.PolicyLoader.LoadedPolicy;
import dev.trimtab.policy.PolicyProblem.Problems;
import dev.trimtab.policy.Probes.Handler;
import dev.trimtab.policy.Profile.Match;
import dev.trimtab.policy.Profile.Overrides;
import dev.trimtab.policy.Profile.PolicyTarget;
import dev.trimtab.policy.Profile.ServiceKind;
import dev.trimtab.policy.Scaling.InitialScaleDefault;
import dev.trimtab.policy.Scaling.InitialScaleOnUpdate;
import dev.trimtab.policy.Scaling.InitialScaleWrite;
import dev.trimtab.policy.Scaling.MaxScaleWhenUnset;
import dev.trimtab.policy.Serving.Window;
import dev.trimtab.policy.YamlValue.YamlText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyLoaderTest {
    /** Two lines: what a case adds starts on line 3. */
    static final String HEADER = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n";

    static final String EVERY_KEY = """
            apiVersion: trimtab.dev/v1alpha1
            kind: Policy
            mode: Audit
            conflicts: Deny
            scaling:
              maxScale: {whenUnset: Inherit}
              initialScale: {default: Cluster, write: WhenNeeded, onUpdate: TrafficMatched, factor: 1.30}
            gpu: {dialect: aliyun}
            timeouts: {factor: 1.50}
            pinDefaults: false
            namespaces: {allowProfiles: true}
            stop: {gracePeriod: 1.5m, nativeTimeout: 1h}
            lifecycle: {nativeStop: Never}
            start: {deadline: 1h30m}
            aibrix: {checks: {A6: Deny, A13: Ignore}, rewriteDeadKeys: true, metrics: [my_metric]}
            kserve: {defaultDeploymentMode: RawDeployment}
            profiles:
              - name: dev
                match:
                  namespaces: ["ml-*", "lab?"]
                  labels: {serving: llm, example.com/tier: ""}
                  modelFormats: [vllm, huggingface, vllm]
                  kinds: [InferenceService, KnativeService, InferenceGraph, PodAutoscaler]
                conflicts: Warn
                scaling:
                  maxScale: {whenUnset: Unbounded}
                  initialScale: {default: MinReplicas, write: Always, onUpdate: Keep, factor: 1.0}
                startupSeconds: 240
                maxResponseSeconds: 500
                window:
                  panicWindowPercentage: 50
                  panicThresholdPercentage: 200
                  scaleDownDelay: 2m
                  targetUtilizationPercentage: 80.0
                  target: 0.25
                containerConcurrency: 8
                gpuMemory: 12Gi
                probes:
                  readiness: {httpGet: {path: "/v2/models/{name}/ready", port: 8080}}
                  liveness: {tcpSocket: {port: 8081}}
                  startup: {exec: {command: [test, -e, /ready]}}
                template:
                  annotations: {k8s.aliyun.com/eci-image-cache: "true", Example.com/a: ""}
                  labels: {alibabacloud.com/eci: "true"}
                rolloutDuration: 1.5m
              - name: grpc
                probes: {readiness: {grpc: {port: 9000, service: inference.GRPC}}}
              - name: rest
            """;

    @Test
    @DisplayName("a policy that sets nothing is the built-in one")
    void headerAlone() {
        assertThat(PolicyLoader.load(HEADER)).isEqualTo(new LoadedPolicy(Optional.of(Policy.BUILT_IN), List.of()));
    }

    @Test
    void everyKey() {
        LoadedPolicy loaded = PolicyLoader.load(EVERY_KEY);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.policy())
                .contains(new Policy(
                        Mode.AUDIT,
                        Conflicts.DENY,
                        new Scaling(
                                MaxScaleWhenUnset.INHERIT,
                                InitialScaleDefault.CLUSTER,
                                InitialScaleWrite.WHEN_NEEDED,
                                InitialScaleOnUpdate.TRAFFIC_MATCHED,
                                new BigDecimal("1.3")),
                        new BigDecimal("1.5"),
                        Gpu.of(GpuDialect.ALIYUN),
                        false,
                        true,
                        new Lifecycle(
                                Duration.ofSeconds(90), Duration.ofHours(1), NativeStop.NEVER, Duration.ofMinutes(90)),
                        new Aibrix(
                                Map.of(AibrixCheck.IGNORED_PATH, Severity.DENY, AibrixCheck.DEAD_KEY, Severity.IGNORE),
                                true,
                                Set.of("my_metric")),
                        DeploymentMode.STANDARD,
                        List.of(
                                new Profile(
                                        "dev",
                                        new Match(
                                                List.of(new Glob("ml-*"), new Glob("lab?")),
                                                Map.of("serving", "llm", "example.com/tier", ""),
                                                Set.of("vllm", "huggingface"),
                                                Set.of(ServiceKind.values())),
                                        new Overrides(
                                                Optional.of(Conflicts.WARN),
                                                Optional.of(MaxScaleWhenUnset.UNBOUNDED),
                                                Optional.of(InitialScaleDefault.MIN_REPLICAS),
                                                Optional.of(InitialScaleWrite.ALWAYS),
                                                Optional.of(InitialScaleOnUpdate.KEEP),
                                                Optional.of(BigDecimal.ONE)),
                                        new Serving(
                                                Optional.of(240),
                                                Optional.of(500),
                                                new Window(
                                                        Optional.of(new BigDecimal("50")),
                                                        Optional.of(new BigDecimal("200")),
                                                        Optional.of(120),
                                                        Optional.of(new BigDecimal("80")),
                                                        Optional.of(new BigDecimal("0.25"))),
                                                Optional.of(8),
                                                Optional.of(BigDecimal.valueOf(12L << 30)),
                                                new Probes(
                                                        Optional.of(new Handler.HttpGet(
                                                                "/v2/models/{name}/ready", Optional.of(8080))),
                                                        Optional.of(new Handler.TcpSocket(Optional.of(8081))),
                                                        Optional.of(new Handler.Exec(List.of("test", "-e", "/ready")))),
                                                Map.of("k8s.aliyun.com/eci-image-cache", "true", "Example.com/a", ""),
                                                Map.of("alibabacloud.com/eci", "true"),
                                                Optional.of(90))),
                                new Profile(
                                        "grpc",
                                        Match.EVERYTHING,
                                        Overrides.NONE,
                                        probed(new Handler.Grpc(Optional.of(9000), "inference.GRPC"))),
                                new Profile("rest", Match.EVERYTHING, Overrides.NONE, Serving.UNKNOWN))));
    }

    private static Serving probed(Handler readiness) {
        Serving none = Serving.UNKNOWN;
        return new Serving(
                none.startupSeconds(),
                none.maxResponseSeconds(),
                none.window(),
                none.containerConcurrency(),
                none.gpuMemoryBytes(),
                new Probes(Optional.of(readiness), Optional.empty(), Optional.empty()),
                none.annotations(),
                none.labels(),
                none.rolloutSeconds());
    }

    static Stream<String> valid() {
        return Stream.of(
                "mode: \"Enforce\"",
                "mode: !!str Enforce",
                "scaling: {}",
                "scaling: {initialScale: {factor: 10}}",
                "gpu: {}",
                "gpu: {dialect: none}",
                "pinDefaults: true",
                "namespaces: {}",
                "namespaces: {allowProfiles: false}",
                "stop: {}",
                "stop: {gracePeriod: 0s, nativeTimeout: 1s}",
                "stop: {gracePeriod: 60m, nativeTimeout: 3600s}",
                "stop: {gracePeriod: \"0\"}",
                "lifecycle: {}",
                "aibrix: {}",
                "kserve: {}",
                "kserve: {defaultDeploymentMode: Serverless}",
                "aibrix: {checks: {}, rewriteDeadKeys: false, metrics: []}",
                "lifecycle: {nativeStop: Always}",
                "start: {}",
                "start: {deadline: 1m}",
                "start: {deadline: 24h}",
                "profiles:\n  - {name: a, match: {modelFormats: ['a format']}}",
                "profiles: []",
                "profiles:\n  - {name: a, match: {}}",
                "profiles:\n  - {name: a, match: {labels: {}}}",
                "profiles:\n  - {name: a, match: {namespaces: ['*']}}",
                "profiles:\n  - {name: a, scaling: &s {maxScale: {whenUnset: Inherit}}}\n  - {name: b, scaling: *s}",
                "# a comment\n...");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void accepts(String text) {
        assertThat(PolicyLoader.load(HEADER + text).problems()).isEmpty();
    }

    @Test
    @DisplayName("a byte order mark and Windows line ends do no harm")
    void windows() {
        assertThat(PolicyLoader.load("\uFEFF" + HEADER.replace("\n", "\r\n")).problems())
                .isEmpty();
    }

    /** A text that follows the header, and what is said about it. */
    static Stream<Arguments> problems() {
        return Stream.of(
                // values
                arguments("mode: enforce", "3:7 mode: \"enforce\" is not one of Enforce, Audit; did you mean Enforce?"),
                arguments("mode: Off", "3:7 mode: expected one of Enforce, Audit, found the boolean \"Off\""),
                arguments("mode: Nothing", "3:7 mode: \"Nothing\" is not one of Enforce, Audit"),
                arguments("mode: ''", "3:7 mode: \"\" is not one of Enforce, Audit"),
                arguments("mode:", "3:6 mode: expected one of Enforce, Audit, found nothing"),
                arguments("mode: ~", "3:7 mode: expected one of Enforce, Audit, found nothing"),
                arguments("mode: [Audit]", "3:7 mode: expected one of Enforce, Audit, found a list"),
                arguments("mode: {Audit}", "3:7 mode: expected one of Enforce, Audit, found a map"),
                arguments(
                        "mode: !audit Audit",
                        "3:7 mode: expected one of Enforce, Audit, found a value tagged \"!audit\""),
                arguments(
                        "mode: \"a\\nb\\u202e\\\"\"",
                        "3:7 mode: \"a\\u000ab\\u202e\\\"\" is not one of Enforce, Audit"),
                arguments(
                        "mode: " + "x".repeat(70),
                        "3:7 mode: \"" + "x".repeat(60) + "…\" is not one of Enforce, Audit"),
                arguments("conflicts: 3", "3:12 conflicts: expected one of Clamp, Warn, Deny, found the number \"3\""),
                arguments(
                        "conflicts: 2026-01-01",
                        "3:12 conflicts: expected one of Clamp, Warn, Deny, found the date \"2026-01-01\""),
                arguments(
                        "conflicts: Calmp",
                        "3:12 conflicts: \"Calmp\" is not one of Clamp, Warn, Deny; did you mean Clamp?"),
                arguments(
                        "scaling:\n  maxScale:\n    whenUnset: unbounded",
                        "5:16 scaling.maxScale.whenUnset: \"unbounded\" is not one of Unbounded, Inherit;"
                                + " did you mean Unbounded?"),
                arguments(
                        "scaling:\n  initialScale:\n    default: MinReplica",
                        "5:14 scaling.initialScale.default: \"MinReplica\" is not one of MinReplicas, Cluster;"
                                + " did you mean MinReplicas?"),
                arguments(
                        "scaling:\n  initialScale: {write: when-needed}",
                        "4:25 scaling.initialScale.write: \"when-needed\" is not one of Always, WhenNeeded;"
                                + " did you mean WhenNeeded?"),
                arguments(
                        "scaling:\n  initialScale: {onUpdate: keep}",
                        "4:28 scaling.initialScale.onUpdate: \"keep\" is not one of Keep, TrafficMatched; did you mean"
                                + " Keep?"),
                arguments(
                        "scaling:\n  initialScale: {onUpdate: 1}",
                        "4:28 scaling.initialScale.onUpdate: expected one of Keep, TrafficMatched, found the number"
                                + " \"1\""),
                arguments(
                        "scaling: {initialScale: {factor: 0.9}}",
                        "3:34 scaling.initialScale.factor: 0.9 is below 1, the least that Trimtab takes"),
                arguments(
                        "scaling: {initialScale: {factor: 11}}",
                        "3:34 scaling.initialScale.factor: 11 is above 10, the most that Trimtab takes"),
                arguments(
                        "gpu: {dialect: Aliyun}",
                        "3:16 gpu.dialect: \"Aliyun\" is not one of aliyun, hami, volcano, qgpu, koordinator, kai, none;"
                                + " did you mean aliyun?"),
                arguments(
                        "gpu: {dialect: ~}",
                        "3:16 gpu.dialect: expected one of aliyun, hami, volcano, qgpu, koordinator, kai, none, found"
                                + " nothing"),
                arguments("pinDefaults: yes", "3:14 pinDefaults: expected true or false, found the boolean \"yes\""),
                arguments("pinDefaults: True", "3:14 pinDefaults: expected true or false, found the boolean \"True\""),
                arguments(
                        "pinDefaults: 'false'",
                        "3:14 pinDefaults: expected true or false, found the text \"false\"; leave out the quotes"),
                arguments("pinDefaults: 1", "3:14 pinDefaults: expected true or false, found the number \"1\""),
                arguments("pinDefaults:", "3:13 pinDefaults: expected true or false, found nothing"),
                arguments(
                        "namespaces: {allowProfiles: no}",
                        "3:29 namespaces.allowProfiles: expected true or false, found the boolean \"no\""),
                arguments("namespaces: [a]", "3:13 namespaces: expected a map, found a list"),
                arguments(
                        "namespaces: {allowProfile: true}",
                        "3:14 namespaces.allowProfile: unknown key; did you mean allowProfiles?"),
                // stop, lifecycle and start
                arguments(
                        "stop: {gracePeriod: 30}",
                        "3:21 stop.gracePeriod: expected a duration such as 90s, 2m or 1h, found the number \"30\";"
                                + " add the unit"),
                arguments(
                        "stop: {gracePeriod: -1s}",
                        "3:21 stop.gracePeriod: \"-1s\" is below 0s, the least that Trimtab takes"),
                arguments(
                        "stop: {gracePeriod: 61m}",
                        "3:21 stop.gracePeriod: \"61m\" is above 1h, the most that Trimtab takes"),
                arguments(
                        "stop: {nativeTimeout: 0s}",
                        "3:23 stop.nativeTimeout: \"0s\" is below 1s, the least that Trimtab takes"),
                arguments(
                        "stop: {nativeTimeout: 1500ms}", "3:23 stop.nativeTimeout: \"1500ms\" is not in whole seconds"),
                arguments("stop: {gracePeriods: 1s}", "3:8 stop.gracePeriods: unknown key; did you mean gracePeriod?"),
                arguments("stop: 30s", "3:7 stop: expected a map, found the text \"30s\""),
                arguments(
                        "lifecycle: {nativeStop: never}",
                        "3:25 lifecycle.nativeStop: \"never\" is not one of Auto, Always, Never; did you mean Never?"),
                arguments(
                        "lifecycle: {nativeStop: true}",
                        "3:25 lifecycle.nativeStop: expected one of Auto, Always, Never, found the boolean \"true\""),
                arguments(
                        "lifecycle: {gracePeriod: 1s}",
                        "3:13 lifecycle.gracePeriod: unknown key; known here: nativeStop"),
                // kserve
                arguments(
                        "kserve: {defaultDeploymentMode: standard}",
                        "3:33 kserve.defaultDeploymentMode: \"standard\" is not one of Knative, Standard, Serverless,"
                                + " RawDeployment; did you mean Standard?"),
                // aibrix
                arguments(
                        "aibrix: {checks: {A6: deny}}",
                        "3:23 aibrix.checks.A6: \"deny\" is not one of Deny, Warn, Ignore; did you mean Deny?"),
                arguments("aibrix: {checks: {a6: Deny}}", "3:19 aibrix.checks.a6: unknown key; did you mean A6?"),
                arguments(
                        "aibrix: {rewriteDeadKey: true}",
                        "3:10 aibrix.rewriteDeadKey: unknown key; did you mean rewriteDeadKeys?"),
                arguments(
                        "aibrix: {metrics: [1]}",
                        "3:20 aibrix.metrics[0]: expected text, found the number \"1\"; put it in quotes"),
                arguments(
                        "start: {deadline: 59s}",
                        "3:19 start.deadline: \"59s\" is below 1m, the least that Trimtab takes"),
                arguments(
                        "start: {deadline: 25h}",
                        "3:19 start.deadline: \"25h\" is above 24h, the most that Trimtab takes"),
                arguments("start: {deadlin: 1h}", "3:9 start.deadlin: unknown key; did you mean deadline?"),
                // maps and lists
                arguments("scaling:", "3:9 scaling: expected a map, found nothing"),
                arguments("scaling: Inherit", "3:10 scaling: expected a map, found the text \"Inherit\""),
                arguments("scaling: [maxScale]", "3:10 scaling: expected a map, found a list"),
                arguments("scaling: !foo {}", "3:10 scaling: expected a map, found a value tagged \"!foo\""),
                arguments("profiles:", "3:10 profiles: expected a list, found nothing"),
                arguments("profiles: {name: dev}", "3:11 profiles: expected a list, found a map"),
                arguments("profiles:\n  - dev", "4:5 profiles[0]: expected a map, found the text \"dev\""),
                arguments("profiles:\n  -", "4:4 profiles[0]: expected a map, found nothing"),
                // keys
                arguments("Mode: Audit", "3:1 Mode: unknown key; did you mean mode?"),
                arguments("scaling: {max-scale: {}}", "3:11 scaling.max-scale: unknown key; did you mean maxScale?"),
                arguments(
                        "scaling: {maxScale: {whenNotSet: Inherit}}",
                        "3:22 scaling.maxScale.whenNotSet: unknown key; did you mean whenUnset?"),
                arguments(
                        "quota: {}",
                        "3:1 quota: unknown key; known here: apiVersion, kind, mode, conflicts, scaling, gpu, timeouts,"
                                + " pinDefaults, namespaces, stop, lifecycle, start, aibrix, kserve, profiles"),
                arguments(
                        "gpu: {dialect: kai, unit: MiB}",
                        "3:27 gpu.unit: is for the dialects aliyun, hami, volcano and qgpu; leave it out"),
                arguments("gpu: {memory: 1Gi}", "3:7 gpu.memory: unknown key; known here: dialect, unit"),
                arguments(
                        "profiles:\n  - name: dev\n    gpu: {}",
                        "5:5 profiles[0].gpu: unknown key; known here: name, match, conflicts, scaling,"
                                + " startupSeconds, maxResponseSeconds, window, containerConcurrency, gpuMemory,"
                                + " probes, template, rolloutDuration"),
                arguments(
                        "scaling: {initialScale: {onCreate: Keep}}",
                        "3:26 scaling.initialScale.onCreate: unknown key; known here: default, write, onUpdate,"
                                + " factor"),
                arguments(
                        "scaling: {'max scale\t': {}, '': {}}",
                        "3:11 scaling[\"max scale\\u0009\"]: unknown key; did you mean maxScale?",
                        "3:29 scaling[\"\"]: unknown key; known here: maxScale, initialScale"),
                arguments("1: 2", "3:1 expected text as a key, found the number \"1\""),
                arguments("? [a, b]\n: 2", "3:3 expected text as a key, found a list"),
                arguments(
                        "scaling: &s {}\nprofiles:\n  - {name: a, <<: *s}",
                        "5:15 profiles[0]: merge keys (<<) are not read; write the keys themselves"),
                arguments("mode: Audit\nmode: Enforce", "4:1 mode: is already on line 3; keep one of the two"),
                arguments(
                        "scaling: {maxScale: {}, maxScale: {}}",
                        "3:25 scaling.maxScale: is already on line 3; keep one of the two"),
                // profiles
                arguments(
                        "profiles:\n  - conflicts: Warn",
                        "4:5 profiles[0].name: is missing; every profile needs a name of its own"),
                arguments("profiles:\n  - name:", "4:10 profiles[0].name: expected text, found nothing"),
                arguments(
                        "profiles:\n  - name: 1",
                        "4:11 profiles[0].name: expected text, found the number \"1\"; put it in quotes"),
                arguments(
                        "profiles:\n  - name: Dev",
                        "4:11 profiles[0].name: \"Dev\" is not a name: use 1 to 63 of a-z, 0-9 and -,"
                                + " with a letter or digit at both ends"),
                arguments(
                        "profiles:\n  - name: a\n  - name: b\n  - name: a",
                        "6:11 profiles[2].name: \"a\" is already the name of profiles[0]"),
                arguments(
                        "profiles:\n  - &p {name: a}\n  - *p",
                        "4:15 profiles[1].name: \"a\" is already the name of profiles[0]"),
                // match
                arguments("profiles:\n  - {name: a, match: }", "4:21 profiles[0].match: expected a map, found nothing"),
                arguments(
                        "profiles:\n  - {name: a, match: {namespace: [b]}}",
                        "4:23 profiles[0].match.namespace: unknown key; did you mean namespaces?"),
                arguments(
                        "profiles:\n  - {name: a, match: {namespaces: ml}}",
                        "4:35 profiles[0].match.namespaces: expected a list, found the text \"ml\""),
                arguments(
                        "profiles:\n  - {name: a, match: {namespaces: []}}",
                        "4:35 profiles[0].match.namespaces: is an empty list; leave the key out to match every"
                                + " namespace"),
                arguments(
                        "profiles:\n  - {name: a, match: {namespaces: [b, '']}}",
                        "4:39 profiles[0].match.namespaces[1]: \"\" is empty and matches no namespace; * matches every"
                                + " one"),
                arguments(
                        "profiles:\n  - {name: a, match: {namespaces: ['ml-.*']}}",
                        "4:36 profiles[0].match.namespaces[0]: \"ml-.*\" matches no namespace: \".\" is in no"
                                + " namespace's name; use a-z, 0-9 and -, with * and ?"),
                arguments(
                        "profiles:\n  - {name: a, match: {namespaces: [" + "a".repeat(129) + "]}}",
                        "4:36 profiles[0].match.namespaces[0]: \"" + "a".repeat(60) + "…\" is longer than 128"
                                + " characters"),
                arguments(
                        "profiles:\n  - {name: a, match: {kinds: []}}",
                        "4:30 profiles[0].match.kinds: is an empty list; leave the key out to match every kind"),
                arguments(
                        "profiles:\n  - {name: a, match: {kinds: [InferenceServices, Pod]}}",
                        "4:31 profiles[0].match.kinds[0]: \"InferenceServices\" is not one of KnativeService,"
                                + " InferenceService, InferenceGraph, PodAutoscaler; did you mean InferenceService?",
                        "4:50 profiles[0].match.kinds[1]: \"Pod\" is not one of KnativeService, InferenceService,"
                                + " InferenceGraph, PodAutoscaler"),
                arguments(
                        "profiles:\n  - {name: a, match: {modelFormats: []}}",
                        "4:37 profiles[0].match.modelFormats: is an empty list; leave the key out to match every model"
                                + " format"),
                arguments(
                        "profiles:\n  - {name: a, match: {modelFormats: vllm}}",
                        "4:37 profiles[0].match.modelFormats: expected a list, found the text \"vllm\""),
                arguments(
                        "profiles:\n  - {name: a, match: {modelFormats: [1, ' ', {name: vllm}]}}",
                        "4:38 profiles[0].match.modelFormats[0]: expected text, found the number \"1\"; put it in"
                                + " quotes",
                        "4:41 profiles[0].match.modelFormats[1]: \" \" is not a model format; write a name as in"
                                + " modelFormat.name, such as vLLM",
                        "4:46 profiles[0].match.modelFormats[2]: expected text, found a map"),
                arguments(
                        "profiles:\n  - {name: a, match: {labels: {serving: yes}}}",
                        "4:41 profiles[0].match.labels.serving: expected text, found the boolean \"yes\"; put it in"
                                + " quotes"),
                arguments(
                        "profiles:\n  - {name: a, match: {labels: {serving: }}}",
                        "4:40 profiles[0].match.labels.serving: expected text, found nothing"),
                arguments(
                        "profiles:\n  - {name: a, match: {labels: {serving: [llm]}}}",
                        "4:41 profiles[0].match.labels.serving: expected text, found a list"),
                arguments(
                        "profiles:\n  - {name: a, match: {labels: {serving: 'llm-*'}}}",
                        "4:41 profiles[0].match.labels.serving: \"llm-*\" is not a label value: use at most 63 of a-z,"
                                + " A-Z, 0-9, -, _ and ., with a letter or digit at both ends"),
                arguments(
                        "profiles:\n  - {name: a, match: {labels: {Bad.com/x: y}}}",
                        "4:32 profiles[0].match.labels[\"Bad.com/x\"]: is not a label key: use 1 to 63 of a-z, A-Z, 0-9,"
                                + " -, _ and ., with a letter or digit at both ends, and before it, if you like, a"
                                + " domain and /"),
                arguments(
                        "profiles:\n  - {name: a, match: {labels: {a: b, a: c}}}",
                        "4:38 profiles[0].match.labels.a: is already on line 4; keep one of the two"),
                // all at once, in the order of the text
                arguments(
                        "scaling: {foo: 1, maxScale: {whenUnset: x}}\nmode: Auditt\nprofiles:\n  - {conflicts: warn}",
                        "3:11 scaling.foo: unknown key; known here: maxScale, initialScale",
                        "3:41 scaling.maxScale.whenUnset: \"x\" is not one of Unbounded, Inherit",
                        "4:7 mode: \"Auditt\" is not one of Enforce, Audit; did you mean Audit?",
                        "6:5 profiles[0].name: is missing; every profile needs a name of its own",
                        "6:17 profiles[0].conflicts: \"warn\" is not one of Clamp, Warn, Deny; did you mean Warn?"),
                // the text as a whole
                arguments("---\nmode: Audit", "3:1 a second document starts here; a policy is one"),
                arguments("mode: a: b", "3:8 not valid YAML: mapping values are not allowed here"),
                arguments(
                        "mode: 'Audit",
                        "3:13 not valid YAML: while scanning a quoted scalar, found unexpected end of stream"),
                arguments(
                        "mode: Audit\n\tx: y",
                        "4:1 not valid YAML: while scanning for the next token, found character '\\t(TAB)' that cannot"
                                + " start any token. (Do not use \\t(TAB) for indentation)"),
                arguments(
                        "profiles:\n  - {name: a, match: {namespaces: [*-dev]}}",
                        "4:36 not valid YAML: found undefined alias -dev; a text that starts with * must be in quotes"),
                arguments(
                        "profiles:\n  - {name: a, match: {namespaces: [*]}}",
                        "4:37 not valid YAML: while scanning an alias, unexpected character found ](93); a text that"
                                + " starts with * must be in quotes"),
                arguments("mode: A\u0007", "3:8 character U+0007 has no place in YAML"),
                arguments("mode: \uD800", "3:7 character U+D800 has no place in YAML"),
                arguments("mode: " + "[".repeat(30), "3:26 nested deeper than 20 levels"),
                arguments("a: &a []\nb: [" + "*a, ".repeat(60) + "]", "4:205 more than 50 aliases"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void refuses(ArgumentsAccessor arguments) {
        String text = arguments.getString(0);
        List<String> expected = arguments.toList().stream()
                .skip(1)
                .map(said -> "policy.yaml:" + said.toString().replaceFirst(" ", ": "))
                .toList();

        LoadedPolicy loaded = PolicyLoader.load(HEADER + text);

        assertThat(loaded.policy()).isEmpty();
        assertThat(loaded.problems()).extracting(PolicyProblem::toString).containsExactlyElementsOf(expected);
    }

    static Stream<Arguments> headers() {
        String empty = "1:1 the policy is empty; it needs at least apiVersion: trimtab.dev/v1alpha1 and kind: Policy";
        String version = "apiVersion: is missing; this release reads trimtab.dev/v1alpha1";
        return Stream.of(
                arguments("", empty),
                arguments("# nothing here\n\n", empty),
                arguments("---\n...\n", "2:1 expected a map, found nothing"),
                arguments("Policy", "1:1 expected a map, found the text \"Policy\""),
                arguments("- kind: Policy", "1:1 expected a map, found a list"),
                arguments("{}", "1:1 " + version, "1:1 kind: is missing; this release reads Policy"),
                arguments("\nkind: Policy", "2:1 " + version),
                arguments(
                        "apiVersion: trimtab.dev/v1\nkind: policy",
                        "1:13 apiVersion: \"trimtab.dev/v1\" is not known; this release reads trimtab.dev/v1alpha1",
                        "2:7 kind: \"policy\" is not known; this release reads Policy"),
                arguments(
                        "apiVersion: 1\nkind:",
                        "1:13 apiVersion: expected text, found the number \"1\"; put it in quotes",
                        "2:6 kind: expected text, found nothing"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void refusesHeader(ArgumentsAccessor arguments) {
        List<String> expected = arguments.toList().stream()
                .skip(1)
                .map(said -> "policy.yaml:" + said.toString().replaceFirst(" ", ": "))
                .toList();

        assertThat(PolicyLoader.load(arguments.getString(0)).problems())
                .extracting(PolicyProblem::toString)
                .containsExactlyElementsOf(expected);
    }

    @Test
    @DisplayName("256 KiB of UTF-8 are read, one byte more is not")
    void size() {
        String fits = HEADER + "#" + "x".repeat(YamlText.MOST_BYTES - HEADER.length() - 1);

        assertThat(PolicyLoader.load(fits).problems()).isEmpty();
        assertThat(PolicyLoader.load(fits + "x").problems())
                .containsExactly(new PolicyProblem("", 1, 1, "the policy is larger than 256 KiB"));
        assertThat(PolicyLoader.load(fits.substring(1) + "é").problems())
                .containsExactly(new PolicyProblem("", 1, 1, "the policy is larger than 256 KiB"));
    }

    @Test
    @DisplayName("an alias that contains itself is a wrong value like any other")
    void recursive() {
        assertThat(PolicyLoader.load(HEADER + "scaling: &s {maxScale: *s}").problems())
                .extracting(PolicyProblem::toString)
                .containsExactly("policy.yaml:3:14: scaling.maxScale.maxScale: unknown key; known here: whenUnset");
    }

    @Test
    @DisplayName("of very many problems the first hundred are told, and that there are more")
    void many() {
        String keys =
                IntStream.range(0, 20_000).mapToObj(i -> "k" + i + ": 1\n").collect(Collectors.joining());

        List<PolicyProblem> problems = PolicyLoader.load(HEADER + keys).problems();

        assertThat(problems).hasSize(Problems.MOST + 1);
        assertThat(problems.get(0).toString()).startsWith("policy.yaml:3:1: k0: unknown key");
        assertThat(problems.get(Problems.MOST))
                .isEqualTo(new PolicyProblem("", 103, 1, "there are more problems; mend those above first"));
    }

    @Test
    @DisplayName("small texts that grow when read are refused or cheap")
    void bombs() {
        StringBuilder laughs = new StringBuilder(HEADER).append("a0: &a0 [x]\n");
        for (int i = 1; i <= 25; i++) {
            laughs.append(String.format("a%d: &a%d [*a%d, *a%d]%n", i, i, i - 1, i - 1));
        }
        assertThat(PolicyLoader.load(laughs.toString()).problems()).hasSize(26);
        String labels =
                IntStream.range(0, 25_000).mapToObj(i -> "x" + i + ": ,").collect(Collectors.joining());
        String shared = "profiles: [&p {match: {labels: {" + labels + "}}}" + ", *p".repeat(50) + "]";
        assertThat(PolicyLoader.load(HEADER + shared).problems()).hasSize(Problems.MOST + 1);
        String profiles =
                IntStream.range(0, 15_000).mapToObj(i -> "- name: p" + i + "\n").collect(Collectors.joining());
        Policy many =
                PolicyLoader.load(HEADER + "profiles:\n" + profiles).policy().orElseThrow();
        assertThat(many.effectiveFor(new PolicyTarget(
                                ServiceKind.KNATIVE_SERVICE, "a", Map.of(), Map.of(), Optional.empty()))
                        .profiles())
                .hasSize(15_000);
        assertThat(PolicyLoader.load("[".repeat(200_000)).problems())
                .containsExactly(new PolicyProblem("", 1, 21, "nested deeper than 20 levels"));
        assertThat(PolicyLoader.load("? ".repeat(100_000)).problems())
                .containsExactly(new PolicyProblem("", 1, 41, "nested deeper than 20 levels"));
    }

    @Test
    void namesTheFile() {
        assertThat(new PolicyProblem("mode", 3, 7, "is wrong").in("prod/policy.yaml"))
                .isEqualTo("prod/policy.yaml:3:7: mode: is wrong");
    }
}
