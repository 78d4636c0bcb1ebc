package dev.trimtab.policy;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.policy.PolicyLoader.LoadedPolicy;
import dev.trimtab.policy.PolicyLoader.LoadedProfiles;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.StringLength;

/** Whatever is in the ConfigMap: a policy or problems, never an exception. */
class PolicyLoaderPropertyTest {
    private static final List<String> POLICY = List.of(
            "apiVersion: trimtab.dev/v1alpha1",
            "kind: Policy",
            "mode: Enforce",
            "conflicts: Clamp",
            "scaling:",
            "  maxScale: {whenUnset: Unbounded}",
            "  initialScale: {default: MinReplicas, write: Always, onUpdate: Keep, factor: 1.2}",
            "gpu: {dialect: hami}",
            "pinDefaults: true",
            "namespaces: {allowProfiles: true}",
            "timeouts: {factor: 1.2}",
            "stop: {gracePeriod: 30s, nativeTimeout: 60s}",
            "lifecycle: {nativeStop: Auto}",
            "start: {deadline: 30m}",
            "kserve: {defaultDeploymentMode: Standard}",
            "profiles:",
            "  - name: dev",
            "    match: &m",
            "      namespaces: [\"ml-*\"]",
            "      labels: {serving: llm}",
            "      kinds: [InferenceService, KnativeService]",
            "      modelFormats: [vllm]",
            "    conflicts: Warn",
            "    startupSeconds: 240",
            "    maxResponseSeconds: 500",
            "    window: {panicWindowPercentage: 50, panicThresholdPercentage: 200.5, scaleDownDelay: 2m}",
            "    containerConcurrency: 8",
            "    gpuMemory: 12Gi",
            "    probes:",
            "      readiness: {httpGet: {path: '/v1/models/{name}', port: 8080}}",
            "      liveness: {tcpSocket: {}}",
            "      startup: {exec: {command: [ls, /tmp]}}",
            "    template:",
            "      annotations: {k8s.aliyun.com/eci-image-cache: \"true\"}",
            "      labels: {alibabacloud.com/eci: \"true\"}",
            "    rolloutDuration: 120s",
            "  - name: rest",
            "    match: *m",
            "    window: {targetUtilizationPercentage: 80, target: 0.01}",
            "    scaling: {maxScale: {whenUnset: Inherit}}");
    private static final String TEXT = String.join("\n", POLICY);
    private static final List<String> SPLINTERS = List.of(
            "",
            "\n",
            " ",
            "\t",
            "- ",
            ": ",
            "? ",
            "{",
            "}",
            "[",
            "]",
            ",",
            "&a ",
            "*a",
            "*",
            "!",
            "!!str ",
            "!<",
            "%",
            "%YAML 9.9\n",
            "|",
            ">",
            "'",
            "\"",
            "\\",
            "#",
            "---\n",
            "...\n",
            "<<: ",
            "~",
            "null",
            "1",
            "-0",
            "010",
            "1e999999999",
            "1.0e+999999999",
            "9".repeat(30),
            "0x1F",
            "1:30",
            ".inf",
            ".nan",
            "120h",
            "1ns",
            "true",
            "\u0000",
            "\u0085",
            "\u2028",
            "\uFEFF",
            "\uD83D",
            "\uD83D\uDE00",
            "mode: Audit\n",
            "!%ff ",
            "\\x",
            "@",
            "`");

    @Property(tries = 2000 / SHARE, seed = SEED)
    void anyText(@ForAll @StringLength(max = 300) String text) {
        check(text);
    }

    @Property(tries = 2000 / SHARE, seed = SEED)
    void splinters(@ForAll("splinterTexts") String text) {
        check(text);
    }

    @Property(tries = 5000 / SHARE, seed = SEED)
    void mutated(@ForAll("mutatedPolicies") String text) {
        check(text);
    }

    @Provide
    Arbitrary<String> splinterTexts() {
        return Arbitraries.of(SPLINTERS).list().ofMaxSize(40).map(parts -> String.join("", parts));
    }

    /** Up to three places where some characters were cut out and something else put in. */
    @Provide
    Arbitrary<String> mutatedPolicies() {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, TEXT.length());
        Arbitrary<Integer> length = Arbitraries.integers().between(0, 30);
        Arbitrary<String> lines = Arbitraries.of(POLICY).map(line -> "\n" + line + "\n");
        Arbitrary<String> splinter = Arbitraries.oneOf(Arbitraries.of(SPLINTERS), lines);
        return Combinators.combine(place, length, splinter)
                .as(Tuple::of)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(cuts -> {
                    StringBuilder text = new StringBuilder(TEXT);
                    cuts.forEach(cut -> {
                        int from = Math.min(cut.get1(), text.length());
                        text.replace(from, Math.min(from + cut.get2(), text.length()), cut.get3());
                    });
                    return text.toString();
                });
    }

    private static void check(String text) {
        LoadedPolicy loaded = PolicyLoader.load(text);

        assertThat(loaded.policy().isPresent()).isEqualTo(loaded.problems().isEmpty());
        int lines = text.split("\r\n|[\r\n\u0085\u2028\u2029]", -1).length;
        int longest = Arrays.stream(text.split("\n", -1))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        assertThat(loaded.problems()).allSatisfy(problem -> {
            assertThat(problem.line()).isBetween(1, lines);
            assertThat(problem.column()).isBetween(1, longest + 1);
            assertThat(problem.message()).isNotBlank();
            assertThat(problem.toString().lines()).hasSize(1);
        });
        assertThat(PolicyLoader.load(text)).isEqualTo(loaded);
        LoadedProfiles profiles = PolicyLoader.loadProfiles(text);
        assertThat(PolicyLoader.loadProfiles(text)).isEqualTo(profiles);
        assertThat(profiles.problems().isEmpty() && !loaded.problems().isEmpty())
                .isFalse();
    }
}
