package dev.trimtab.api.stop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.api.cluster.ApiServerResource;
import dev.trimtab.api.cluster.Eventually;
import dev.trimtab.api.cluster.NeedsApiServer;
import dev.trimtab.api.cluster.Replica;
import dev.trimtab.api.cluster.Requests;
import dev.trimtab.api.cluster.Wire;
import dev.trimtab.api.fakes.FakeKserveController.Release;
import dev.trimtab.controller.leader.RunningController;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseList;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two replicas, and the one that acts is lost in the middle of a stop: the other one finishes, and never do both act. */
@QuarkusTest
@WithTestResource(ApiServerResource.class)
@ExtendWith(NeedsApiServer.class)
class StopLeadershipTest extends StopTest {
    private static final String LEASE = "trimtab-controller";

    private final AtomicBoolean both = new AtomicBoolean();

    /** One that takes part, and its wire. */
    private record Replica(RunningController controller, Wire wire) {
        boolean isLeading() {
            return controller.isLeading();
        }
    }

    @BeforeEach
    void nobodyLeads() {
        var unused = leases().withName(LEASE).delete();
    }

    @Test
    @DisplayName("the leader is cut off, and hears nothing any more: the other one takes over and finishes")
    void cutOff() {
        Replica first = leader();
        Replica second = replica();
        Scene scene = stopping();
        first.wire().cut(request -> true);
        isFinishedBy(second, first, scene);
        first.wire().cut(request -> false);
    }

    @Test
    @DisplayName(
            "the leader cannot renew its Lease, though all else works: it writes nothing more, and leads again later")
    void cannotRenew() {
        Replica first = leader();
        Replica second = replica();
        Scene scene = stopping();
        first.wire().cut(Requests::isAboutLease);
        isFinishedBy(second, first, scene);
        first.wire().cut(request -> false);
        second.controller().close();
        Eventually.holds("the first leads again", first::isLeading);
        assertThat(scene.said("Released")).isEqualTo(1);
    }

    @Test
    @DisplayName("somebody takes the Lease while a pass runs: the pass writes nothing more; the Lease over, it goes on")
    void leaseTaken() {
        Replica only = leader();
        Scene scene = scene(Sample.KNATIVE, Release.WITHOUT_STOP);
        scene.createAndRun();
        String children = "/apis/serving.knative.dev/v1/namespaces/%s/services".formatted(scene.namespace());
        only.wire().hold(request -> request.uri().getPath().equals(children));
        scene.stop();
        Eventually.holds("a pass is in the middle", only.wire()::isHolding);
        takeLease("somebody");
        Eventually.holds("it does not lead", () -> !only.isLeading());
        only.wire().goOn();
        Eventually.holds("it leads again", only::isLeading);
        scene.says("Released", 1);
        assertThat(only.wire().late()).isEmpty();
        assertThat(scene.said("Stopping")).isEqualTo(1);
    }

    @Test
    @DisplayName("a Lease that says nothing, as somebody wrote it by hand: it is waited for, and taken when it is gone")
    void unreadableLease() {
        leases().resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName(LEASE)
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("somebody")
                        .endSpec()
                        .build())
                .create();
        Replica only = replica();
        Scene scene = scene(Sample.KNATIVE, Release.WITH_STOP);
        scene.createAndRun();
        assertThat(only.isLeading()).isFalse();
        var unused = leases().withName(LEASE).delete();
        Eventually.holds("it leads", only::isLeading);
    }

    @Test
    @DisplayName("the leader is shut down: it gives the Lease back, and the other one does not wait for its end")
    void shutDown() {
        Replica first = leader();
        Replica second = replica();
        Scene scene = stopping();
        first.controller().close();
        assertThat(first.isLeading()).isFalse();
        isFinishedBy(second, first, scene);
    }

    private void isFinishedBy(Replica heir, Replica lost, Scene scene) {
        Eventually.holds("the other one leads", () -> {
            both.compareAndSet(false, heir.isLeading() && lost.isLeading());
            return heir.isLeading();
        });
        Eventually.holds("Released", () -> {
            both.compareAndSet(false, heir.isLeading() && lost.isLeading());
            return scene.said("Released") > 0;
        });
        assertThat(both).as("both lead at a time").isFalse();
        for (String reason : List.of("Stopping", "TakingDown", "Released")) {
            assertThat(scene.events(reason)).as(reason).hasSize(1);
        }
        assertThat(lost.wire().late()).isEmpty();
        assertThat(heir.wire().late()).isEmpty();
    }

    /** A service that somebody has begun to stop, and KServe does not. */
    private Scene stopping() {
        Scene scene = scene(Sample.KNATIVE, Release.WITHOUT_STOP);
        scene.createAndRun();
        scene.stop();
        scene.says("Stopping", 1);
        return scene;
    }

    private Replica leader() {
        Replica first = replica();
        Eventually.holds("the first leads", first::isLeading);
        return first;
    }

    private Replica replica() {
        Wire wire = new Wire();
        RunningController controller =
                closeLast(setup(POLICY, closeLast(trimtabClient(wire))).start());
        wire.belongsTo(controller::isLeading);
        return new Replica(controller, wire);
    }

    private void takeLease(String holder) {
        // Again where the leader has just renewed it.
        Eventually.holds(
                "the Lease is taken",
                () -> leases().withName(LEASE).edit(lease -> {
                            lease.getSpec().setHolderIdentity(holder);
                            lease.getSpec().setRenewTime(ZonedDateTime.now(ZoneOffset.UTC));
                            return lease;
                        })
                        != null);
    }

    private NonNamespaceOperation<Lease, LeaseList, Resource<Lease>> leases() {
        return cluster.admin.leases().inNamespace("trimtab");
    }
}
