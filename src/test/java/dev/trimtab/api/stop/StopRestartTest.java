package dev.trimtab.api.stop;

import static dev.trimtab.api.cluster.Api.Kind.DEPLOYMENT;
import static dev.trimtab.api.cluster.Api.Kind.KNATIVE_SERVICE;
import static dev.trimtab.api.cluster.Api.Kind.POD;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.fakes.FakeKserveController.Release;
import dev.trimtab.api.stop.Mortals.Death;
import dev.trimtab.controller.leader.RunningController.Reconciler;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The controller is killed at each of its writes, on either side of it, and another one that remembers nothing goes on: the
 * stop and the start are carried out, each thing is said once, and nobody else's is touched.
 */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StopRestartTest extends StopTest {
    /** Scenes played side by side. */
    private static final int AT_ONCE = 12;

    /** A stopped service at rest is not reconciled again for so long; one that starts is, after a minute at most. */
    private static final Duration AT_REST = Duration.ofMinutes(10);

    private final Mortals mortals = new Mortals();
    private KubernetesClient mortal;
    private KubernetesClient next;

    @BeforeEach
    void connect() {
        mortal = closeLast(trimtabClient(mortals));
        next = closeLast(trimtabClient());
    }

    @Test
    @DisplayName("Knative, a KServe with stop, pods with a grace of 600 s")
    void knative() {
        assertThat(atEachWrite(Sample.KNATIVE, Release.WITH_STOP)).isGreaterThanOrEqualTo(3);
    }

    @Test
    @DisplayName("Standard, a KServe without stop, and the guard: torn down step by step")
    void teardown() {
        Sample small = Sample.STANDARD_HPA.withSpec("predictor: {}");
        assertThat(atEachWrite(small, Release.WITHOUT_STOP)).isGreaterThanOrEqualTo(9);
    }

    @Test
    @DisplayName("a KServe without stop, and nobody guards: held on its way out, let go at the start")
    void held() {
        cluster.removePolicyCheck();
        Sample small = Sample.STANDARD_HPA.withSpec("predictor: {}");
        assertThat(atEachWrite(small, Release.WITHOUT_STOP)).isGreaterThanOrEqualTo(9);
    }

    /** @return how many writes a process makes that nobody kills */
    private int atEachWrite(Sample sample, Release release) {
        for (int first = 0; ; first += AT_ONCE / 2) {
            List<CompletableFuture<Boolean>> deaths = new ArrayList<>();
            for (int writes : IntStream.range(first, first + AT_ONCE / 2).toArray()) {
                for (Death death : Death.values()) {
                    Scene scene = scene(sample, release);
                    deaths.add(CompletableFuture.supplyAsync(
                            () -> killed(scene, writes, death), task -> new Thread(task).start()));
                }
            }
            int died = (int) deaths.stream().filter(CompletableFuture::join).count();
            if (died < deaths.size()) {
                return first + died / 2;
            }
        }
    }

    /** @return whether it lived long enough to be killed in its stop */
    private boolean killed(Scene scene, int writes, Death death) {
        Bystanders bystanders = new Bystanders(scene);
        scene.createAndRun();
        Map<String, String> before = bystanders.createAndRun();

        scene.stop();
        mortals.born(scene.namespace(), writes, death);
        run(scene, mortal);
        boolean died = mortals.isDead(scene.namespace());
        run(scene, next);
        // Where nobody guards, KServe may make a child anew once all was down: the next look holds it.
        Reconciler later = reconciler(next);
        Eventually.holds(scene + ": stays down", () -> {
            var unused = later.reconcile(scene.ref());
            return isWithoutPods(scene);
        });
        isSaid(scene);
        bystanders.areUntouched(before);

        scene.start();
        mortals.born(scene.namespace(), writes, death);
        run(scene, mortal);
        run(scene, next);
        scene.runs();
        assertThat(scene.said("Starting")).as("%s: Starting", scene).isEqualTo(1);
        assertThat(scene.events("Started")).as("%s: Started", scene).hasSize(1);
        assertThat(scene.said("Released")).as("%s: Released", scene).isEqualTo(1);
        bystanders.areUntouched(before);
        return died;
    }

    private static boolean isWithoutPods(Scene scene) {
        return ofService(scene, POD).isEmpty()
                && Stream.of(KNATIVE_SERVICE, DEPLOYMENT)
                        .flatMap(kind -> ofService(scene, kind).stream())
                        .allMatch(it -> it.at("/metadata").has("deletionTimestamp"));
    }

    private static void isSaid(Scene scene) {
        assertThat(scene.events("Stopping")).as("%s: Stopping", scene).hasSize(1);
        assertThat(scene.events("Released")).as("%s: Released", scene).hasSize(1);
        assertThat(scene.said("TakingDown")).as("%s: TakingDown", scene).isLessThanOrEqualTo(1);
        assertThat(scene.condition("Stopped")).as("%s: Stopped", scene).isEqualTo("True");
    }

    private static List<ObjectNode> ofService(Scene scene, Api.Kind kind) {
        return scene.all(kind).stream()
                .filter(it -> it.at("/metadata/name").asText().startsWith(Sample.NAME + "-predictor"))
                .toList();
    }

    private Reconciler reconciler(KubernetesClient client) {
        return setup(POLICY, client).reconciler();
    }

    private void run(Scene scene, KubernetesClient client) {
        run(scene, reconciler(client));
    }

    /** Until there is nothing left to do, or it is killed. */
    private void run(Scene scene, Reconciler reconciler) {
        Eventually.holds(scene + ": at rest", () -> {
            try {
                return reconciler
                        .reconcile(scene.ref())
                        .filter(it -> it.compareTo(AT_REST) < 0)
                        .isEmpty();
            } catch (Mortals.Killed killed) {
                return true;
            }
        });
    }
}
