package dev.trimtab.lifecycle;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Policy.Lifecycle;
import dev.trimtab.policy.Policy.NativeStop;
import dev.trimtab.snapshot.KnownServices.KnownService;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stop and start on the status that KServe 0.14.1, 0.15.2, 0.17.0 and 0.20.0 really write, in both modes, for both kinds: run with
 * {@code -Dcorpus.dir=…}.
 */
class RecordedStatusTest {
    private static final Instant STOPPED_AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant NOW = STOPPED_AT.plusSeconds(120);
    private static final Lifecycle POLICY =
            new Lifecycle(Duration.ofSeconds(30), Duration.ofSeconds(60), NativeStop.AUTO, Duration.ofMinutes(30));

    /**
     * What one version of KServe writes for one kind in one mode.
     *
     * @param name such as {@code graph-standard}
     */
    record Recorded(String version, String name, JsonNode running, JsonNode stopped) {
        Stoppable kind() {
            return name.startsWith("graph") ? Stoppable.INFERENCE_GRAPH : Stoppable.INFERENCE_SERVICE;
        }

        boolean isStandard() {
            return name.endsWith("standard");
        }

        boolean hasStop() {
            return new Conditions(service(stopped)).isStopped();
        }

        Manifest service(JsonNode status) {
            ObjectNode service = JsonNodeFactory.instance.objectNode();
            service.put("apiVersion", Stoppable.GROUP + "/" + kind().resource().version())
                    .put("kind", kind().kindName());
            ObjectNode metadata =
                    service.putObject("metadata").put("name", name).put("resourceVersion", "7");
            if (isStandard()) {
                metadata.putObject("annotations").put("serving.kserve.io/deploymentMode", "Standard");
            }
            service.set("status", status.deepCopy());
            return new Manifest(service);
        }

        /**
         * What KServe writes once its children run again. It sets the conditions of an InferenceService that it manages, and Ready
         * by all that have no severity (knative.dev/pkg, condition_set.go); a graph's it writes anew.
         */
        JsonNode writtenByKserve(JsonNode stored) {
            Map<String, JsonNode> conditions = new TreeMap<>();
            if (kind() == Stoppable.INFERENCE_SERVICE) {
                stored.path("conditions")
                        .forEach(it -> conditions.put(it.path("type").asText(), it));
            }
            running.path("conditions")
                    .forEach(it -> conditions.put(it.path("type").asText(), it));
            boolean happy = conditions.values().stream()
                    .filter(it ->
                            !it.has("severity") && !it.path("type").asText().equals("Stopped"))
                    .allMatch(it -> it.path("status").asText().equals("True"));
            if (!happy) {
                conditions.put("Ready", ((ObjectNode) conditions.get("Ready").deepCopy()).put("status", "False"));
            }
            ObjectNode status = stored.deepCopy();
            running.properties().forEach(it -> status.set(it.getKey(), it.getValue()));
            status.putArray("conditions").addAll(conditions.values());
            return status;
        }

        @Override
        public String toString() {
            return version + " " + name;
        }
    }

    static Stream<Recorded> recorded() throws IOException {
        String corpus = System.getProperty("corpus.dir", "");
        List<Recorded> all = new ArrayList<>();
        if (corpus.isEmpty()) {
            return Stream.empty();
        }
        JsonNode file = new JsonMapper()
                .readTree(Path.of(corpus, "kserve-recorded", "status.json").toFile());
        for (Map.Entry<String, JsonNode> version : file.properties()) {
            for (Map.Entry<String, JsonNode> one : version.getValue().properties()) {
                all.add(new Recorded(
                        version.getKey(),
                        one.getKey(),
                        one.getValue().path("running"),
                        one.getValue().path("stopped")));
            }
        }
        return all.stream();
    }

    @Test
    @DisplayName("four versions, two kinds, two modes")
    void all() throws IOException {
        assumeThat(System.getProperty("corpus.dir", "")).as("set -Dcorpus.dir").isNotBlank();
        assertThat(recorded()).hasSize(16);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("recorded")
    @DisplayName(
            "taken down by Trimtab: only what this KServe manages turns False, and after the start nothing is left of it")
    void takenDown(Recorded it) {
        Manifest service = it.service(it.running());

        Manifest stopped = apply(service, StoppedStatus.of(view(it, service)));

        Map<String, JsonNode> before = byType(service);
        Map<String, JsonNode> after = byType(stopped);
        assertThat(after.get("Ready").path("status").asText()).isEqualTo("False");
        after.forEach((type, condition) -> {
            if (!type.equals("Stopped")) {
                assertThat(before).as("another condition").containsKey(type);
                assertThat(condition.path("severity"))
                        .isEqualTo(before.get(type).path("severity"));
            } else if (!before.containsKey(type)) {
                assertThat(new Conditions(stopped).isStopped()).isTrue();
                assertThat(new Conditions(stopped).hasStopOfKServe()).isFalse();
            }
        });
        assertThat(StoppedStatus.of(view(it, stopped))).as("once").isEmpty();

        Optional<Step> back = StoppedStatus.started(it.kind(), stopped);
        Manifest started = back.isPresent() ? apply(stopped, back) : stopped;

        assertThat(StoppedStatus.started(it.kind(), started)).as("once").isEmpty();
        assertThat(new Conditions(started).isRunning())
                .as("not before KServe says so")
                .isFalse();
        assertSame(it, it.writtenByKserve(started.root().path("status")));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("recorded")
    @DisplayName("a KServe with a stop shows it on each service that runs, and its own stop is left alone")
    void nativeStop(Recorded it) {
        assertThat(KnownService.of(it.kind(), it.service(it.running())).showsNativeStop())
                .isEqualTo(it.hasStop());
        if (it.hasStop()) {
            Manifest stopped = it.service(it.stopped());
            assertThat(new Conditions(stopped).isStopped()).isTrue();
            assertThat(StoppedStatus.of(view(it, stopped))).isEmpty();
            assertThat(StoppedStatus.started(it.kind(), stopped)).isEmpty();
            assertSame(it, it.writtenByKserve(it.stopped()));
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("recorded")
    @DisplayName("what an older Trimtab has left behind: RoutesReady in each mode, and Stopped for good; taken back")
    void olderTrimtab(Recorded it) {
        Manifest service = it.service(it.running());
        Map<String, JsonNode> conditions = byType(service);
        for (String type :
                it.kind() == Stoppable.INFERENCE_GRAPH ? List.of("Ready") : List.of("Ready", "RoutesReady")) {
            conditions.put(type, byOlderTrimtab(type, "False", "Stopped"));
        }
        conditions.computeIfAbsent("Stopped", type -> byOlderTrimtab(type, "False", "StoppedByTrimtab"));
        ((ObjectNode) service.root().path("status")).putArray("conditions").addAll(conditions.values());
        boolean traces = !it.hasStop() || it.kind() == Stoppable.INFERENCE_SERVICE;
        assertThat(StoppedStatus.hasTraces(it.kind(), service)).isEqualTo(traces);

        Manifest healed = traces ? apply(service, StoppedStatus.started(it.kind(), service)) : service;

        assertSame(it, it.writtenByKserve(healed.root().path("status")));
    }

    private static void assertSame(Recorded it, JsonNode status) {
        ObjectNode expected = it.running().deepCopy();
        // KServe writes those of a graph in no order.
        expected.putArray("conditions").addAll(byType(it.service(it.running())).values());
        assertThatJson(status).isEqualTo(expected);
    }

    private static ObjectNode byOlderTrimtab(String type, String status, String reason) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", "taken down by Trimtab: this KServe has no stop");
    }

    private static ObservedService view(Recorded it, Manifest service) {
        boolean nativeStop =
                KnownService.of(it.kind(), it.service(it.running())).showsNativeStop();
        return new ObservedService(
                it.kind(),
                service,
                DeploymentMode.of(service, DeploymentMode.KNATIVE),
                STOPPED_AT,
                NOW,
                POLICY,
                nativeStop,
                List.of(),
                List.of(),
                List.of());
    }

    private static Map<String, JsonNode> byType(Manifest service) {
        Map<String, JsonNode> conditions = new TreeMap<>();
        service.root()
                .at("/status/conditions")
                .forEach(it -> conditions.put(it.path("type").asText(), it));
        return conditions;
    }

    private static Manifest apply(Manifest service, Optional<Step> step) {
        Step.WriteStatus write = (Step.WriteStatus) step.orElseThrow();
        return new Manifest((ObjectNode) JsonPatch.apply(write.patch(), service.root()));
    }
}
