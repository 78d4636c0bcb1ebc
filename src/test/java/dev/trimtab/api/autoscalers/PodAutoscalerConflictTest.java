package dev.trimtab.api.autoscalers;

import static dev.trimtab.api.cluster.Api.Kind.HORIZONTAL_POD_AUTOSCALER;
import static dev.trimtab.api.cluster.Api.Kind.POD_AUTOSCALER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.api.cluster.Account;
import dev.trimtab.api.cluster.Api;
import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.ApiTest;
import dev.trimtab.api.cluster.Cluster;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.MovableClock;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.stop.StopTest;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.controller.leader.RunningController;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the leader says of PodAutoscalers that got past the reviews, look by look, as Trimtab's own ServiceAccount. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class PodAutoscalerConflictTest extends ApiTest {
    private static final String CONFLICT = "PodAutoscalerConflict";
    private static final String GONE = "PodAutoscalerConflictGone";

    private final MovableClock clock = new MovableClock();
    private Autoscalers autoscalers;
    private KubernetesClient trimtab;

    @BeforeEach
    void twoOfOneTarget() {
        autoscalers = new Autoscalers(cluster, settings, namespace);
        autoscalers.removeAll();
        trimtab = Account.CONTROLLER.client(cluster.admin);
        // As when Trimtab was down, or two were created at once.
        cluster.removePolicyCheck();
        autoscalers.create(autoscalers.sound("first", "llama"));
        autoscalers.create(autoscalers.sound("second", "llama"));
    }

    @AfterEach
    void close() {
        trimtab.close();
    }

    @Test
    @DisplayName("said once on each of the two, by whoever leads, with the field, the other one and what to do")
    void saidOnce() {
        Runnable leader = leader();
        leader.run();

        assertThat(said("first", CONFLICT)).containsExactly(duplicateOf("second"));
        assertThat(said("second", CONFLICT)).containsExactly(duplicateOf("first"));

        leader.run();
        autoscalers.create(autoscalers.sound("third", "other"));
        clock.move(Duration.ofMinutes(1));
        leader.run();
        leader().run();

        assertThat(said("first", CONFLICT)).hasSize(1);
        assertThat(said("second", CONFLICT)).hasSize(1);
        assertThat(said("third", CONFLICT)).isEmpty();
        assertThat(said("second", GONE)).isEmpty();
    }

    @Test
    @DisplayName(
            "over when the other is gone: said once on the one that is left; the same conflict again is said again")
    void over() {
        Runnable leader = leader();
        leader.run();
        autoscalers.delete("first");
        clock.move(Duration.ofMinutes(1));
        leader.run();

        assertThat(said("second", GONE))
                .containsExactly("over: Deployment " + namespace + "/llama is scaled by PodAutoscaler " + namespace
                        + "/first too: AIBrix heeds the one that it saw first; keep one of them (A1)");
        assertThat(said("first", GONE)).as("nobody looks there").isEmpty();

        autoscalers.create(autoscalers.sound("first", "llama"));
        leader.run();
        leader().run();
        assertThat(said("second", CONFLICT)).hasSize(2);
        assertThat(said("first", CONFLICT)).as("of the old one and the new").hasSize(2);
        assertThat(said("second", GONE)).hasSize(1);
    }

    @Test
    @DisplayName("over while nobody led: the next leader says so, and the one after it says nothing")
    void overInBetween() {
        leader().run();
        ObjectNode moved = autoscalers.get("second");
        moved.withObject("/spec/scaleTargetRef").put("name", "other");
        cluster.api.update(POD_AUTOSCALER, moved);
        Eventually.holds("Trimtab knows", () -> autoscalers
                .known()
                .autoscalers()
                .find(namespace, "second")
                .orElseThrow()
                .target()
                .filter(it -> it.name().equals("other"))
                .isPresent());

        leader().run();
        leader().run();

        assertThat(said("first", GONE)).hasSize(1);
        assertThat(said("second", GONE)).hasSize(1);
    }

    @Test
    @DisplayName("a Trimtab that has not listed everything yet does not take a conflict for over")
    void restarted() {
        cluster.api.create(HORIZONTAL_POD_AUTOSCALER, Api.yaml("""
                apiVersion: autoscaling/v1
                kind: HorizontalPodAutoscaler
                metadata: {name: by-cpu, namespace: %s}
                spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: llama}}
                """.formatted(namespace)));
        Eventually.holds("Trimtab knows", () -> autoscalers
                .known()
                .scalers()
                .find(namespace, "HorizontalPodAutoscaler/by-cpu")
                .isPresent());
        leader().run();
        assertThat(said("first", CONFLICT))
                .containsExactlyInAnyOrder(
                        duplicateOf("second"),
                        "spec.scaleTargetRef: Deployment " + namespace + "/llama is scaled by HorizontalPodAutoscaler"
                                + " by-cpu too: each undoes the other; keep one (A18)");

        boolean[] listed = {false};
        Runnable restarted = leader(() -> listed[0] ? Optional.of(autoscalers.known()) : Optional.<ClusterView>empty());
        restarted.run();
        listed[0] = true;
        restarted.run();

        assertThat(said("first", GONE)).isEmpty();
        assertThat(said("first", CONFLICT)).hasSize(2);
    }

    @Test
    @DisplayName("what the policy ignores and who wants to be left alone is not spoken of, neither that it is over")
    void leftAlone() {
        cluster.policy(Cluster.DEFAULT_POLICY + "aibrix: {checks: {A1: Ignore}}\n");
        Runnable leader = leader();
        leader.run();
        assertThat(said("first", CONFLICT)).isEmpty();

        cluster.kubectl.run("", List.of("label", "namespace", namespace, "trimtab.dev/ignore=true"));
        cluster.policy(Cluster.DEFAULT_POLICY + "mode: Audit\n");
        leader.run();
        assertThat(said("first", CONFLICT)).isEmpty();

        cluster.kubectl.run("", List.of("label", "namespace", namespace, "trimtab.dev/ignore-"));
        cluster.kubectl.run(
                "", List.of("-n", namespace, "label", "podautoscaler", "second", "trimtab.dev/ignore=true"));
        Eventually.holds("Trimtab knows", () -> autoscalers
                .known()
                .autoscalers()
                .find(namespace, "second")
                .orElseThrow()
                .root()
                .at("/metadata/labels")
                .has("trimtab.dev/ignore"));
        leader.run();
        assertThat(said("first", CONFLICT)).as("Audit is about patches").hasSize(1);
        assertThat(said("second", CONFLICT)).isEmpty();

        cluster.policy(Cluster.DEFAULT_POLICY + "aibrix: {checks: {A1: Ignore}}\n");
        leader.run();
        assertThat(said("first", GONE)).isEmpty();
    }

    private Runnable leader() {
        return leader(() -> Optional.of(autoscalers.known()));
    }

    private Runnable leader(Supplier<Optional<ClusterView>> known) {
        return new RunningController.Setup(
                        trimtab,
                        StopTest.POLICY,
                        () -> settings.get().knative(),
                        (kind, mode) -> true,
                        new SimpleMeterRegistry())
                .conflicts(() -> settings.get().policy(), known, clock);
    }

    private List<String> said(String name, String reason) {
        return autoscalers.events(name, reason);
    }

    private String duplicateOf(String other) {
        return "spec.scaleTargetRef: Deployment %s/llama is scaled by PodAutoscaler %s/%s too: AIBrix heeds the one that it"
                        .formatted(namespace, namespace, other)
                + " saw first; keep one of them (A1)";
    }
}
