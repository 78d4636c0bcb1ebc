package dev.trimtab.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import dev.trimtab.cli.ScriptedApiServer;
import dev.trimtab.cli.ScriptedApiServer.Answer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trimtab scan} and {@code refresh}: what is printed, long lists, and clusters that do not answer as one would like. */
class ScanTest {
    private static final String KNATIVE = "/apis/serving.knative.dev/v1/namespaces/ml/";
    private static final String SERVICES = KNATIVE + "services";
    private static final String POLICY = "/api/v1/namespaces/trimtab/configmaps/trimtab-policy";
    private static final Answer NONE = Answer.status(404, "not found");

    /** Created while Trimtab was away. */
    private static final String LLAMA = """
            {"apiVersion": "serving.knative.dev/v1", "kind": "Service",
             "metadata": {"name": "llama", "namespace": "ml", "resourceVersion": "7", "generation": 1},
             "spec": {"template": {
               "metadata": {"annotations": {"autoscaling.knative.dev/min-scale": "2", "autoscaling.knative.dev/max-scale": "3"}},
               "spec": {"timeoutSeconds": 300, "containerConcurrency": 0, "responseStartTimeoutSeconds": 0, "idleTimeoutSeconds": 0,
                 "containers": [{"image": "example/llama:1", "resources": {"limits": {"nvidia.com/gpu": "4"}},
                   "readinessProbe": {"tcpSocket": {"port": 0}, "successThreshold": 1}}]}}}}
            """;

    private static final String REVISION = """
            {"metadata": {"name": "llama-00001", "namespace": "ml", "labels": {"serving.knative.dev/service": "llama",
              "serving.knative.dev/configuration": "llama", "serving.knative.dev/routingState": "active"}},
             "status": {"actualReplicas": 3}}
            """;

    @TempDir
    private Path folder;

    private final Map<String, Answer> answers =
            new HashMap<>(Map.of(SERVICES, list(LLAMA), KNATIVE + "revisions", list(REVISION)));

    @Test
    @DisplayName("a row for each field, and how many GPUs the pods that run now would ask for again")
    void table() {
        assertThat(run("scan")).isEqualTo(new Cli(0, """
                NAMESPACE   KIND      NAME    RULE            FIELD                                   STORED   REFRESHED   ROLLS     WHY
                ml          Service   llama   initial-scale   autoscaling.knative.dev/initial-scale   -        2           12 GPUs   a new revision starts with min-scale pods

                1 object in 1 namespace: 1 differs; a refresh would roll 1 revision with 12 GPUs
                by the built-in policy: there is no ConfigMap trimtab/trimtab-policy
                """, ""));
    }

    @Test
    @DisplayName("autoscaler-keda, Knative's extension with KEDA, is an autoscaler of the HPA class")
    void autoscalerKeda() {
        String metric = "\"autoscaling.knative.dev/metric\": \"cpu\", \"autoscaling.knative.dev/min-scale\"";
        answers.put(SERVICES, list(LLAMA.replace("\"autoscaling.knative.dev/min-scale\"", metric)));
        assertThat(run("scan").out()).doesNotContain("hpa.autoscaling.knative.dev");

        answers.put(
                "/apis/apps/v1/namespaces/knative-serving/deployments/autoscaler-keda",
                new Answer(200, "{\"metadata\": {\"name\": \"autoscaler-keda\"}}"));
        assertThat(run("scan").out()).contains("hpa.autoscaling.knative.dev");
    }

    @Test
    @DisplayName("the fields of JSON")
    void json() {
        assertThat(run("scan", "-o", "json").out().replaceAll("\\s+", " ")).isEqualToIgnoringWhitespace("""
                { "policy": { "inForce": "the built-in policy: there is no ConfigMap trimtab/trimtab-policy", \
                "asked": false, "mode": "Enforce" }, "objects": [ { "kind": "Service", "namespace": "ml", "name": "llama", \
                "renderedFor": null, "differences": [ { "rule": "initial-scale", "field": \
                "/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale", "change": "filled", \
                "stored": null, "refreshed": "2", "because": "a new revision starts with min-scale pods", \
                "sameInForce": true } ], "notes": [], "blockedBy": null, "rolls": true, "pods": 3, "gpus": 12, \
                "gpusByResource": { "nvidia.com/gpu": 12 } } ], "leftOut": [], "podAutoscalers": [], "summary": { "objects": 1, \
                "namespaces": 1, "differing": 1, "alreadyDiffering": 1, "revisions": 1, "gpus": 12, \
                "podAutoscalers": 0, "gpusByResource": { "nvidia.com/gpu": 12 } } }""");
    }

    @Test
    @DisplayName(
            "PodAutoscalers of AIBrix: what is wrong with them, with what else scales there, and what may not be read")
    void autoscalers() {
        String autoscaler = """
                {"metadata": {"name": "llama", "namespace": "ml"}, "spec": {"scalingStrategy": "APA", "maxReplicas": 2,
                 "minReplicas": 3, "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "llama"},
                 "metricsSources": [{"metricSourceType": "resource", "targetMetric": "cpu", "targetValue": "50"}]}}""";
        answers.put("/apis/autoscaling.aibrix.ai", new Answer(200, "{}"));
        answers.put(
                "/apis/autoscaling.aibrix.ai/v1alpha1/podautoscalers",
                list(autoscaler, autoscaler.replace("\"ml\"", "\"other\"")));
        answers.put("/apis/autoscaling/v1/horizontalpodautoscalers", Answer.status(403, "not you"));
        answers.put("/apis/autoscaling/v1/namespaces/ml/horizontalpodautoscalers", list("""
                {"metadata": {"name": "x", "namespace": "ml"},
                 "spec": {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "llama"}}}"""));
        answers.put("/api/v1/resourcequotas", Answer.status(403, "not you"));
        answers.put("/api/v1/namespaces/ml/resourcequotas", Answer.status(403, "not you"));

        Cli scan = run("scan");

        assertThat(scan.out()).as("%s", scan).endsWith("""

                NAMESPACE   PODAUTOSCALER   CHECK   NEW ONES   FIELD                 WHY
                ml          llama           A9      denied     spec.minReplicas      3 is above maxReplicas 2: AIBrix scales nothing then; lower it or raise maxReplicas
                ml          llama           A18     warned     spec.scaleTargetRef   Deployment ml/llama is scaled by HorizontalPodAutoscaler x too: each undoes the other; keep one

                1 PodAutoscaler: 2 findings
                """);
        assertThat(scan.err())
                .isEqualTo("Warning: no right to read ResourceQuotas: PodAutoscalers are not checked against them\n");
        answers.remove(SERVICES);
        assertThat(run("scan").out())
                .as("with neither Knative nor KServe")
                .startsWith("0 objects in 0 namespaces: none differ")
                .endsWith("1 PodAutoscaler: 2 findings\n");
        assertThat(run("scan", "-o", "json").out())
                .contains("\"check\": \"A9\"", "\"denied\": true", "\"field\": \"spec.minReplicas\"");
    }

    @Test
    @DisplayName("an author's name for the revision: it is said that a refresh cannot be, and none is tried")
    void named() {
        answers.put(
                SERVICES,
                list(LLAMA.replace(
                        "\"metadata\": {\"annotations\"", "\"metadata\": {\"name\": \"llama-v1\", \"annotations\"")));
        assertThat(run("scan").out())
                .contains("blocked", "0 revisions with no GPU")
                .contains(
                        "Service ml/llama cannot be refreshed: its author names the revision llama-v1: Knative takes");
        Cli refreshed = run("refresh", "llama", "--kind", "service");
        assertThat(refreshed.code()).isEqualTo(1);
        assertThat(refreshed.err()).startsWith("Service ml/llama: skipped: its author names the revision llama-v1");
    }

    @Test
    @DisplayName("in Audit mode it says what Enforce would do, and that a refresh changes nothing")
    void audit() {
        policy("mode: Audit");
        assertThat(run("scan").out())
                .contains("1 differs; a refresh would roll 1 revision with 12 GPUs")
                .contains("this policy is in mode Audit: a refresh changes nothing.");
    }

    @Test
    @DisplayName("an invalid policy, or a ConfigMap without one, is the built-in policy in Audit, as in the cluster")
    void invalid() {
        policy("mode: Sometimes");
        assertThat(run("scan").out())
                .contains("1 differs")
                .contains(
                        "by the built-in policy in mode Audit: ConfigMap trimtab/trimtab-policy is invalid: policy.yaml:3:7:"
                                + " mode: ")
                .contains("this policy is in mode Audit: a refresh changes nothing.");
        assertThat(run("refresh", "llama", "--kind", "service").err()).startsWith("the policy is in mode Audit");
        answers.put(POLICY, new Answer(200, "{\"data\": {}}"));
        assertThat(run("scan").out())
                .contains("ConfigMap trimtab/trimtab-policy is invalid: data has no key \"policy.yaml\"");
    }

    @Test
    @DisplayName("a list that expires while it is read is read from its start, and nothing counts twice")
    void pages() {
        AtomicInteger expired = new AtomicInteger();
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> {
            if (path.startsWith(SERVICES + "?limit=500&continue=more%2B")) {
                return expired.getAndIncrement() == 0
                        ? Answer.status(410, "The provided continue parameter is too old")
                        : list(LLAMA.replace("llama", "second"));
            }
            if (path.startsWith(SERVICES + "?limit=500")) {
                return new Answer(200, "{\"metadata\": {\"continue\": \"more+\"}, \"items\": [" + LLAMA + "]}");
            }
            return answer(path);
        })) {
            assertThat(server.run(folder, "scan").out()).contains("2 objects in 1 namespace: 2 differ;");
            assertThat(server.requests.stream().filter(it -> it.contains(SERVICES)))
                    .hasSize(4);
        }
    }

    @Test
    @DisplayName("nothing installed, not allowed, an invalid policy, gone in the middle: one line, exit code 2")
    void trouble() {
        answers.remove(SERVICES);
        assertTrouble("the cluster has neither Knative Services nor InferenceServices");
        String graphs = "/apis/serving.kserve.io/v1alpha1/namespaces/ml/inferencegraphs";
        answers.put(graphs, Answer.status(403, "inferencegraphs.serving.kserve.io is forbidden"));
        assertTrouble("inferencegraphs: inferencegraphs.serving.kserve.io is forbidden");
        answers.put(SERVICES, new Answer(200, "<html>"));
        answers.remove(graphs);
        assertTrouble("the cluster at ");
        answers.put(
                "/api/v1/namespaces/knative-serving/configmaps/config-autoscaler",
                new Answer(200, "{\"data\": {\"max-scale\": \"-1\"}}"));
        assertTrouble(
                "ConfigMap knative-serving/config-autoscaler is invalid, so the configuration in force is unknown: ");
        assertThat(run("scan", "--policy", folder + "/none").errors()).containsExactly(folder + "/none: no such file");
    }

    @Test
    @DisplayName("the cluster goes away between two pages: one line, nothing printed before, exit code 2")
    void goneInTheMiddle() {
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> {
            if (path.contains("continue=")) {
                throw new IllegalStateException("the connection breaks");
            }
            return path.startsWith(SERVICES)
                    ? new Answer(200, "{\"metadata\": {\"continue\": \"more\"}, \"items\": [" + LLAMA + "]}")
                    : answer(path);
        })) {
            for (List<String> args : List.of(List.of("scan"), List.of("refresh", "--all", "--max-gpus", "9"))) {
                Cli gone = server.run(folder, args.toArray(String[]::new));
                assertThat(gone.code()).isEqualTo(2);
                assertThat(gone.out()).isEmpty();
                assertThat(gone.errors())
                        .singleElement()
                        .asString()
                        .startsWith("the cluster at %s/ cannot be reached: ".formatted(server.url()));
            }
        }
    }

    @Test
    @DisplayName("profiles of a namespace count where the policy allows them; invalid ones are said")
    void profiles() {
        policy("namespaces: {allowProfiles: true}");
        String maps = "/api/v1/namespaces/ml/configmaps";
        answers.put(maps, list("""
                {"metadata": {"name": "trimtab-policy", "namespace": "ml"}, "data": {"policy.yaml":
                 "apiVersion: trimtab.dev/v1alpha1\\nkind: Policy\\nprofiles: [{name: own, containerConcurrency: 8}]"}}"""));
        Cli scanned = run("scan");
        assertThat(scanned.err()).isEmpty();
        answers.put(maps, list("""
                {"metadata": {"name": "trimtab-policy", "namespace": "ml"}, "data": {"policy.yaml": "profiles: 7"}}"""));
        assertThat(run("scan").err())
                .startsWith("Warning: the profiles of namespace ml are invalid and ignored here (see trimtab lint): ");
    }

    @Test
    @DisplayName("misuse: one line, before anything is asked")
    void misuse() {
        for (List<String> args : List.of(
                List.of("scan", "-A", "-n", "ml"),
                List.of("refresh"),
                List.of("refresh", "llama", "--all", "--max-gpus", "1"),
                List.of("refresh", "--all"),
                List.of("refresh", "--all", "--max-gpus", "-1"),
                List.of("refresh", "llama", "--max-gpus", "1"),
                List.of("refresh", "llama", "-A"),
                List.of("refresh", "llama", "--kind", "pod"))) {
            Cli misused = Cli.run(args.toArray(String[]::new));
            assertThat(misused.code()).as("%s", args).isEqualTo(2);
            assertThat(misused.errors()).as("%s", args).hasSize(1);
        }
        assertThat(Cli.run("refresh", "--all").err())
                .isEqualTo(
                        "trimtab refresh: --all needs --max-gpus N: the most GPUs that the new pods of one wave may request"
                                + " (see trimtab refresh --help)\n");
    }

    @Test
    @DisplayName("gone between the scan and the write: one line, exit code 2; a refusal is said once")
    void writes() {
        AtomicInteger patches = new AtomicInteger();
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> {
            if (method.equals("PATCH")) {
                patches.incrementAndGet();
                return Answer.status(403, "services.serving.knative.dev is forbidden: cannot patch");
            }
            return path.startsWith(SERVICES + "/llama") ? new Answer(200, LLAMA) : answer(path);
        })) {
            assertThat(server.run(folder, "refresh", "llama", "--kind", "service"))
                    .isEqualTo(new Cli(
                            2, "", "Service ml/llama: services.serving.knative.dev is forbidden: cannot patch\n"));
            assertThat(patches).hasValue(1);
            assertThat(server.requests.stream().filter(it -> it.startsWith("PATCH")))
                    .singleElement()
                    .asString()
                    .contains("application/json-patch+json [{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\"");
            Cli dry = server.run(folder, "refresh", "--all", "--max-gpus", "12", "--dry-run");
            assertThat(dry).isEqualTo(new Cli(0, """
                    wave 1 of 1: 1 service, 12 GPUs
                    Service ml/llama: would roll 1 revision with 12 GPUs: autoscaling.knative.dev/initial-scale - -> 2
                    """, ""));
            assertThat(patches).hasValue(1);
        }
    }

    private void policy(String more) {
        String text = "apiVersion: trimtab.dev/v1alpha1\\nkind: Policy\\n" + more;
        answers.put(POLICY, new Answer(200, "{\"data\": {\"policy.yaml\": \"" + text + "\"}}"));
    }

    private void assertTrouble(String start) {
        Cli scanned = run("scan");
        assertThat(scanned.code()).isEqualTo(2);
        assertThat(scanned.out()).isEmpty();
        assertThat(scanned.errors()).singleElement().asString().startsWith(start);
    }

    @Test
    @DisplayName("profiles for a model format that no runtime of the cluster has, whatever its capitals")
    void formats() {
        String policy = Cli.write(folder, "policy.yaml", """
                apiVersion: trimtab.dev/v1alpha1
                kind: Policy
                profiles:
                  - name: fleet
                    match: {modelFormats: [vllm, hugingface, mine]}
                """);
        String kserve = "/apis/serving.kserve.io/v1alpha1/";
        answers.put(kserve + "clusterservingruntimes", list(runtime("vLLM"), runtime("huggingface")));
        answers.put(kserve + "servingruntimes", list(runtime("sklearn")));

        assertThat(run("scan", "--policy", policy).err()).isEqualTo("""
                Warning: profile fleet is for the model format hugingface, and no ServingRuntime of the cluster has that: did you mean huggingface?
                Warning: profile fleet is for the model format mine, and no ServingRuntime of the cluster has that; they have huggingface, sklearn, vLLM
                """);

        answers.put(kserve + "servingruntimes", Answer.status(403, "servingruntimes is forbidden"));
        assertThat(run("scan", "--policy", policy).err())
                .as("there may be more than these rights show")
                .isEmpty();
    }

    private static String runtime(String format) {
        return "{\"spec\": {\"supportedModelFormats\": [{\"name\": \"%s\"}]}}".formatted(format);
    }

    private Cli run(String... args) {
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> answer(path))) {
            return server.run(folder, args);
        }
    }

    private Answer answer(String path) {
        return answers.getOrDefault(path.replaceAll("\\?.*", ""), NONE);
    }

    private static Answer list(String... items) {
        return new Answer(200, "{\"items\": [" + String.join(",", items) + "]}");
    }
}
