package dev.trimtab.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.trimtab.policy.PolicyLoader.LoadedPolicy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about the keys that tell what a model is like. */
class ServingProblemsTest {
    /** What a case adds to the profile starts on line 5, column 5. */
    static final String PROFILE = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\nprofiles:\n  - name: a\n    ";

    private static final String CONCURRENCY =
            "Knative takes unless the cluster has another container-concurrency-max-limit";
    private static final String KNATIVE =
            "are Knative's own: it sets some itself and refuses those that it does not know";

    /** Lines of a profile, and what is said about them: the place and, under {@code profiles[0]}, the rest. */
    static Stream<Arguments> problems() {
        return Stream.of(
                // types
                arguments("startupSeconds:", "5:20|startupSeconds: expected a whole number, found nothing"),
                arguments(
                        "startupSeconds: \"240\"",
                        "5:21|startupSeconds: expected a whole number, found the text \"240\"; leave out the quotes"),
                arguments("startupSeconds: 4m", "5:21|startupSeconds: expected a whole number, found the text \"4m\""),
                arguments(
                        "startupSeconds: 240.0",
                        "5:21|startupSeconds: expected a whole number, found the number \"240.0\""),
                arguments(
                        "startupSeconds: true",
                        "5:21|startupSeconds: expected a whole number, found the boolean \"true\""),
                arguments("startupSeconds: [1]", "5:21|startupSeconds: expected a whole number, found a list"),
                arguments(
                        "startupSeconds: 010",
                        "5:21|startupSeconds: expected a whole number in plain digits, found the number \"010\""),
                arguments(
                        "startupSeconds: 1:30",
                        "5:21|startupSeconds: expected a whole number in plain digits, found the number \"1:30\""),
                arguments(
                        "startupSeconds: 1_000",
                        "5:21|startupSeconds: expected a whole number in plain digits, found the number \"1_000\""),
                arguments(
                        "startupSeconds: 0x10",
                        "5:21|startupSeconds: expected a whole number in plain digits, found the number \"0x10\""),
                arguments(
                        "startupSeconds: 999999999999999999999",
                        "5:21|startupSeconds: expected a whole number of at most 20 characters, found the number"
                                + " \"999999999999999999999\""),
                arguments(
                        "window: {target: .inf}",
                        "5:22|window.target: expected a number in plain digits, found the number \".inf\""),
                arguments(
                        "window: {target: 1.0e+9}",
                        "5:22|window.target: expected a number in plain digits, found the number \"1.0e+9\""),
                arguments(
                        "window: {target: \"0.5\"}",
                        "5:22|window.target: expected a number, found the text \"0.5\"; leave out the quotes"),
                arguments("window: {target: 80%}", "5:22|window.target: expected a number, found the text \"80%\""),
                arguments("window: {target: {}}", "5:22|window.target: expected a number, found a map"),
                arguments("window: 60s", "5:13|window: expected a map, found the text \"60s\""),
                arguments("template:", "5:14|template: expected a map, found nothing"),
                // bounds
                arguments("startupSeconds: 0", "5:21|startupSeconds: 0 is below 1, the least that Trimtab takes"),
                arguments(
                        "startupSeconds: 86401",
                        "5:21|startupSeconds: 86401 is above 86400, the most that Trimtab takes"),
                arguments(
                        "maxResponseSeconds: -1",
                        "5:25|maxResponseSeconds: -1 is below 1, the least that Trimtab takes"),
                arguments(
                        "maxResponseSeconds: 99999999999999999999",
                        "5:25|maxResponseSeconds: 99999999999999999999 is above 86400, the most that Trimtab takes"),
                arguments(
                        "containerConcurrency: -1",
                        "5:27|containerConcurrency: -1 is below 0, the least that " + CONCURRENCY),
                arguments(
                        "containerConcurrency: 1001",
                        "5:27|containerConcurrency: 1001 is above 1000, the most that " + CONCURRENCY),
                arguments(
                        "window: {panicWindowPercentage: 0.99}",
                        "5:37|window.panicWindowPercentage: 0.99 is below 1, the least that Knative takes as"
                                + " panic-window-percentage"),
                arguments(
                        "window: {panicWindowPercentage: 100.01}",
                        "5:37|window.panicWindowPercentage: 100.01 is above 100, the most that Knative takes as"
                                + " panic-window-percentage"),
                arguments(
                        "window: {panicThresholdPercentage: 109}",
                        "5:40|window.panicThresholdPercentage: 109 is below 110, the least that Knative takes as"
                                + " panic-threshold-percentage"),
                arguments(
                        "window: {panicThresholdPercentage: 1001}",
                        "5:40|window.panicThresholdPercentage: 1001 is above 1000, the most that Knative takes as"
                                + " panic-threshold-percentage"),
                arguments(
                        "window: {targetUtilizationPercentage: 0}",
                        "5:43|window.targetUtilizationPercentage: 0 is below 1, the least that Knative takes as"
                                + " target-utilization-percentage"),
                arguments(
                        "window: {targetUtilizationPercentage: 101}",
                        "5:43|window.targetUtilizationPercentage: 101 is above 100, the most that Knative takes as"
                                + " target-utilization-percentage"),
                arguments(
                        "window: {target: 0.009}",
                        "5:22|window.target: 0.009 is below 0.01, the least that Knative takes as target"),
                // durations
                arguments(
                        "rolloutDuration: 120",
                        "5:22|rolloutDuration: expected a duration such as 90s, 2m or 1h, found the number \"120\";"
                                + " add the unit"),
                arguments(
                        "rolloutDuration: '120'",
                        "5:22|rolloutDuration: \"120\" is not a duration such as 90s, 2m or 1h"),
                arguments(
                        "rolloutDuration: 2min",
                        "5:22|rolloutDuration: \"2min\" is not a duration such as 90s, 2m or 1h"),
                arguments(
                        "rolloutDuration: [1s]",
                        "5:22|rolloutDuration: expected a duration such as 90s, 2m or 1h, found a list"),
                arguments(
                        "rolloutDuration:",
                        "5:21|rolloutDuration: expected a duration such as 90s, 2m or 1h, found nothing"),
                arguments("rolloutDuration: 1500ms", "5:22|rolloutDuration: \"1500ms\" is not in whole seconds"),
                arguments(
                        "rolloutDuration: -1s",
                        "5:22|rolloutDuration: \"-1s\" is below 0s, the least that Trimtab takes"),
                arguments(
                        "rolloutDuration: 24h1s",
                        "5:22|rolloutDuration: \"24h1s\" is above 24h, the most that Trimtab takes"),
                arguments(
                        "window: {scaleDownDelay: 61m}",
                        "5:30|window.scaleDownDelay: \"61m\" is above 1h, the most that Knative takes as"
                                + " scale-down-delay"),
                // memory
                arguments(
                        "gpuMemory: 12",
                        "5:16|gpuMemory: expected an amount of memory such as 12Gi or 800Mi, found the number \"12\";"
                                + " add the unit"),
                arguments("gpuMemory: '12'", "5:16|gpuMemory: \"12\" is not an amount of memory such as 12Gi or 800Mi"),
                arguments(
                        "gpuMemory: 12GB", "5:16|gpuMemory: \"12GB\" is not an amount of memory such as 12Gi or 800Mi"),
                arguments(
                        "gpuMemory: 12gi", "5:16|gpuMemory: \"12gi\" is not an amount of memory such as 12Gi or 800Mi"),
                arguments(
                        "gpuMemory: 2000K",
                        "5:16|gpuMemory: \"2000K\" is not an amount of memory such as 12Gi or 800Mi"),
                arguments(
                        "gpuMemory: -1Gi", "5:16|gpuMemory: \"-1Gi\" is not an amount of memory such as 12Gi or 800Mi"),
                arguments(
                        "gpuMemory: 12 Gi",
                        "5:16|gpuMemory: \"12 Gi\" is not an amount of memory such as 12Gi or 800Mi"),
                arguments("gpuMemory: 0Gi", "5:16|gpuMemory: \"0Gi\" is below 1Mi, the least that Trimtab takes"),
                arguments("gpuMemory: 1023Ki", "5:16|gpuMemory: \"1023Ki\" is below 1Mi, the least that Trimtab takes"),
                arguments("gpuMemory: 1.5Ti", "5:16|gpuMemory: \"1.5Ti\" is above 1Ti, the most that Trimtab takes"),
                arguments(
                        "gpuMemory: [12Gi]",
                        "5:16|gpuMemory: expected an amount of memory such as 12Gi or 800Mi, found a list"),
                arguments(
                        "gpuMemory:",
                        "5:15|gpuMemory: expected an amount of memory such as 12Gi or 800Mi, found nothing"),
                // keys
                arguments(
                        "startUpSecond: 3\n    maxresponse: 3",
                        "5:5|startUpSecond: unknown key; did you mean startupSeconds?",
                        "6:5|maxresponse: unknown key; known here: name, match, conflicts, scaling, startupSeconds,"
                                + " maxResponseSeconds, window, containerConcurrency, gpuMemory, probes, template,"
                                + " rolloutDuration"),
                arguments(
                        "window: {scaleDownDelays: 1m, stable: 60s}",
                        "5:14|window.scaleDownDelays: unknown key; did you mean scaleDownDelay?",
                        "5:35|window.stable: unknown key; known here: panicWindowPercentage,"
                                + " panicThresholdPercentage, scaleDownDelay, targetUtilizationPercentage, target"),
                arguments(
                        "template: {annotation: {}, spec: {}}",
                        "5:16|template.annotation: unknown key; did you mean annotations?",
                        "5:32|template.spec: unknown key; known here: annotations, labels"),
                arguments(
                        "timeouts: {factor: 2}",
                        "5:5|timeouts: unknown key; known here: name, match, conflicts, scaling, startupSeconds,"
                                + " maxResponseSeconds, window, containerConcurrency, gpuMemory, probes, template,"
                                + " rolloutDuration"),
                // annotations and labels
                arguments(
                        "template: {annotations: {a: true, b: 1, c: }}",
                        "5:33|template.annotations.a: expected text, found the boolean \"true\"; put it in quotes",
                        "5:42|template.annotations.b: expected text, found the number \"1\"; put it in quotes",
                        "5:47|template.annotations.c: expected text, found nothing"),
                arguments(
                        "template: {annotations: {a b: x}}",
                        "5:30|template.annotations[\"a b\"]: is not an annotation key: use 1 to 63 of a-z, A-Z, 0-9, -,"
                                + " _ and ., with a letter or digit at both ends, and before it, if you like, a domain"
                                + " and /"),
                arguments(
                        "template: {annotations: {autoscaling.knative.dev/window: 60s}}",
                        "5:30|template.annotations[\"autoscaling.knative.dev/window\"]: is not for profiles: keys under"
                                + " autoscaling.knative.dev are decided by Trimtab, and Knative refuses those that it"
                                + " does not know; use scaling and window"),
                arguments(
                        "template: {annotations: {queue.sidecar.serving.knative.dev/cpu-resource-request: 50mx}}",
                        "5:30|template.annotations[\"queue.sidecar.serving.knative.dev/cpu-resource-request\"]: is not"
                                + " for profiles: keys under queue.sidecar.serving.knative.dev/ are Knative's own: it"
                                + " refuses values that it cannot read; use config-deployment for all services"),
                arguments(
                        "template:\n      annotations:\n        serving.kserve.io/x: a\n        trimtab.dev/x: a",
                        "7:9|template.annotations[\"serving.kserve.io/x\"]: is not for profiles: keys under"
                                + " serving.kserve.io/ are KServe's own: it sets and reads them itself",
                        "8:9|template.annotations[\"trimtab.dev/x\"]: is not for profiles: keys under trimtab.dev/ are"
                                + " Trimtab's own: only the author of a manifest writes them"),
                arguments(
                        "template:\n      labels:\n        serving.knative.dev/x: a\n"
                                + "        networking.knative.dev/x: a b",
                        "7:9|template.labels[\"serving.knative.dev/x\"]: is not for profiles: keys under"
                                + " serving.knative.dev/ " + KNATIVE,
                        "8:9|template.labels[\"networking.knative.dev/x\"]: is not for profiles: keys under"
                                + " networking.knative.dev " + KNATIVE,
                        "8:35|template.labels[\"networking.knative.dev/x\"]: \"a b\" is not a label value: use at most"
                                + " 63 of a-z, A-Z, 0-9, -, _ and ., with a letter or digit at both ends"),
                arguments(
                        "template: {labels: {Bad.com/x: y}}",
                        "5:25|template.labels[\"Bad.com/x\"]: is not a label key: use 1 to 63 of a-z, A-Z, 0-9, -, _"
                                + " and ., with a letter or digit at both ends, and before it, if you like, a domain"
                                + " and /"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void refuses(ArgumentsAccessor arguments) {
        List<String> expected = arguments.toList().stream()
                .skip(1)
                .map(said -> "policy.yaml:" + ((String) said).replaceFirst("\\|", ": profiles[0]."))
                .toList();

        LoadedPolicy loaded = PolicyLoader.load(PROFILE + arguments.getString(0));

        assertThat(loaded.policy()).isEmpty();
        assertThat(loaded.problems()).extracting(PolicyProblem::toString).containsExactlyElementsOf(expected);
    }

    static Stream<String> valid() {
        return Stream.of(
                "startupSeconds: 1",
                "startupSeconds: 86400",
                "maxResponseSeconds: 86400",
                "containerConcurrency: 0",
                "containerConcurrency: 1000",
                "window: {}",
                "window: {panicWindowPercentage: 1, panicThresholdPercentage: 110, scaleDownDelay: 0s,"
                        + " targetUtilizationPercentage: 1.0, target: 0.01}",
                "window: {panicWindowPercentage: 100, panicThresholdPercentage: 1000.0, scaleDownDelay: 1h,"
                        + " targetUtilizationPercentage: 100, target: 1000000}",
                "rolloutDuration: \"0\"",
                "rolloutDuration: 24h",
                "gpuMemory: 1Mi",
                "gpuMemory: 1Ti",
                "gpuMemory: 1099G",
                "gpuMemory: 0.5Gi",
                "gpuMemory: \"2000k\"",
                "template: {}",
                "template: {annotations: {}, labels: {}}",
                "template: {labels: {a: ''}, annotations: {a: \"any\\ntext\"}}",
                "template: {labels: {app: x, serving.knative.development/x: y}}");
    }

    @ParameterizedTest
    @MethodSource("valid")
    void accepts(String keys) {
        assertThat(PolicyLoader.load(PROFILE + keys).problems()).isEmpty();
    }

    static Stream<Arguments> factors() {
        return Stream.of(
                arguments("{factor: 0.99}", "3:20 timeouts.factor: 0.99 is below 1, the least that Trimtab takes"),
                arguments("{factor: 10.1}", "3:20 timeouts.factor: 10.1 is above 10, the most that Trimtab takes"),
                arguments(
                        "{factor: '1.2'}",
                        "3:20 timeouts.factor: expected a number, found the text \"1.2\"; leave out the quotes"),
                arguments("{facter: 2}", "3:12 timeouts.facter: unknown key; did you mean factor?"),
                arguments("2", "3:11 timeouts: expected a map, found the number \"2\""));
    }

    @ParameterizedTest
    @MethodSource("factors")
    void refusesFactor(String timeouts, String said) {
        assertThat(PolicyLoader.load("apiVersion: trimtab.dev/v1alpha1\nkind: Policy\ntimeouts: " + timeouts)
                        .problems())
                .extracting(PolicyProblem::toString)
                .containsExactly("policy.yaml:" + said.replaceFirst(" ", ": "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.0", "10", "10.00"})
    void acceptsFactor(String factor) {
        assertThat(PolicyLoader.load(
                                "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\ntimeouts: {factor: " + factor + "}")
                        .policy()
                        .orElseThrow()
                        .timeoutsFactor())
                .isEqualTo(factor.startsWith("10") ? "10" : "1");
    }
}
