package dev.trimtab.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.Cli;
import dev.trimtab.cli.ScriptedApiServer;
import dev.trimtab.cli.ScriptedApiServer.Answer;
import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.LeftRecord;
import dev.trimtab.yaml.YamlStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trimtab leave} on a cluster that is played: what is printed, what is written, and when. */
class LeaveTest {
    private static final String WEBHOOK =
            "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/trimtab.dev";
    private static final String SERVICES_OF_KSERVE = "/apis/serving.kserve.io/v1beta1/namespaces/ml/inferenceservices";

    @TempDir
    private Path folder;

    private final LeavingCluster cluster = new LeavingCluster();

    @Test
    @DisplayName("without --max-gpus: which would roll, with pods, GPUs and fields; nothing is written")
    void plan() {
        rendered("a", 2, "1");
        rendered("b", 4, "2");
        cluster.add(byHand(), Settings.DEFAULTS);

        Cli plan = run("leave");

        assertThat(plan).isEqualTo(new Cli(0, """
                NAMESPACE   KIND      NAME          WITHOUT TRIMTAB   PODS   GPUS   CHANGES
                ml          Service   a-predictor   rolls             1      2      autoscaling.knative.dev/initial-scale 1 -> -, autoscaling.knative.dev/max-scale 0 -> -, idleTimeoutSeconds 0 -> -, and 1 more
                ml          Service   b-predictor   rolls             2      8      autoscaling.knative.dev/initial-scale 2 -> -, autoscaling.knative.dev/max-scale 0 -> -, idleTimeoutSeconds 0 -> -, and 1 more
                ml          Service   hand          stays             -      -      -

                2 roll, with 3 new pods and 10 GPUs; 1 only loses the record
                """, ""));
        assertThat(run("leave", "--max-gpus", "4", "--dry-run").out())
                .endsWith(
                        "Service ml/b-predictor would be skipped: its new pods ask for 8 GPUs, more than --max-gpus 4\n");
        assertThat(run("leave", "-o", "json").out().replaceAll("\\s+", ""))
                .contains(
                        "{\"kind\":\"Service\",\"namespace\":\"ml\",\"name\":\"b-predictor\",\"renderedFor\":{\"kind\":\"InferenceService\",\"namespace\":\"ml\",\"name\":\"b\"},\"outcome\":\"rolls\",\"because\":null,\"fields\":[{\"field\":\"/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale\",\"stored\":\"2\",\"after\":null}",
                        "\"pods\":2,\"gpus\":8,\"gpusByResource\":{\"nvidia.com/gpu\":8}}",
                        "\"held\":[],\"stopped\":[],\"summary\":{\"objects\":3,\"rolls\":2,\"stays\":1,\"blocked\":0,\"starting\":0,\"left\":0,\"pods\":3,\"gpus\":10,");
        assertThat(cluster.objects.values())
                .allMatch(it -> it.at("/metadata/resourceVersion").asText().equals("1"));
    }

    @Test
    @DisplayName(
            "never more GPUs starting than allowed, one new generation each, then what to delete; again: nothing to do")
    void waves() {
        for (String name : List.of("a", "b", "c", "d", "e")) {
            rendered(name, 2, "1");
        }
        cluster.add(byHand(), Settings.DEFAULTS);
        cluster.add(deployment(), policy());
        cluster.answers.put(WEBHOOK, new Answer(200, "{}"));

        Cli left = run("leave", "--max-gpus", "4", "--kserve-grace", "0s");

        assertThat(left.code()).as("%s", left).isZero();
        assertThat(left.err()).startsWith("Warning: the policy is in mode Enforce: new services are still filled");
        assertThat(cluster.mostGpus).isEqualTo(4);
        assertThat(left.out())
                .contains("Service ml/hand: has left; its pods stay\n")
                .contains(
                        "Service ml/a-predictor: leaves: 1 new pod with 2 GPUs: autoscaling.knative.dev/initial-scale")
                .containsPattern("Service ml/e-predictor: ready after \\d+s\n")
                .containsPattern("Deployment ml/std-predictor: ready after \\d+s\n")
                .endsWith("""
                        7 have left; no other object of namespace ml has anything from Trimtab
                        other namespaces were not checked: run trimtab leave -A before you delete Trimtab
                        """);
        for (String name : List.of("a", "b", "c", "d", "e")) {
            ObjectNode service = cluster.service(name + "-predictor");
            assertThat(service.at("/metadata/generation").asInt()).isEqualTo(2);
            assertThat(service.at("/metadata/annotations/trimtab.dev~1left").asText())
                    .isEqualTo("done");
            assertThat(service.at("/spec/template/metadata/annotations").has("autoscaling.knative.dev/initial-scale"))
                    .isFalse();
        }
        assertThat(cluster.generation("hand")).isEqualTo(1);
        assertThat(cluster.service("hand").at("/metadata/annotations").has("trimtab.dev/filled"))
                .isFalse();
        ObjectNode deployment = cluster.objects.get(LeavingCluster.DEPLOYMENTS + "/std-predictor");
        assertThat(deployment.at("/spec/template/metadata/labels").has("pool")).isFalse();

        assertThat(run("leave").out()).isEqualTo("no object here has anything from Trimtab; 7 have left\n");
        assertThat(run("leave", "--max-gpus", "4").code()).isZero();
        assertThat(cluster.generation("a-predictor")).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "one that never gets ready is named, and does not hold up the rest; one too large and one refused are named")
    void stuck() {
        rendered("a", 4, "1");
        rendered("b", 2, "1");
        rendered("big", 9, "1");
        rendered("refused", 1, "1");
        cluster.stuck.add("a-predictor");
        cluster.refusedTemplate = "refused-predictor";

        Cli left = run("leave", "--max-gpus", "4", "--kserve-grace", "0s", "--timeout", "3s");

        assertThat(left.code()).as("%s", left).isEqualTo(1);
        assertThat(left.err())
                .containsPattern("Service ml/a-predictor: not ready after \\ds: Ready is Unknown: Deploying\n")
                .contains("Service ml/a-predictor: no longer counted, so that the others can leave\n")
                .contains("Service ml/big-predictor: its new pods ask for 9 GPUs, more than --max-gpus 4\n")
                .contains("Service ml/refused-predictor: Service ml/refused-predictor: admission webhook");
        assertThat(left.out()).contains("Service ml/b-predictor: ready after").contains("do not delete Trimtab yet\n");
        assertThat(cluster.generation("big-predictor")).isEqualTo(1);
        assertThat(cluster.service("refused-predictor")
                        .at("/metadata/annotations")
                        .has("trimtab.dev/filled"))
                .as("Trimtab looks after it again")
                .isTrue();
        assertThat(cluster.service("refused-predictor")
                        .at("/metadata/annotations")
                        .has("trimtab.dev/left"))
                .isFalse();
    }

    @Test
    @DisplayName("KServe writes its own template: one new generation, and the values that its author wrote too stay")
    void kserve() {
        ObjectNode rendered =
                (ObjectNode) YamlStream.read(rendered("a", 2)).get(0).content();
        ((ObjectNode) rendered.at("/spec/template/metadata/annotations"))
                .put("autoscaling.knative.dev/initial-scale", "1");
        cluster.add(rendered.toString(), Settings.DEFAULTS);
        cluster.kserve.put("a-predictor", rendered);

        Cli left = run("leave", "--max-gpus", "4", "--kserve-grace", "1h", "--timeout", "2h");

        assertThat(left.code()).as("%s", left).isZero();
        assertThat(cluster.generation("a-predictor")).isEqualTo(2);
        assertThat(cluster.service("a-predictor")
                        .at("/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale")
                        .asText())
                .isEqualTo("1");
        assertThat(run("leave").out()).isEqualTo("no object here has anything from Trimtab; 1 have left\n");
    }

    @Test
    @DisplayName(
            "killed at any moment and run again: it finishes, with one new generation each and never too many GPUs")
    void killed() throws InterruptedException {
        for (String name : List.of("a", "b", "c", "d")) {
            rendered(name, 2, "1");
        }
        for (int writes = 1; writes <= 4; writes++) {
            runUntil(writes);
        }

        Cli again = run("leave", "--max-gpus", "4", "--kserve-grace", "0s");

        assertThat(again.code()).as("%s", again).isZero();
        assertThat(cluster.mostGpus).isLessThanOrEqualTo(4);
        for (String name : List.of("a", "b", "c", "d")) {
            assertThat(cluster.generation(name + "-predictor")).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("killed between the two writes of a service: the next run gives that one room first")
    void begun() {
        rendered("a", 4, "1");
        rendered("b", 4, "1");
        LeftRecord.moveRecord(cluster.service("b-predictor"));

        Cli again = run("leave", "--max-gpus", "4", "--kserve-grace", "0s");

        assertThat(again.code()).as("%s", again).isZero();
        assertThat(again.out()).containsSubsequence("Service ml/b-predictor: leaves", "Service ml/a-predictor: leaves");
    }

    @Test
    @DisplayName("somebody writes in between: read again, and written again")
    void conflicts() {
        rendered("a", 2, "1");
        cluster.conflicts.put("a-predictor", 7);

        Cli left = run("leave", "--max-gpus", "4", "--kserve-grace", "0s");

        assertThat(left.code()).as("%s", left).isZero();
        assertThat(cluster.generation("a-predictor")).isEqualTo(2);
    }

    @Test
    @DisplayName("stopped services: what is held, how it is let go, and what stays stopped")
    void stopped() {
        ObjectNode held = rendered("a", 2, "1");
        held.withObject("/metadata").put("deletionTimestamp", "2026-11-29T06:00:00Z");
        held.withObject("/metadata")
                .putArray("finalizers")
                .add("foregroundDeletion")
                .add("trimtab.dev/stopped");
        cluster.answers.put(SERVICES_OF_KSERVE, new Answer(200, """
                {"items": [
                  {"metadata": {"name": "a", "namespace": "ml", "annotations": {"serving.kserve.io/stop": "true"}}},
                  {"metadata": {"name": "z", "namespace": "ml", "annotations": {"serving.kserve.io/stop": "true"}}}]}
                """));

        assertThat(run("leave").out())
                .isEqualTo(
                        "InferenceService ml/a is stopped, and Trimtab holds Knative Service a-predictor: start it first"
                                + " (trimtab start a -n ml). Or, when Trimtab is deleted: kubectl -n ml patch"
                                + " services.serving.knative.dev a-predictor --type=json -p"
                                + " '[{\"op\": \"remove\", \"path\": \"/metadata/finalizers/1\"}]'; then KServe creates it again, and it"
                                + " runs\n"
                                + "InferenceService ml/z is stopped by KServe itself: it stays stopped, and starts without fills\n"
                                + "no object here has anything from Trimtab\n");
        Cli left = run("leave", "--max-gpus", "4");
        assertThat(left.code()).isEqualTo(1);
        assertThat(left.out()).endsWith("not all: do not delete Trimtab yet\n");
    }

    @Test
    @DisplayName("all namespaces: what to delete, in which order; misuse is one line")
    void end() {
        cluster.answers.put("/apis/serving.knative.dev/v1/services", new Answer(200, "{\"items\": []}"));
        cluster.answers.put(WEBHOOK, new Answer(200, "{}"));
        cluster.answers.put(
                "/api/v1/namespaces/trimtab/configmaps/trimtab-policy",
                new Answer(200, "{\"data\": {\"policy.yaml\": \"mode: audit\"}}"));

        assertThat(run("leave", "-A", "--max-gpus", "4")).isEqualTo(new Cli(0, """
                0 have left; no other object of the cluster has anything from Trimtab
                Trimtab can be deleted. First its webhook configurations, then the rest:
                  kubectl delete mutatingwebhookconfiguration,validatingwebhookconfiguration trimtab.dev
                  kubectl delete -k FOLDER    # the one that it was installed from
                """, ""));
        assertThat(run("leave", "--max-gpus", "4", "-o", "json").errors())
                .containsExactly(
                        "trimtab leave: -o json does not work with --max-gpus, except with --dry-run (see trimtab leave --help)");
        assertThat(run("leave", "--max-gpus", "-1").code()).isEqualTo(2);
        cluster.answers.put(LeavingCluster.SERVICES, Answer.status(404, "not found"));
        cluster.answers.put(LeavingCluster.DEPLOYMENTS, Answer.status(404, "not found"));
        assertThat(run("leave").err()).startsWith("the cluster has neither Knative Services nor InferenceServices");
    }

    /** Ends the command after so many writes, as a kill does. */
    private void runUntil(int writes) throws InterruptedException {
        int[] seen = {0};
        Thread[] command = new Thread[1];
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) -> {
            if (method.equals("PATCH") && ++seen[0] > writes) {
                command[0].interrupt();
                return Answer.status(503, "killed");
            }
            return cluster.answer(method, path, body);
        })) {
            String[] args = args(server, "leave", "--max-gpus", "4", "--kserve-grace", "0s");
            command[0] = new Thread(() -> TrimtabCommand.run(
                    args,
                    InputStream.nullInputStream(),
                    new PrintWriter(new StringWriter()),
                    new PrintWriter(new StringWriter())));
            command[0].start();
            command[0].join(60_000);
            assertThat(command[0].isAlive()).isFalse();
        }
    }

    private Cli run(String... args) {
        try (ScriptedApiServer server = new ScriptedApiServer(cluster)) {
            return Cli.run(args(server, args));
        }
    }

    private String[] args(ScriptedApiServer server, String... args) {
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--kubeconfig";
        all[args.length + 1] = server.kubeconfig(folder);
        return all;
    }

    private ObjectNode rendered(String name, int gpus, String min) {
        return cluster.add(
                rendered(name, gpus).replace("min-scale: \"1\"", "min-scale: \"" + min + "\""), Settings.DEFAULTS);
    }

    private static String rendered(String name, int gpus) {
        return """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata:
                  name: %1$s-predictor
                  namespace: ml
                  labels: {component: predictor, serving.kserve.io/inferenceservice: %1$s}
                  ownerReferences:
                    - {apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, name: %1$s, uid: u, controller: true}
                spec:
                  template:
                    metadata: {annotations: {autoscaling.knative.dev/min-scale: "1"}}
                    spec:
                      containers:
                        - {name: kserve-container, image: example/llm:1, resources: {limits: {nvidia.com/gpu: "%2$d"}}}
                """.formatted(name, gpus);
    }

    private static String byHand() {
        return """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: {name: hand, namespace: ml}
                spec: {template: {spec: {containers: [{image: example/hand:1, resources: {limits: {nvidia.com/gpu: "8"}}}]}}}
                """;
    }

    private static String deployment() {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: std-predictor
                  namespace: ml
                  labels: {component: predictor, serving.kserve.io/inferenceservice: std}
                spec:
                  replicas: 2
                  template:
                    metadata: {labels: {app: isvc.std-predictor}}
                    spec:
                      containers:
                        - {name: kserve-container, image: example/llm:1, resources: {limits: {nvidia.com/gpu: "1"}}}
                """;
    }

    private static Settings policy() {
        return Settings.DEFAULTS.withPolicy(PolicyLoader.load("apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n"
                        + "profiles: [{name: all, template: {labels: {pool: gpu}}}]")
                .policy()
                .orElseThrow());
    }
}
