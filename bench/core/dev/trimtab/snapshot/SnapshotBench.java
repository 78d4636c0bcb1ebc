package dev.trimtab.snapshot;

import dev.trimtab.knative.Revision;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.policy.Policy;
import dev.trimtab.snapshot.KnownServices.KnownService;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What an event of a watch, and an edit of the policy, cost in a large cluster: 10,000 services, 20,000 Revisions. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SnapshotBench {
    private static final int SERVICES = 10_000;

    /** A change copies the part of a snapshot that is about one namespace. One namespace for all is the worst. */
    @Param({"200", "1"})
    private int namespaces;

    private Settings settings;
    private int next;

    @Setup
    public void prepare() {
        Settings built = Settings.DEFAULTS;
        for (int i = 0; i < SERVICES; i++) {
            String namespace = "ns" + i % namespaces;
            String name = "m" + i;
            KnownService service = new KnownService("uid-" + i, false, Optional.empty(), true, false);
            built = built.withServices(it -> it.with(Stoppable.INFERENCE_SERVICE, namespace, name, service));
            for (int revision = 1; revision <= 2; revision++) {
                Revision made = new Revision(
                        name + "-predictor", name + "-" + revision, revision == 2, OptionalInt.of(1), Optional.empty());
                built = built.withRevisions(it -> it.with(namespace, made));
            }
        }
        settings = built;
    }

    /** A service is stopped, or started. */
    @Benchmark
    public Settings service() {
        int i = next++ % SERVICES;
        KnownService changed = new KnownService("uid-" + i, next % 2 == 0, Optional.empty(), true, false);
        return settings.withServices(
                it -> it.with(Stoppable.INFERENCE_SERVICE, "ns" + i % namespaces, "m" + i, changed));
    }

    /** A revision has another number of pods. */
    @Benchmark
    public Settings revision() {
        int i = next++ % SERVICES;
        Revision changed =
                new Revision("m" + i + "-predictor", "m" + i + "-2", true, OptionalInt.of(next), Optional.empty());
        return settings.withRevisions(it -> it.with("ns" + i % namespaces, changed));
    }

    @Benchmark
    public Settings policy() {
        return settings.withPolicy(Policy.BUILT_IN.withMode(next++ % 2 == 0 ? Policy.Mode.AUDIT : Policy.Mode.ENFORCE));
    }
}
