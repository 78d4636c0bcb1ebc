package dev.trimtab.stability;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.Draft;
import dev.trimtab.snapshot.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every Deployment of KServe's Standard mode, as KServe renders it and the API server completes it. */
class DeploymentPropertyTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonPointer RECORD = Pointers.of("metadata", "annotations", FillRecord.ANNOTATION);

    private static final List<JsonPointer> PROBES = Stream.of("readinessProbe", "livenessProbe", "startupProbe")
            .map(KnativeService.CONTAINERS.appendIndex(0)::appendProperty)
            .toList();
    private static final JsonPointer VOLUMES = KnativeService.POD_SPEC.appendProperty("volumes");
    private static final List<String> HANDLERS = List.of("httpGet", "tcpSocket", "grpc", "exec");
    private static final Map<String, String> MERGE_KEYS =
            Map.of("containers", "name", "volumes", "name", "volumeMounts", "mountPath", "ports", "containerPort");

    private final Reviewer reviewer = new Reviewer(Reviewer.PLATFORM_NAMESPACES);

    @Property(tries = 1000 / SHARE, seed = SEED)
    void created(@ForAll("rendered") ObjectNode rendered, @ForAll("settings") Settings settings) {
        check(rendered, Optional.empty(), settings);
    }

    @Property(tries = 1000 / SHARE, seed = SEED)
    void updated(
            @ForAll("rendered") ObjectNode rendered,
            @ForAll("rendered") ObjectNode before,
            @ForAll("settings") Settings then,
            @ForAll("settings") Settings now) {
        ObjectNode stored = review(before, Optional.empty(), then).review().result();
        check(rendered, Optional.of(stored), now);
    }

    /** KServe renders the same again, or somebody sends what is stored: it stays as it is, whatever the policy says. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void appliedAgain(
            @ForAll("rendered") ObjectNode rendered,
            @ForAll("settings") Settings then,
            @ForAll("later") List<Settings> later) {
        ObjectNode stored = review(rendered, Optional.empty(), then).review().result();
        for (Settings now : later) {
            assertThat(check(rendered, Optional.of(stored), now)).isEqualTo(stored);
            assertThat(check(stored, Optional.of(stored), now)).isEqualTo(stored);
        }
    }

    /** An author's change in the two steps of KServe, then reconcile after reconcile under other policies. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void changed(
            @ForAll("rendered") ObjectNode before,
            @ForAll("rendered") ObjectNode after,
            @ForAll("settings") Settings then,
            @ForAll("settings") Settings now,
            @ForAll("later") List<Settings> later) {
        ObjectNode first = review(before, Optional.empty(), then).review().result();
        ObjectNode answer = check(after, Optional.of(first), now);
        // A replacement, as where nothing was taken out of a list or a map: what a merge keeps is
        // StandardModePodsTest's.
        ObjectNode stored = check(answer, Optional.of(first), now);
        assertThat(stored).as("the real request").isEqualTo(answer);
        for (Settings another : later) {
            assertThat(check(after, Optional.of(stored), another)).isEqualTo(stored);
        }
    }

    /** The same through KServe's strategic merge patch, which keeps what its author took out and is then sent in vain. */
    @Property(tries = 1000 / SHARE, seed = SEED)
    void patched(
            @ForAll("rendered") ObjectNode before,
            @ForAll("rendered") ObjectNode after,
            @ForAll("settings") Settings then,
            @ForAll("settings") Settings now,
            @ForAll("later") List<Settings> later) {
        // KServe cannot change the handler of a probe that its author wrote, with or without us.
        Assume.that(PROBES.stream().noneMatch(probe -> changesHandler(before.at(probe), after.at(probe))));
        // Nor can it take out a volume; where ours stands behind that one, each reconcile still counts as a change.
        Assume.that(before.at(VOLUMES).isMissingNode() || !after.at(VOLUMES).isMissingNode());
        ObjectNode stored = review(before, Optional.empty(), then).review().result();
        stored = reconcile(after, stored, now);
        // An author's delay that is the same as ours was needs a second round.
        stored = reconcile(after, stored, now);
        for (JsonPointer probe : PROBES) {
            assertThat(HANDLERS.stream().filter(stored.at(probe)::has).count())
                    .as("handlers of %s", probe)
                    .isLessThanOrEqualTo(1);
        }
        for (Settings another : later) {
            assertThat(reconcile(after, stored, another)).isEqualTo(stored);
        }
    }

    private static boolean changesHandler(JsonNode before, JsonNode after) {
        boolean defaulted = before.path("tcpSocket").path("port").asInt() == 8080;
        return !defaulted
                && before.isObject()
                && after.isObject()
                && HANDLERS.stream().anyMatch(handler -> before.has(handler) != after.has(handler));
    }

    private ObjectNode reconcile(ObjectNode rendered, ObjectNode stored, Settings settings) {
        ObjectNode answer = check(rendered, Optional.of(stored), settings);
        if (answer.path("spec").equals(stored.path("spec"))) {
            return stored;
        }
        ObjectNode merged = stored.deepCopy();
        merge(answer, merged);
        return Requests.patched(merged, review(merged, Optional.of(stored), settings));
    }

    /** As the API server does it: maps by field, these lists by their keys with the new entries first, others whole. */
    private static void merge(ObjectNode patch, ObjectNode into) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            String key = MERGE_KEYS.get(field.getKey());
            JsonNode here = into.path(field.getKey());
            if (field.getValue() instanceof ObjectNode map && here instanceof ObjectNode object) {
                merge(map, object);
            } else if (key != null && field.getValue() instanceof ArrayNode list && here instanceof ArrayNode entries) {
                into.set(field.getKey(), merged(list, entries, key));
            } else {
                into.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }

    private static ArrayNode merged(ArrayNode patch, ArrayNode into, String key) {
        Map<JsonNode, JsonNode> merged = new LinkedHashMap<>();
        Map<JsonNode, JsonNode> rest = new LinkedHashMap<>();
        into.forEach(entry -> rest.put(entry.path(key), entry));
        patch.forEach(entry -> {
            JsonNode here = rest.remove(entry.path(key));
            if (here instanceof ObjectNode object) {
                merge((ObjectNode) entry, object);
            }
            merged.put(entry.path(key), here == null ? entry.deepCopy() : here);
        });
        merged.putAll(rest);
        return JSON.arrayNode().addAll(merged.values());
    }

    @Provide
    Arbitrary<ObjectNode> rendered() {
        Arbitrary<JsonNode> readiness = probes(
                "tcpSocket: {port: 8080}",
                "tcpSocket: {port: 8080}",
                "httpGet: {path: /ready, port: 8080, scheme: HTTP}");
        Arbitrary<JsonNode> others = probes("exec: {command: [ls]}", "tcpSocket: {port: 8000}");
        Arbitrary<String> annotations = Arbitraries.of(
                "{}",
                "{trimtab.dev/dataset: llama}",
                "{trimtab.dev/dataset: 'qwen:/prompts'}",
                "{trimtab.dev/gpu-memory: 12Gi}",
                "{trimtab.dev/startup-seconds: '400', example.com/pool: cpu}");
        return Combinators.combine(
                        Arbitraries.of("llm:1", "llm:2"),
                        readiness,
                        others.optional(0.3),
                        others.optional(0.3),
                        annotations,
                        Generated.resources(),
                        Arbitraries.of(true, false),
                        Arbitraries.of("", "", "transformer-container"))
                .as(DeploymentPropertyTest::deployment);
    }

    private static ObjectNode deployment(
            String image,
            JsonNode readiness,
            Optional<JsonNode> liveness,
            Optional<JsonNode> startup,
            String annotations,
            String resources,
            boolean volumes,
            String sidecar) {
        ObjectNode deployment = Services.yaml("""
                apiVersion: apps/v1
                kind: Deployment
                metadata:
                  name: llm-predictor
                  namespace: ml-prod
                  labels: {app: isvc.llm-predictor, component: predictor, serving.kserve.io/inferenceservice: llm}
                spec:
                  selector: {matchLabels: {app: isvc.llm-predictor}}
                  template:
                    metadata:
                      labels: {app: isvc.llm-predictor, component: predictor, serving.kserve.io/inferenceservice: llm}
                    spec:
                      restartPolicy: Always
                      containers: [{name: kserve-container, image: "%s"}]
                """.formatted(image));
        Pointers.set(deployment, KnativeService.TEMPLATE_ANNOTATIONS, Services.yaml(annotations));
        Services.withResources(deployment, resources);
        ObjectNode container = (ObjectNode) deployment.at("/spec/template/spec/containers/0");
        container.set("readinessProbe", readiness.deepCopy());
        liveness.ifPresent(probe -> container.set("livenessProbe", probe.deepCopy()));
        startup.ifPresent(probe -> container.set("startupProbe", probe.deepCopy()));
        if (volumes) {
            container.putArray("volumeMounts").add(Services.yaml("{name: prompts, mountPath: /prompts}"));
            ((ObjectNode) deployment.at(KnativeService.POD_SPEC))
                    .putArray("volumes")
                    .add(Services.yaml("{name: prompts, configMap: {name: prompts, defaultMode: 420}}"));
        }
        if (!sidecar.isEmpty()) {
            deployment
                    .withArray("/spec/template/spec/containers")
                    .add(Services.yaml(
                            "{name: %s, image: t, ports: [{containerPort: 8081, protocol: TCP}]}".formatted(sidecar)));
        }
        return deployment;
    }

    /** With the numbers that the API server writes out. */
    private static Arbitrary<JsonNode> probes(String... handlers) {
        return Arbitraries.of(handlers)
                .map(handler -> Services.yaml(handler + "\ntimeoutSeconds: 1\nperiodSeconds: 10\nsuccessThreshold: 1\n"
                        + "failureThreshold: 3\n"));
    }

    @Provide
    Arbitrary<Settings> settings() {
        return Generated.settings();
    }

    @Provide
    Arbitrary<List<Settings>> later() {
        return Generated.settings().list().ofMinSize(1).ofMaxSize(3);
    }

    private ObjectNode check(ObjectNode sent, Optional<ObjectNode> stored, Settings settings) {
        ObjectNode untouched = sent.deepCopy();
        AdmissionResponse answer = review(sent, stored, settings);
        assertThat(sent).as("the object that was sent").isEqualTo(untouched);
        assertThat(Requests.send(reviewer, Requests.of(sent, stored, true), settings)
                        .toJson())
                .as("dry-run")
                .isEqualTo(answer.toJson());
        ObjectNode result = Requests.patched(sent, answer);
        assertThat(result).as("the patch applied").isEqualTo(answer.review().result());
        for (Optional<ObjectNode> old : List.of(stored, Optional.of(result))) {
            assertThat((Object) review(result, old, settings).patch())
                    .as("idempotent")
                    .isEqualTo(JSON.arrayNode());
        }
        assertAuthorSurvives(sent, answer, result);
        return result;
    }

    /** A place changes only where a decision says so, and is filled only where its author left it out. */
    private static void assertAuthorSurvives(ObjectNode sent, AdmissionResponse answer, ObjectNode result) {
        ObjectNode expected = result.deepCopy();
        answer.review().decisions().stream()
                .map(DeploymentPropertyTest::written)
                .flatMap(Optional::stream)
                .sorted((one, other) -> other.toString().compareTo(one.toString()))
                .forEach(at -> {
                    assertThat(Draft.saysNothing(sent, at))
                            .as("%s was left out", at)
                            .isTrue();
                    Pointers.remove(expected, at);
                    if (!sent.at(at).isMissingNode()) {
                        Pointers.set(expected, at, sent.at(at));
                    }
                });
        assertThat(withoutOurs(expected)).isEqualTo(withoutOurs(sent));
    }

    private static Optional<JsonPointer> written(Decision decision) {
        if (decision instanceof Decision.Filled it) {
            return Optional.of(it.at());
        }
        return decision instanceof Decision.Replayed it ? Optional.of(it.at()) : Optional.empty();
    }

    private static JsonNode withoutOurs(ObjectNode deployment) {
        ObjectNode copy = deployment.deepCopy();
        Pointers.remove(copy, RECORD);
        prune(copy);
        return copy;
    }

    private static void prune(JsonNode node) {
        node.forEach(DeploymentPropertyTest::prune);
        if (node.isObject()) {
            node.properties().removeIf(it -> Pointers.isAbsent(it.getValue()));
        }
    }

    private AdmissionResponse review(ObjectNode object, Optional<ObjectNode> stored, Settings settings) {
        return Requests.send(reviewer, Requests.of(object, stored, false), settings);
    }
}
