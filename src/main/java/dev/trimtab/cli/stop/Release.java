package dev.trimtab.cli.stop;

import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.Poll;
import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.print.Durations;
import dev.trimtab.cli.stop.ServiceRun.Awaited;
import dev.trimtab.gpu.GpuCount;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.HeldPods;
import dev.trimtab.lifecycle.HeldPods.HeldPod;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Waits until no pod of a stopped service is left, and none comes back. */
final class Release implements Awaited {
    private final LiveCluster cluster;
    private final ServiceRef ref;
    private final Poll waiting;
    private final PrintWriter out;
    private final PrintWriter err;
    private final StableFor settling = new StableFor();

    private HeldPods held = new HeldPods(List.of());
    private GpuCount released = GpuCount.NONE;
    private boolean seen;
    private boolean warned;

    Release(LiveCluster cluster, ServiceRef ref, Poll waiting, PrintWriter out, PrintWriter err) {
        this.cluster = cluster;
        this.ref = ref;
        this.waiting = waiting;
        this.out = out;
        this.err = err;
    }

    /** If KServe has no stop, Trimtab's controller stops the service, but only after stop.nativeTimeout. */
    private void warn() {
        err.println(
                ("Warning: %s: no pod is left, but KServe has not set Stopped: pods may come back, so waiting on. Is it"
                                + " older than 0.15.1 (Standard mode, InferenceGraph: 0.16; LLMInferenceService: 0.17), without"
                                + " Trimtab's controller?")
                        .formatted(ref));
        err.flush();
        warned = true;
    }

    @Override
    public Optional<Integer> look() throws ApiProblem {
        Optional<Manifest> service = cluster.find(ref);
        held = cluster.pods(ref);
        if (service.filter(it -> !StopAnnotation.isStopped(it)).isPresent()) {
            waiting.clear();
            err.println("%s: was started again in the meantime; %s now".formatted(ref, held));
            return Optional.of(TrimtabCommand.NOT_DONE);
        }
        // The most GPUs held at one time, not a sum over time: a pod that replaces another one takes its GPU as well.
        released = released.max(held.gpus());
        if (!seen && !held.isEmpty()) {
            waiting.clear();
            out.println("%s: waiting for %s to be gone".formatted(ref, held));
            out.flush();
            seen = true;
        }
        waiting.show("%s: %s left".formatted(ref, held));
        boolean gone = held.isEmpty();
        boolean settled = settling.has(gone);
        boolean stopped =
                service.isEmpty() || service.map(Conditions::new).get().isStopped();
        if (gone && stopped) {
            waiting.clear();
            out.println("%s: released after %s: %s"
                    .formatted(
                            ref,
                            Durations.text(waiting.elapsed()),
                            released.isNone() ? "it held no GPU" : released.toString()));
            out.flush();
            return Optional.of(0);
        }
        if (settled && !warned) {
            waiting.clear();
            warn();
        }
        return Optional.empty();
    }

    @Override
    public void timeUp() {
        err.println("%s: not released after %s: %s left"
                .formatted(
                        ref,
                        Durations.text(waiting.elapsed()),
                        held.isEmpty() ? "no pod, but KServe has not set Stopped," : held));
        Instant now = Instant.now();
        for (HeldPod pod : held.pods()) {
            String since = pod.since()
                    .map(it -> " since %s (%s)".formatted(it, Durations.text(Duration.between(it, now))))
                    .orElse("");
            err.println("  %s on %s, %s%s, %s"
                    .formatted(
                            pod.name(),
                            pod.node().isEmpty() ? "no node" : "node " + pod.node(),
                            pod.terminating() ? "terminating" : "not asked to end; there",
                            since,
                            pod.gpus()));
        }
    }

    /** A condition that counts after it has held for 5 seconds: KServe may still report the state before a change. */
    static final class StableFor {
        static final Duration ENOUGH = Duration.ofSeconds(5);

        private long since;
        private boolean so;

        /** Whether the condition holds now and has held for {@link #ENOUGH}. */
        boolean has(boolean now) {
            if (now && !so) {
                since = System.nanoTime();
            }
            so = now;
            return now && System.nanoTime() - since >= ENOUGH.toNanos();
        }
    }
}
