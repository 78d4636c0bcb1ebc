package dev.trimtab.controller.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.controller.MemoryCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The Lease: one leads at a time, and one that cannot be sure of it does not. */
class LeadershipTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    /** Not lost by a machine that is busy. */
    private static final Leadership.Timing STEADY =
            new Leadership.Timing(Duration.ofSeconds(60), Duration.ofSeconds(50), Duration.ofMillis(100));

    private static final Leadership.Timing QUICK =
            new Leadership.Timing(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(100));
    private static final String FOREIGN = """
            apiVersion: coordination.k8s.io/v1
            kind: Lease
            metadata: {name: trimtab-controller, namespace: trimtab}
            spec: {holderIdentity: somebody}
            """;

    private final MemoryCluster cluster = new MemoryCluster();
    private final List<Leadership> all = new ArrayList<>();
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

    private Leadership candidate(String name, Leadership.Timing timing) {
        Leadership leadership = new Leadership(
                cluster.client,
                "trimtab",
                name,
                timing,
                () -> heard.add(name + " leads"),
                () -> heard.add(name + " steps down"));
        all.add(leadership);
        leadership.start();
        return leadership;
    }

    @AfterEach
    void close() {
        all.forEach(Leadership::close);
        cluster.close();
    }

    @Test
    @DisplayName("the first leads, the second waits, and takes over as soon as the first gives the Lease back")
    void handedOver() {
        Leadership first = candidate("first", STEADY);
        eventually("the first leads", () -> heard.contains("first leads"));
        assertThat(first.isHeld()).isTrue();
        Leadership second = candidate("second", STEADY);
        assertThat(holder()).isEqualTo("first");
        assertThat(second.isHeld()).isFalse();

        first.close();

        eventually("the second leads", () -> heard.contains("second leads"));
        assertThat(first.isHeld()).isFalse();
        assertThat(second.isHeld()).isTrue();
        assertThat(heard).containsSubsequence("first steps down", "second leads");
        assertThat(holder()).isEqualTo("second");
    }

    @Test
    @DisplayName(
            "it cannot be renewed: not held any more after the deadline, heard of or not, and held again when it can be")
    void cannotRenew() {
        Leadership only = candidate("only", QUICK);
        eventually("it leads", only::isHeld);
        cluster.refuse(request -> request.writes("leases"), 500, "not now");
        eventually("not held", () -> !only.isHeld());
        cluster.refuseNothing();
        eventually("held again", only::isHeld);
    }

    @Test
    @DisplayName("a Lease that says nothing, as somebody wrote it by hand: waited for, and taken when it is gone")
    void unreadable() {
        var lease = cluster.create("leases", FOREIGN);
        Leadership only = candidate("only", STEADY);
        eventually("it was looked at twice", () -> cluster.requests("GET", "leases") > 2);
        assertThat(only.isHeld()).isFalse();
        cluster.remove(
                "coordination.k8s.io",
                "leases",
                "trimtab",
                lease.at("/metadata/name").asText());
        eventually("it leads", only::isHeld);
    }

    @Test
    @DisplayName("the Lease is in the namespace of Trimtab, under the name that RBAC knows")
    void where() {
        Leadership only = candidate("only", STEADY);
        eventually("it leads", only::isHeld);
        assertThat(cluster.find("coordination.k8s.io", "leases", "trimtab", Leadership.LEASE))
                .isPresent();
        assertThat(cluster.writes())
                .allMatch(it -> it.endsWith(" leases/trimtab-controller") || it.equals("POST leases/"));
    }

    private String holder() {
        return cluster.find("coordination.k8s.io", "leases", "trimtab", Leadership.LEASE)
                .map(it -> it.at("/spec/holderIdentity").asText())
                .orElse("");
    }

    private static void eventually(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
