package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.INFERENCE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.POD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.Models;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.cluster.Wire;
import dev.trimtab.api.fakes.Owned;
import dev.trimtab.controller.leader.RunningController;
import dev.trimtab.lifecycle.Child;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A stopped service at rest costs no requests, and what comes of it later is seen all the same. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StopAtRestTest extends StopTest {
    private static final int SERVICES = 100;
    private static final String STOPPED = "serving.kserve.io/stop: \"true\"";

    private final Wire wire = new Wire();

    @Test
    @DisplayName("100 stopped services: no request in half a minute; then a child of one appears, and is held at once")
    void atRest() {
        String own = cluster.newNamespace(Map.of());
        IntStream.range(0, SERVICES)
                .forEach(it -> cluster.api.create(
                        INFERENCE_SERVICE, Api.yaml(Models.inferenceService(own, "llama-" + it, STOPPED, ""))));
        RunningController controller =
                closeLast(setup(POLICY, closeLast(trimtabClient(wire))).start());
        Eventually.holds("it leads", controller::isLeading);
        Eventually.holds(
                "each has Stopped",
                () -> cluster.api.list(INFERENCE_SERVICE, own).stream()
                                .filter(it ->
                                        it.at("/status/conditions").toString().contains("StoppedByTrimtab"))
                                .count()
                        == SERVICES);
        List<String> all = wire.sent();
        Eventually.holds("at rest", () -> isQuiet(own, Duration.ofSeconds(5)));
        assertThat(isQuiet(own, Duration.ofSeconds(30)))
                .as("requests: %s", wire.sent().subList(all.size(), wire.sent().size()))
                .isTrue();

        cluster.removePolicyCheck();
        cluster.api.create(DEPLOYMENT, deployment(cluster.api.get(INFERENCE_SERVICE, own, "llama-7")));
        Eventually.holds("held", () -> {
            ObjectNode metadata =
                    cluster.api.get(DEPLOYMENT, own, "llama-7-predictor").withObject("/metadata");
            return metadata.has("deletionTimestamp")
                    && metadata.path("finalizers").toString().contains(Child.FINALIZER);
        });
        Eventually.holds("no pod", () -> cluster.api.list(POD, own).isEmpty());
        Eventually.holds("at rest again", () -> isQuiet(own, Duration.ofSeconds(5)));
    }

    /** Whether nothing is asked about a namespace, or what is in it, for so long. */
    private boolean isQuiet(String namespace, Duration time) {
        int before = wire.sent().size();
        long end = System.nanoTime() + time.toNanos();
        Eventually.holds("some time", () -> System.nanoTime() > end);
        List<String> now = wire.sent();
        return now.subList(before, now.size()).stream().noneMatch(it -> it.contains("/" + namespace));
    }

    private static ObjectNode deployment(ObjectNode owner) {
        String name = owner.at("/metadata/name").asText();
        ObjectNode deployment = Api.yaml("""
                apiVersion: apps/v1
                kind: Deployment
                spec:
                  selector: {matchLabels: {app: llama-7}}
                  template:
                    metadata: {labels: {app: llama-7, serving.kserve.io/inferenceservice: %s, component: predictor}}
                    spec: {containers: [{name: c, image: example/c, resources: {limits: {nvidia.com/gpu: 1}}}]}
                """.formatted(name));
        Owned.by(owner, deployment, owner.at("/metadata/namespace").asText(), name + "-predictor");
        deployment
                .withObject("/metadata/labels")
                .put("serving.kserve.io/inferenceservice", name)
                .put("component", "predictor");
        return deployment;
    }
}
