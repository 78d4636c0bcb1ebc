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
import dev.trimtab.cli.TrimtabCommand;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code trimtab leave} with real pods of Knative and Kubernetes, ended in the middle and run again. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class LeaveOnClusterTest extends ApiTest {
    private static final long MAX_GPUS = 4;

    private static final String POOL = "profiles: [{name: all, template: {labels: {example.com/pool: gpu}}}]\n";

    private final List<String> models = new ArrayList<>();
    private ObjectNode deployment;

    @Test
    @DisplayName(
            "Trimtab runs, and KServe writes its own templates: never more than 4 GPUs start, and nothing moves later")
    void running() {
        filled(8);

        leaves(command -> {
            FakeRollout kserve = new FakeRollout(cluster, namespace);
            try {
                return command.get();
            } finally {
                kserve.close();
            }
        });
    }

    @Test
    @DisplayName("Trimtab is away, and its closed door is shut: never more than 4 GPUs start, and nothing moves later")
    void away() {
        filled(4);
        cluster.loseTrimtab(it -> it.setCaBundle(cluster.certificates.caBundle()));

        leaves(Supplier::get);
    }

    /** In whose presence a command runs. */
    private interface Surroundings {
        Cli of(Supplier<Cli> command);
    }

    private void leaves(Surroundings surroundings) {
        Map<String, ObjectNode> before = stored();
        JsonNode plan = summary();
        assertThat(plan.path("rolls").asInt()).as("%s", plan).isEqualTo(models.size() + 1);
        assertThat(plan.path("stays").asInt()).as("%s", plan).isEqualTo(1);
        assertThat(plan.path("gpus").asLong()).as("%s", plan).isGreaterThan(2 * MAX_GPUS);

        try (StartingGpus gpus = new StartingGpus(cluster.admin, namespace)) {
            Cli killed = surroundings.of(() -> killedAtDeparture(3));
            assertThat(killed.code()).as("%s", killed).isNotZero();
            assertThat(summary().path("rolls").asInt()).as("%s", killed).isPositive();

            Cli again = surroundings.of(() -> run(leave()));
            assertThat(again.code()).as("%s%n%s", killed, again).isZero();
            assertThat(again.out())
                    .contains("%d have left; no other object of namespace %s has anything from Trimtab"
                            .formatted(models.size() + 2, namespace));
            assertThat(gpus.most())
                    .as("GPUs of pods that start, at most:%n%s%n%s", killed, again)
                    .isBetween(2L, MAX_GPUS);
        }
        Map<String, ObjectNode> left = stored();
        left.forEach(
                (name, object) -> assertThat(object.at("/metadata/annotations").has("trimtab.dev/filled"))
                        .as(name)
                        .isFalse());
        assertThat(left.get("standard-predictor")
                        .at("/metadata/annotations/deployment.kubernetes.io~1revision")
                        .asText())
                .as("rollouts of the Deployment: its generation counts changes of annotations too")
                .isEqualTo("2");
        cluster.api.list(KNATIVE_SERVICE, namespace).forEach(it -> {
            String name = it.at("/metadata/name").asText();
            assertThat(Models.generation(it))
                    .as(name)
                    .isEqualTo(Models.generation(before.get(name)) + (name.equals("hand") ? 0 : 1));
        });
        assertThat(left.get("hand").at("/spec")).isEqualTo(before.get("hand").at("/spec"));

        cluster.removeTrimtab();
        cluster.removePolicyCheck();
        reconcile();
        assertThat(generations(stored())).as("KServe reconciles").isEqualTo(generations(left));
    }

    /** Each new revision without our fills starts two pods, where one runs now. */
    private void filled(int services) {
        cluster.policy(Cluster.DEFAULT_POLICY + POOL);
        cluster.configure("config-autoscaler", Map.of("initial-scale", "2"));
        for (int i = 0; i < services; i++) {
            String name = "model-" + i;
            models.add(name);
            cluster.api.create(INFERENCE_SERVICE, Api.yaml("""
                    apiVersion: serving.kserve.io/v1beta1
                    kind: InferenceService
                    metadata: {name: %s, namespace: %s, annotations: {test/start-after: 2s}}
                    spec:
                      predictor:
                        containers:
                          - name: kserve-container
                            image: example/llm:1
                            resources: {limits: {nvidia.com/gpu: "%d"}}
                    """.formatted(name, namespace, i % 2 + 1)));
        }
        ObjectNode owner = cluster.api.create(
                INFERENCE_SERVICE,
                Api.yaml(Models.inferenceService(
                        namespace, "standard", "serving.kserve.io/deploymentMode: Standard", "")));
        deployment = standard(owner);
        cluster.api.create(KNATIVE_SERVICE, Api.yaml(Models.knativeService(namespace, "hand", "")));
        // The first reconcile after a CREATE may still write.
        reconcile();
        reconcile();
        assertThat(stored()).hasSize(services + 2).allSatisfy((name, object) -> assertThat(
                        object.at("/metadata/annotations").has("trimtab.dev/filled"))
                .as(name)
                .isTrue());
        Eventually.holds("all of them run", () -> stored().values().stream().allMatch(LeaveOnClusterTest::isUp));
    }

    private ObjectNode standard(ObjectNode owner) {
        ObjectNode rendered = FakeStandardMode.rendered(namespace, "standard", "example/llm:1");
        rendered.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "serving.kserve.io/v1beta1")
                .put("kind", "InferenceService")
                .put("name", "standard")
                .put("controller", true)
                .set("uid", owner.at("/metadata/uid"));
        ((ObjectNode) rendered.at("/spec/template/spec/containers/0/resources/requests")).put("nvidia.com/gpu", "1");
        ((ObjectNode) rendered.at("/spec/template/spec/containers/0/resources/limits")).put("nvidia.com/gpu", "1");
        return rendered;
    }

    private static boolean isUp(ObjectNode object) {
        boolean looked = object.at("/status/observedGeneration").asInt() == Models.generation(object);
        return looked
                && (object.at("/status/readyReplicas").asInt() == 1
                        || object.at("/status/conditions").findParents("type").stream()
                                .anyMatch(it -> it.path("type").asText().equals("Ready")
                                        && it.path("status").asText().equals("True")));
    }

    private void reconcile() {
        models.forEach(it -> cluster.kserve.reconcile(INFERENCE_SERVICE, namespace, it));
        boolean unused = new FakeStandardMode(cluster.api, cluster.api.client()).reconcile(deployment);
    }

    private Map<String, ObjectNode> stored() {
        Map<String, ObjectNode> all = new TreeMap<>();
        cluster.api
                .list(KNATIVE_SERVICE, namespace)
                .forEach(it -> all.put(it.at("/metadata/name").asText(), it));
        all.put("standard-predictor", cluster.api.get(DEPLOYMENT, namespace, "standard-predictor"));
        return all;
    }

    private static Map<String, Integer> generations(Map<String, ObjectNode> objects) {
        Map<String, Integer> all = new TreeMap<>();
        objects.forEach((name, object) -> all.put(name, Models.generation(object)));
        return all;
    }

    private JsonNode summary() {
        Cli plan = run("leave", "-o", "json");
        assertThat(plan.code()).as("%s", plan).isZero();
        return Api.json(plan.out()).path("summary");
    }

    private static String[] leave() {
        return new String[] {"leave", "--max-gpus", Long.toString(MAX_GPUS), "--kserve-grace", "1s", "--timeout", "5m"};
    }

    /** Ended between the two writes of a service, as Ctrl-C does. */
    private Cli killedAtDeparture(int number) {
        StringWriter out = new StringWriter() {
            private int seen;

            @Override
            public void write(String text, int from, int length) {
                super.write(text, from, length);
                if (text.contains(": leaves: ") && ++seen == number) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        StringWriter err = new StringWriter();
        try {
            int code = TrimtabCommand.run(
                    args(leave()), InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(err));
            return new Cli(code, out.toString(), err.toString());
        } finally {
            boolean unused = Thread.interrupted();
        }
    }

    private Cli run(String... args) {
        return Cli.run(args(args));
    }

    private String[] args(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of(
                "-n",
                namespace,
                "--kubeconfig",
                cluster.kubectl.folder().resolve("kubeconfig").toString()));
        return all.toArray(String[]::new);
    }
}
