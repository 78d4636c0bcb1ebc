package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.EVENT;
import static dev.trimtab.api.cluster.Api.Kind.POD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Kubectl;
import dev.trimtab.api.fakes.PlayedCluster;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** One service in a namespace of its own. */
record Scene(Cluster cluster, String namespace, Sample sample, PlayedCluster played) {
    private static final String STOP = "serving.kserve.io/stop";

    void create() {
        cluster.api.create(sample.kind(), sample.in(namespace));
    }

    void createAndRun() {
        create();
        runs();
    }

    void stop() {
        annotate(STOP + "=true");
    }

    void start() {
        annotate(STOP + "-");
    }

    void annotate(String annotation) {
        String kind = sample.kind().kindName().toLowerCase(Locale.ROOT);
        Kubectl.Printed done = cluster.kubectl.run(
                "", List.of("annotate", "--overwrite", "-n", namespace, kind, Sample.NAME, annotation));
        assertThat(done.exitCode()).as(done.err()).isZero();
    }

    /** Everything there, pods on a node, and KServe has it as ready. */
    void runs() {
        for (Kind part : sample.parts()) {
            Eventually.holds("%s: a %s is there".formatted(sample, part), () -> all(part).stream()
                    .anyMatch(it -> !it.at("/metadata").has("deletionTimestamp")));
        }
        Eventually.holds(sample + ": pods on a node", () -> {
            List<ObjectNode> pods = all(POD);
            return !pods.isEmpty()
                    && pods.stream().allMatch(pod -> pod.at("/spec").has("nodeName"));
        });
        Eventually.holds(
                sample + ": ready",
                () -> condition("Ready").equals("True") && !condition("Stopped").equals("True"));
    }

    /** How often it was said. */
    int said(String reason) {
        return events(reason).size();
    }

    /** Waits until it was said so often. */
    void says(String reason, int times) {
        Eventually.holds(
                "%s in %s: %s %d times".formatted(sample, namespace, reason, times), () -> said(reason) >= times);
    }

    /** The messages of all Events with a reason, in the order in which they came. */
    List<String> events(String reason) {
        return all(EVENT).stream()
                .filter(it -> it.path("reason").asText().equals(reason)
                        && it.at("/involvedObject/name").asText().equals(Sample.NAME))
                .sorted(Comparator.comparing(
                        it -> it.at("/metadata/resourceVersion").asInt()))
                .map(it -> it.path("message").asText())
                .toList();
    }

    List<ObjectNode> all(Kind kind) {
        return cluster.api.list(kind, namespace);
    }

    ObjectNode service() {
        return cluster.api.get(sample.kind(), namespace, Sample.NAME);
    }

    /** Its status, empty where there is none. */
    String condition(String type) {
        return condition(type, "status");
    }

    String condition(String type, String field) {
        for (JsonNode condition : service().at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path(field).asText();
            }
        }
        return "";
    }

    ServiceRef ref() {
        Stoppable kind =
                sample.kind() == Kind.INFERENCE_GRAPH ? Stoppable.INFERENCE_GRAPH : Stoppable.INFERENCE_SERVICE;
        return new ServiceRef(kind, namespace, Sample.NAME);
    }
}
