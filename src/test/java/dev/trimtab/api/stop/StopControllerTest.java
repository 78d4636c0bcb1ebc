package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.POD;
import static dev.trimtab.api.cluster.Api.Kind.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api.Kind;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeKserveController.Release;
import dev.trimtab.lifecycle.Child;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * KServe's own cases of stop and start (controller_test.go 802, rawkube_controller_test.go 1507, inferencegraph
 * controller_test.go 1065), with pods that do not end by themselves, under every KServe that there is.
 */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StopControllerTest extends StopTest {
    @ParameterizedTest
    @EnumSource(Release.class)
    @DisplayName("running, stopped, started, twice: released each time, everything back in between")
    void toggledTwice(Release release) {
        controller(POLICY);
        each(release, scene -> {
            scene.createAndRun();
            for (int round = 1; round <= 2; round++) {
                scene.stop();
                isReleased(scene, round);
                assertThat(scene.condition("Ready")).isEqualTo("False");
                for (Kind part : scene.sample().parts()) {
                    // An old KServe makes the Service anew before it is refused the Deployment. It holds nothing.
                    if (part != SERVICE || release == Release.WITH_STOP) {
                        Eventually.holds(
                                scene + ": no " + part, () -> scene.all(part).isEmpty());
                    }
                }
                scene.start();
                scene.runs();
                scene.says("Started", round);
                assertThat(scene.condition("Stopped"))
                        .as("KServe's own, or none")
                        .isEqualTo(release == Release.WITH_STOP ? "False" : "");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Release.class)
    @DisplayName("stopped at creation: nothing comes of it until it is started")
    void stoppedAtCreation(Release release) {
        controller(POLICY);
        each(release, scene -> {
            Sample stopped = scene.sample().with("serving.kserve.io/stop: \"True\"");
            Scene it = new Scene(cluster, scene.namespace(), stopped, scene.played());
            it.create();
            it.says("Released", 1);
            assertThat(it.events("Released").get(0)).startsWith("it held no GPU, ");
            Eventually.holds(it + ": Stopped", () -> it.condition("Stopped").equals("True"));
            assertThat(it.all(POD)).isEmpty();
            assertThat(it.all(KNATIVE_SERVICE)).isEmpty();
            assertThat(it.all(DEPLOYMENT)).isEmpty();
            it.start();
            it.runs();
        });
    }

    @Test
    @DisplayName(
            "a KServe without stop, and nobody guards: what it makes again is held on its way out, until the start")
    void withoutGuard() {
        cluster.removePolicyCheck();
        controller(POLICY);
        each(Release.WITHOUT_STOP, scene -> {
            scene.createAndRun();
            scene.stop();
            scene.says("Released", 1);
            // An old KServe finds the child of a graph, and writes the status of that.
            if (scene.sample().kind() != Kind.INFERENCE_GRAPH) {
                Eventually.holds(
                        scene + ": Stopped", () -> scene.condition("Stopped").equals("True"));
            }
            // KServe may make a child anew after Released: the controller then holds it, and its pods go.
            Eventually.holds(scene + ": held, and no pod", () -> isHeldWithoutPods(scene));
            scene.start();
            scene.runs();
            Eventually.holds(scene + ": nothing is held", () -> workloads(scene).noneMatch(StopControllerTest::isHeld));
            scene.says("Started", 1);
        });
    }

    /** Of Knative's own Deployments none is left, either. */
    private static boolean isHeldWithoutPods(Scene scene) {
        return scene.all(POD).isEmpty()
                && workloads(scene).findAny().isPresent()
                && workloads(scene).allMatch(StopControllerTest::isHeld);
    }

    private static Stream<ObjectNode> workloads(Scene scene) {
        return Stream.of(KNATIVE_SERVICE, DEPLOYMENT).flatMap(part -> scene.all(part).stream());
    }

    private static boolean isHeld(ObjectNode object) {
        return object.at("/metadata/finalizers").toString().contains(Child.FINALIZER)
                && object.at("/metadata").has("deletionTimestamp");
    }

    private static void isReleased(Scene scene, int times) {
        scene.says("Released", times);
        assertThat(scene.all(POD)).isEmpty();
        assertThat(scene.events("Released").get(times - 1)).contains(" nvidia.com/gpu free, ");
        Eventually.holds(scene + ": Stopped", () -> scene.condition("Stopped").equals("True"));
    }

    /** All samples at once: each waits most of its time. */
    private void each(Release release, Consumer<Scene> test) {
        List<Scene> scenes =
                Sample.all().stream().map(sample -> scene(sample, release)).toList();
        CompletableFuture<?>[] running = scenes.stream()
                .map(scene -> CompletableFuture.runAsync(() -> test.accept(scene), task -> new Thread(task).start()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(running).join();
    }
}
