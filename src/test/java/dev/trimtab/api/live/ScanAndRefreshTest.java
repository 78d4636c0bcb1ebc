package dev.trimtab.api.live;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeRollout;
import dev.trimtab.api.fakes.FakeStandardMode;
import dev.trimtab.cli.Cli;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code trimtab scan}, {@code refresh}, and a scan again: by the real webhook, with everything that was filled before. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class ScanAndRefreshTest extends ApiTest {
    private static final String GPUS = "resources: {limits: {nvidia.com/gpu: 2}}";
    private static final String POOL = "profiles: [{name: all, template: {labels: {example.com/pool: gpu}}}]";

    @TempDir
    private Path folder;

    @Test
    @DisplayName("freshly filled: nothing differs, and a refresh writes nothing")
    void nothing() {
        everything();

        assertThat(scan().out()).isEqualTo("""
                7 objects in 1 namespace: none differ
                by the policy of ConfigMap trimtab/trimtab-policy
                """);
        Map<String, String> before = authored();
        assertThat(run("refresh", "hello", "--kind", "service").out())
                .isEqualTo("Service %s/hello: nothing differs from the policy\n".formatted(namespace));
        assertThat(run("refresh", "--all", "--max-gpus", "8").out()).isEqualTo("nothing differs from the policy\n");
        assertThat(authored()).isEqualTo(before);
    }

    @Test
    @DisplayName(
            "scan, refresh --all, scan: one new generation of what differed, none of the others, and nothing is left")
    void allOfThem() {
        everything();
        Map<String, Integer> before = generations();
        cluster.policy(Cluster.DEFAULT_POLICY + POOL + "\n");
        assertThat(generations()).as("a new policy alone").isEqualTo(before);

        JsonNode scan = json();
        assertThat(differing(scan)).containsExactly("Deployment", "Service", "Service", "Service");
        assertThat(scan.at("/summary/revisions").asInt()).isEqualTo(4);
        assertThat(scan.at("/summary/gpus").asInt())
                .as("hello starts 2 pods with 2 GPUs each")
                .isEqualTo(4);
        Cli refreshed = rolling(() -> run("refresh", "--all", "--max-gpus", "4", "--timeout", "1m"));
        assertThat(refreshed.err()).isEmpty();
        assertThat(refreshed.code()).isZero();
        assertThat(refreshed.out())
                .contains("wave 1 of 1: 4 services, 4 GPUs\n")
                .contains("Service %s/hello: ready after".formatted(namespace));

        assertThat(scan().out()).contains("none differ");
        assertThat(changes(before, generations()))
                .isEqualTo(Map.of(
                        "services/hello",
                        1,
                        "services/iris-predictor",
                        1,
                        "services/chain",
                        1,
                        "deployments/std-predictor",
                        1));
        Map<String, Integer> after = generations();
        reconcile();
        assertThat(generations()).as("KServe reconciles").isEqualTo(after);
        assertThat(run("refresh", "--all", "--max-gpus", "4").out()).contains("nothing differs");
    }

    @Test
    @DisplayName("scan --policy before it is loaded shows what scan shows after, and says what differs already")
    void before() throws IOException {
        everything();
        Path file = Files.writeString(folder.resolve("new.yaml"), Cluster.DEFAULT_POLICY + POOL + "\n");
        Cli asked = run("scan", "--policy", file.toString());
        JsonNode forecast = json("--policy", file.toString());
        cluster.policy(Cluster.DEFAULT_POLICY + POOL + "\n");
        JsonNode scan = json();

        assertThat(asked.out())
                .contains("NAMESPACE", "IN FORCE", "other", "4 differ; a refresh would roll 4 revisions with 4 GPUs\n")
                .contains("0 of these already differ under the current policy", "does not roll anything");
        assertThat(forecast.at("/objects").toString().replace("\"sameInForce\":false", "\"sameInForce\":true"))
                .isEqualTo(scan.at("/objects").toString());
        assertThat(forecast.at("/policy/asked").asBoolean()).isTrue();
        JsonNode again = json("--policy", file.toString());
        assertThat(again.at("/summary/alreadyDiffering").asInt()).isEqualTo(4);
        assertThat(again.at("/objects/0/differences/0/sameInForce").asBoolean()).isTrue();
    }

    @Test
    @DisplayName("an InferenceService that differs itself: its own annotation, one new generation of what is rendered")
    void inferenceService() {
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris"));
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
        cluster.policy(Cluster.DEFAULT_POLICY + "profiles: [{name: all, maxResponseSeconds: 100}]\n");
        assertThat(differing(json())).containsExactly("InferenceService", "Service");
        assertThat(json().at("/summary/revisions").asInt()).isEqualTo(1);

        Cli refreshed = rolling(() -> {
            Eventually.holds(
                    "ready",
                    () -> cluster.api.get(INFERENCE_SERVICE, namespace, "iris").has("status"));
            return run("refresh", "iris", "--wait", "--timeout", "1m");
        });
        assertThat(refreshed.err()).isEmpty();
        assertThat(refreshed.out())
                .contains("InferenceService %s/iris: refreshed: 1 revision with no GPU".formatted(namespace))
                .contains("ready after");
        ObjectNode service = cluster.api.get(KNATIVE_SERVICE, namespace, "iris-predictor");
        assertThat(Models.generation(service)).isEqualTo(2);
        assertThat(service.at("/metadata/annotations").has("trimtab.dev/refresh"))
                .isFalse();
        assertThat(service.at("/spec/template/spec/timeoutSeconds").asInt()).isEqualTo(120);
        assertThat(scan().out()).contains("none differ");
    }

    @Test
    @DisplayName("what the cluster made illegal since is named as such, and mended by a refresh")
    void illegal() {
        create(KNATIVE_SERVICE, Models.knativeService(namespace, "hello", ""));
        cluster.configure("config-autoscaler", Map.of("max-scale", "5", "max-scale-limit", "10"));
        assertThat(json().at("/objects/0/differences/0/change").asText()).isEqualTo("illegal");
        assertThat(scan().out()).contains("no longer allowed: stored max-scale 0 changed to 10");

        assertThat(run("refresh", "hello", "--kind", "service").code()).isZero();
        assertThat(Models.scale(cluster.api.get(KNATIVE_SERVICE, namespace, "hello"))
                        .get("max"))
                .isEqualTo("10");
        assertThat(scan().out()).contains("none differ");
    }

    @Test
    @DisplayName(
            "created while Trimtab was away: what it would have filled differs; a refresh without the webhook is said")
    void away() {
        cluster.removeTrimtab();
        create(KNATIVE_SERVICE, Models.knativeService(namespace, "hello", ""));
        assertThat(scan().out()).contains("initial-scale", "1 differs");
        assertThat(run("refresh", "hello", "--kind", "service"))
                .isEqualTo(new Cli(
                        1,
                        "",
                        "Service %s/hello: the annotation is stored, but nothing was filled: Trimtab's webhook did not answer (is it running?)\n"
                                .formatted(namespace)));
        cluster.reset();
        assertThat(run("refresh", "hello", "--kind", "service").code()).isZero();
        assertThat(scan().out()).contains("none differ");
    }

    @Test
    @DisplayName("waves: never more GPUs than allowed, too large is left, and what does not come up stops the rest")
    void waves() {
        for (String name : List.of("a", "b", "stuck", "zz")) {
            create(KNATIVE_SERVICE, gpuService(name, "1"));
        }
        create(KNATIVE_SERVICE, gpuService("huge", "9"));
        refusePods("stuck");
        cluster.policy(Cluster.DEFAULT_POLICY + POOL + "\n");
        Cli plan = run("refresh", "--all", "--max-gpus", "4", "--dry-run");
        assertThat(plan.out().lines().filter(it -> it.startsWith("wave")))
                .containsExactly("wave 1 of 2: 2 services, 4 GPUs", "wave 2 of 2: 2 services, 4 GPUs");
        assertThat(plan.err())
                .isEqualTo("Service %s/huge: skipped: its new pods ask for 18 GPUs, more than --max-gpus 4\n"
                        .formatted(namespace));
        assertThat(plan.code()).isEqualTo(1);

        Cli refreshed = rolling(() -> {
            Eventually.holds("all up", () -> cluster.api.list(KNATIVE_SERVICE, namespace).stream()
                    .allMatch(ScanAndRefreshTest::isReady));
            return run("refresh", "--all", "--max-gpus", "2", "--timeout", "30s");
        });
        assertThat(refreshed.code()).isEqualTo(1);
        assertThat(refreshed.out()).contains("wave 3 of 4").doesNotContain("wave 4 of 4");
        assertThat(refreshed.err())
                .contains("Service %s/stuck: not ready after ".formatted(namespace))
                .contains("Ready is False: RevisionFailed: ")
                .contains("stopped after wave 3 of 4");
        assertThat(Models.generation(cluster.api.get(KNATIVE_SERVICE, namespace, "zz")))
                .isEqualTo(1);
    }

    private static boolean isReady(ObjectNode service) {
        for (JsonNode condition : service.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** Those that are labelled as the policy says. Removed with the namespace, to which it is bound by its name. */
    private void refusePods(String service) {
        cluster.kubectl.apply("""
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: %1$s}
                spec:
                  failurePolicy: Fail
                  matchConstraints:
                    resourceRules: [{apiGroups: [""], apiVersions: [v1], resources: [pods], operations: [CREATE]}]
                  validations:
                    - expression: "!('example.com/pool' in object.metadata.labels) || object.metadata.labels['serving.knative.dev/service'] != '%2$s'"
                      message: no room
                ---
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicyBinding
                metadata: {name: %1$s}
                spec:
                  policyName: %1$s
                  validationActions: [Deny]
                  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %1$s}}}
                """.formatted(namespace, service));
    }

    @Test
    @DisplayName("ignored, stopped, or not there: said, and nothing is written")
    void others() {
        create(KNATIVE_SERVICE, Models.knativeService(namespace, "hello", ""));
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris", "serving.kserve.io/stop: \"true\"", ""));
        cluster.policy(Cluster.DEFAULT_POLICY + POOL + "\n");
        assertThat(run("refresh", "iris").out()).contains("nothing to refresh: it is stopped");
        assertThat(run("refresh", "hello"))
                .isEqualTo(new Cli(
                        2,
                        "",
                        "InferenceService %s/hello: not found (there is one of --kind service)\n"
                                .formatted(namespace)));
        cluster.kubectl.run("", List.of("label", "namespace", namespace, "trimtab.dev/ignore=true"));
        assertThat(scan().out()).contains("0 objects in 0 namespaces: none differ", "2 skipped");
        cluster.policy(Cluster.DEFAULT_POLICY + "mode: Audit\n" + POOL + "\n");
        assertThat(run("refresh", "hello", "--kind", "service").err()).startsWith("the policy is in mode Audit");
    }

    /** One of each kind, all filled. */
    private void everything() {
        create(KNATIVE_SERVICE, gpuService("hello", "2"));
        create(INFERENCE_SERVICE, Models.inferenceService(namespace, "iris"));
        create(Api.Kind.INFERENCE_GRAPH, Models.inferenceGraph(namespace, "chain"));
        create(
                INFERENCE_SERVICE,
                Models.inferenceService(namespace, "std", "serving.kserve.io/deploymentMode: Standard", ""));
        reconcile();
    }

    /** KServe's, of all that it renders. */
    private void reconcile() {
        cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, "iris");
        cluster.kserve.reconcile(Api.Kind.INFERENCE_GRAPH, namespace, "chain");
        new FakeStandardMode(cluster.api, cluster.api.client())
                .reconcile(FakeStandardMode.rendered(namespace, "std", "example/sklearn:1"));
    }

    private String gpuService(String name, String minScale) {
        return """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: %s, namespace: %s}
                spec:
                  template:
                    metadata: {annotations: {autoscaling.knative.dev/min-scale: "%s"}}
                    spec: {containers: [{image: example/llm:1, %s}]}
                """.formatted(name, namespace, minScale, GPUS);
    }

    private void create(Api.Kind kind, String yaml) {
        cluster.api.create(kind, Api.yaml(yaml));
    }

    private static List<String> differing(JsonNode scan) {
        List<String> kinds = new ArrayList<>();
        scan.path("objects").forEach(it -> {
            if (!it.path("differences").isEmpty()) {
                kinds.add(it.path("kind").asText());
            }
        });
        kinds.sort(null);
        return kinds;
    }

    private Map<String, Integer> generations() {
        Map<String, Integer> generations = new TreeMap<>();
        each((name, object) -> generations.put(name, Models.generation(object)));
        return generations;
    }

    private Map<String, String> authored() {
        Map<String, String> authored = new TreeMap<>();
        each((name, object) -> authored.put(name, Models.authored(object).toString()));
        return authored;
    }

    /** All that authors and KServe have written. Deployments of Revisions are Knative's. */
    private void each(BiConsumer<String, ObjectNode> what) {
        for (Api.Kind kind : List.of(KNATIVE_SERVICE, INFERENCE_SERVICE, Api.Kind.INFERENCE_GRAPH, DEPLOYMENT)) {
            String plural = kind.path(namespace).replaceAll(".*/", "");
            cluster.api.list(kind, namespace).stream()
                    .filter(it -> !it.at("/metadata/labels").has("serving.knative.dev/revision"))
                    .forEach(it ->
                            what.accept(plural + "/" + it.at("/metadata/name").asText(), it));
        }
    }

    private static Map<String, Integer> changes(Map<String, Integer> before, Map<String, Integer> after) {
        Map<String, Integer> changes = new TreeMap<>();
        after.forEach((name, number) -> changes.put(name, number - before.get(name)));
        changes.values().removeIf(it -> it == 0);
        return changes;
    }

    /** While KServe and Knative are at work. */
    private Cli rolling(Supplier<Cli> command) {
        FakeRollout rollout = new FakeRollout(cluster, namespace);
        try {
            return command.get();
        } finally {
            rollout.close();
        }
    }

    private Cli scan() {
        return run("scan");
    }

    private JsonNode json(String... more) {
        List<String> args = new ArrayList<>(List.of("scan", "-o", "json"));
        args.addAll(List.of(more));
        return Api.json(run(args.toArray(String[]::new)).out());
    }

    private Cli run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of(
                "-n",
                namespace,
                "--kubeconfig",
                cluster.kubectl.folder().resolve("kubeconfig").toString()));
        return Cli.run(all.toArray(String[]::new));
    }
}
