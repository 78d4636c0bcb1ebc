package dev.trimtab.cli.stop;

import dev.trimtab.cli.AnnotationChange.Changed;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.Poll;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Durations;
import dev.trimtab.cli.stop.Release.StableFor;
import dev.trimtab.cli.stop.ServiceRun.Awaited;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.manifest.Manifest;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/** Waits until KServe reports a started service as Ready, and no longer as Stopped. */
final class Readiness implements Awaited {
    private final LiveCluster cluster;
    private final ServiceRef ref;
    private final Poll waiting;
    private final PrintWriter out;
    private final PrintWriter err;
    private final StableFor settling = new StableFor();

    /** If KServe has not seen the stop yet, Ready may be from before the stop. */
    private final boolean doubtful;

    private String notReady = "not looked at yet";

    Readiness(LiveCluster cluster, ServiceRef ref, Changed start, Poll waiting, PrintWriter out, PrintWriter err) {
        this.cluster = cluster;
        this.ref = ref;
        this.doubtful = start.changed() && !new Conditions(start.before()).isStopped();
        this.waiting = waiting;
        this.out = out;
        this.err = err;
    }

    @Override
    public Optional<Integer> look() throws BadInput, ApiProblem {
        Optional<Manifest> service = cluster.find(ref);
        if (service.isEmpty()) {
            waiting.clear();
            throw new BadInput(List.of(ref + ": was deleted in the meantime"));
        }
        Conditions conditions = new Conditions(service.get());
        notReady = conditions.notReady();
        waiting.show(ref + ": " + notReady);
        boolean now = conditions.isRunning();
        boolean settled = settling.has(now);
        if (!(doubtful ? settled : now)) {
            return Optional.empty();
        }
        waiting.clear();
        out.println("%s: ready after %s".formatted(ref, Durations.text(waiting.elapsed())));
        out.flush();
        return Optional.of(0);
    }

    @Override
    public void timeUp() {
        err.println("%s: not ready after %s: %s".formatted(ref, Durations.text(waiting.elapsed()), notReady));
        cluster.lastWarning(ref).ifPresent(warning -> err.println("  " + warning));
    }
}
