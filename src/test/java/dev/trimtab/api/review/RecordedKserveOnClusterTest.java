package dev.trimtab.api.review;

import static dev.trimtab.api.cluster.Api.Kind.CONFIGURATION;
import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_GRAPH;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.POD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeStandardMode;
import dev.trimtab.api.fakes.Owned;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.config.KnativeConfig;
import dev.trimtab.kserve.Recording;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What four versions of KServe sent, sent again to a real API server with the real Knative, all objects beside each other,
 * while the policy and Knative's ConfigMaps are edited between the rounds. One object of each shape: {@code
 * RecordedKserveTest} has them all.
 */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class RecordedKserveOnClusterTest extends ApiTest {
    private static final int CLIENTS = 6;

    private static final String PROFILE = """
            gpu: {dialect: aliyun}
            profiles:
              - name: all
                startupSeconds: 400
                maxResponseSeconds: 250
                containerConcurrency: 4
                gpuMemory: 12Gi
                probes: {readiness: {httpGet: {path: /ready}}, liveness: {tcpSocket: {}}}
                template: {labels: {example.com/pool: gpu}}
            """;

    /** One before each reconcile. The last one leaves the default policy, under which the author's edit is filled. */
    private final List<Runnable> edits = List.of(
            () -> policy(PROFILE),
            () -> cluster.configure(
                    "config-defaults",
                    Map.of(
                            "revision-timeout-seconds", another(120),
                            "revision-response-start-timeout-seconds", "60",
                            "revision-idle-timeout-seconds", "50",
                            "container-concurrency", "7")),
            () -> {
                policy("mode: Audit");
                cluster.configure("config-features", Map.of("kubernetes.podspec-affinity", "enabled"));
            },
            () -> cluster.configure("config-deployment", Map.of("progress-deadline", another(700) + "s")),
            () -> {
                policy("");
                cluster.configure(
                        "config-autoscaler", Map.of("initial-scale", "4", "min-scale", "2", "max-scale", another(9)));
            });

    private final ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
    private final List<Played> all = new ArrayList<>();
    private int edited;

    @AfterEach
    void restored() {
        pool.shutdown();
        cluster.reset();
    }

    @Test
    @DisplayName(
            "created, edited once, stopped and started: the generation moves exactly with the author, and Knative starts as many pods as the rule says")
    void recordings() {
        Set<String> shapes = new HashSet<>();
        for (String version : Recording.VERSIONS) {
            String name = cluster.newNamespace(Map.of());
            Map<String, ObjectNode> owners = new HashMap<>();
            Recording.knativeServices(version).stream()
                    .filter(it -> shapes.add(shape(it)))
                    .forEach(it -> all.add(new Played(name, KNATIVE_SERVICE, it, owners)));
            Recording.deployments(version).stream()
                    .filter(it -> shapes.add(shape(it)))
                    .forEach(it -> all.add(new Played(name, DEPLOYMENT, it, owners)));
        }
        assertThat(all).hasSizeGreaterThan(40);

        everyone(it -> it.create(0));
        generationsAreTheAuthors("created");
        podsAreAsTheRuleSays("after the creation");
        rounds("before the author's edit");

        everyone(Played::edit);
        everyone(Played::reconcile);
        generationsAreTheAuthors("the author's edit");
        assertThat(all).allSatisfy(it -> assertThat(it.expected).isEqualTo(2));
        podsAreAsTheRuleSays("after the author's edit");
        rounds("after the author's edit");

        everyone(Played::stop);
        Eventually.holds("all are gone", () -> stored().isEmpty());
        everyone(it -> it.create(1));
        for (Runnable edit : edits.subList(0, 2)) {
            edit.run();
            everyone(Played::reconcile);
            generationsAreTheAuthors("started again");
        }
    }

    /** Which fields there are, not the texts in them; recordings that are edited count apart. */
    private static String shape(Recording recording) {
        Recording.Life life = recording.lives().get(0);
        ObjectNode created = life.created().deepCopy();
        created.remove(List.of("metadata", "status"));
        return (life.rendered().size() > 1) + shape(created);
    }

    private static String shape(JsonNode node) {
        StringBuilder shape = new StringBuilder();
        if (node.isArray()) {
            node.forEach(it -> shape.append('[').append(shape(it)).append(']'));
        }
        new TreeMap<>(node.properties().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                .forEach((key, value) -> {
                    boolean scaling = key.startsWith("autoscaling.");
                    boolean told = Set.of("env", "args", "command").contains(key);
                    shape.append(key).append('{');
                    shape.append(scaling ? value.asText() : told ? "" : shape(value));
                    shape.append('}');
                });
        return shape.toString();
    }

    private void rounds(String when) {
        for (int round = 0; round < edits.size(); round++) {
            edits.get(round).run();
            everyone(Played::reconcile);
            generationsAreTheAuthors("round %d %s".formatted(round, when));
        }
    }

    private void everyone(Consumer<Played> step) {
        List<CompletableFuture<Void>> running = all.stream()
                .map(it -> CompletableFuture.runAsync(() -> step.accept(it), pool))
                .toList();
        running.forEach(CompletableFuture::join);
    }

    private void generationsAreTheAuthors(String when) {
        Map<String, Integer> expected = new HashMap<>();
        all.forEach(it -> expected.put(it.toString(), it.expected));
        Map<String, Integer> actual = new HashMap<>();
        stored().forEach((name, object) -> actual.put(name, Models.generation(object)));
        assertThat(actual).as(when).containsExactlyInAnyOrderEntriesOf(expected);
    }

    /** By namespace, kind and name. */
    private Map<String, ObjectNode> stored() {
        Map<String, ObjectNode> stored = new HashMap<>();
        for (String name : all.stream().map(it -> it.namespace).distinct().toList()) {
            for (ObjectNode service : cluster.api.list(KNATIVE_SERVICE, name)) {
                stored.put(key(name, KNATIVE_SERVICE, service), service);
            }
            for (ObjectNode deployment : cluster.api.list(DEPLOYMENT, name)) {
                // Those of Knative's Revisions are none of KServe's.
                if (!deployment.at("/metadata/labels").has("serving.knative.dev/revision")) {
                    stored.put(key(name, DEPLOYMENT, deployment), deployment);
                }
            }
        }
        return stored;
    }

    private static String key(String namespace, Kind kind, ObjectNode object) {
        return "%s %s %s".formatted(namespace, kind, object.at("/metadata/name").asText());
    }

    private void podsAreAsTheRuleSays(String when) {
        Map<String, Integer> expected = new HashMap<>();
        Map<String, Integer> actual = new HashMap<>();
        List<Played> services =
                all.stream().filter(it -> it.kind == KNATIVE_SERVICE).toList();
        Eventually.holds("all Revisions are ready " + when, () -> notReady().isEmpty());
        Map<String, ObjectNode> stored = stored();
        Map<String, Integer> pods = podsByRevision();
        for (Played it : services) {
            ObjectNode service = stored.get(it.toString());
            expected.put(it.toString(), it.pods());
            String revision = service.at("/status/latestCreatedRevisionName").asText();
            actual.put(it.toString(), pods.getOrDefault(it.namespace + " " + revision, 0));
            assertThat(Models.scale(service).get("initial")).as(it + " " + when).isEqualTo(Integer.toString(it.pods()));
        }
        assertThat(actual).as(when).containsExactlyInAnyOrderEntriesOf(expected);
    }

    private List<String> notReady() {
        List<String> waiting = new ArrayList<>();
        for (String name : all.stream().map(it -> it.namespace).distinct().toList()) {
            for (ObjectNode configuration : cluster.api.list(CONFIGURATION, name)) {
                JsonNode status = configuration.path("status");
                if (status.path("observedGeneration").asInt() != Models.generation(configuration)
                        || !status.path("latestCreatedRevisionName").isTextual()
                        || !status.path("latestReadyRevisionName").equals(status.path("latestCreatedRevisionName"))) {
                    waiting.add(name + " " + configuration.at("/metadata/name").asText());
                }
            }
            for (ObjectNode service : cluster.api.list(KNATIVE_SERVICE, name)) {
                if (service.at("/status/observedGeneration").asInt() != Models.generation(service)) {
                    waiting.add(key(name, KNATIVE_SERVICE, service));
                }
            }
        }
        return waiting;
    }

    private Map<String, Integer> podsByRevision() {
        Map<String, Integer> pods = new HashMap<>();
        for (String name : all.stream().map(it -> it.namespace).distinct().toList()) {
            for (ObjectNode pod : cluster.api.list(POD, name)) {
                String revision = pod.at("/metadata/labels")
                        .path("serving.knative.dev/revision")
                        .asText();
                pods.merge(name + " " + revision, 1, Integer::sum);
            }
        }
        return pods;
    }

    /** No edit is the same as one before. */
    private String another(int least) {
        return Integer.toString(least + edited++);
    }

    private void policy(String more) {
        cluster.policy(Cluster.DEFAULT_POLICY + more + "\n");
    }

    /** One recorded object on its way. */
    private final class Played {
        private final String namespace;
        private final Kind kind;
        private final Recording recording;
        private final Map<String, ObjectNode> owners;
        private ObjectNode rendered;
        private int expected;

        Played(String namespace, Kind kind, Recording recording, Map<String, ObjectNode> owners) {
            this.namespace = namespace;
            this.kind = kind;
            this.recording = recording;
            this.owners = owners;
        }

        void create(int life) {
            rendered = owned(recording.lives().get(life).created());
            expected = 1;
            reconcile();
        }

        /** The recorded edit, or else another image. */
        void edit() {
            JsonNode before = authored(rendered);
            ObjectNode edited = recording.lives().get(0).rendered().stream()
                    .filter(it -> !authored(it).equals(before))
                    .findFirst()
                    .map(this::owned)
                    .orElseGet(this::otherImage);
            assertThat(authored(edited)).as(toString()).isNotEqualTo(before);
            rendered = edited;
            expected++;
        }

        private ObjectNode otherImage() {
            ObjectNode edited = rendered.deepCopy();
            ObjectNode container = (ObjectNode) edited.at("/spec/template/spec/containers/0");
            container.put("image", container.path("image").asText() + "-edited");
            return edited;
        }

        void reconcile() {
            if (kind == KNATIVE_SERVICE) {
                cluster.kserve.reconcile(rendered);
            } else {
                boolean unused = new FakeStandardMode(cluster.api, cluster.api.client()).reconcile(rendered);
            }
        }

        void stop() {
            cluster.api.delete(kind, namespace, recording.name());
        }

        /** The author's initial-scale, else min-scale; never above max-scale. */
        int pods() {
            JsonNode annotations = rendered.at("/spec/template/metadata/annotations");
            int min = annotations.path("autoscaling.knative.dev/min-scale").asInt(1);
            int max = annotations.path("autoscaling.knative.dev/max-scale").asInt(0);
            int initial =
                    annotations.path("autoscaling.knative.dev/initial-scale").asInt(min);
            return max == 0 ? initial : Math.min(initial, max);
        }

        /** Two that differ were made different by their author. */
        private JsonNode authored(ObjectNode object) {
            return kind == KNATIVE_SERVICE
                    ? KnativeDefaulting.apply(object, null, KnativeConfig.DEFAULTS)
                            .path("spec")
                    : object.at("/spec/template");
        }

        /** The recorded owner is on another cluster: an object without its owner is collected. */
        private ObjectNode owned(ObjectNode recorded) {
            ObjectNode copy = recorded.deepCopy();
            JsonNode reference = recorded.at("/metadata/ownerReferences/0");
            String name = reference.path("name").asText();
            Kind ownerKind =
                    reference.path("kind").asText().equals("InferenceGraph") ? INFERENCE_GRAPH : INFERENCE_SERVICE;
            ObjectNode owner;
            synchronized (owners) {
                owner = owners.computeIfAbsent(
                        ownerKind + name,
                        unused -> cluster.api.create(
                                ownerKind,
                                Api.yaml(
                                        ownerKind == INFERENCE_GRAPH
                                                ? Models.inferenceGraph(namespace, name)
                                                : Models.inferenceService(namespace, name))));
            }
            Owned.by(owner, copy, namespace, recording.name());
            return copy;
        }

        @Override
        public String toString() {
            return "%s %s %s".formatted(namespace, kind, recording.name());
        }
    }
}
