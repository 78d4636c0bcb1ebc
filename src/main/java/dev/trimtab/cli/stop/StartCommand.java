package dev.trimtab.cli.stop;

import dev.trimtab.cli.AnnotationChange;
import dev.trimtab.cli.AnnotationChange.Changed;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.Poll;
import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Durations;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.cli.print.Version;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.Conditions;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trimtab start}: takes the stop annotation away. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Starts a stopped service of KServe again.",
        sortOptions = false,
        customSynopsis = "trimtab start NAME [-n NAMESPACE] [--kind KIND] [--wait]%n"
                + "                     [--timeout DURATION] [--kubeconfig FILE] [--context NAME]",
        parameterListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Removes annotation serving.kserve.io/stop. With --wait it is done when KServe",
            "has the service as Ready, and not as Stopped any more.",
            "Exit codes: 0; 1 when the time is up, with the reason that KServe gives; 2 where",
            "it cannot be done, with one line on standard error.",
            "",
            "Example:",
            "  trimtab start llama -n ml --wait --timeout 30m"
        })
public final class StartCommand implements Callable<Integer> {
    @Mixin
    private ServiceOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ApiProblem, InterruptedException {
        try (LiveCluster cluster = options.open()) {
            ServiceRef ref = options.in(cluster);
            PrintWriter out = spec.commandLine().getOut();
            Changed start = new AnnotationChange(cluster, ref)
                    .apply(service -> StopAnnotation.isStopped(service)
                            ? Optional.of(StopAnnotation.remove(service))
                            : Optional.empty());
            out.println(ref + (start.changed() ? ": start is asked for" : ": is not stopped"));
            out.flush();
            return options.isWaiting() ? ready(cluster, ref, start) : 0;
        }
    }

    private int ready(LiveCluster cluster, ServiceRef ref, Changed start)
            throws BadInput, ApiProblem, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Poll waiting = new Poll(Progress.on(err), options.timeout());
        // Stopped just before, and KServe has not got to it: its Ready may be from before the stop.
        boolean doubtful = start.changed() && !new Conditions(start.before()).isStopped();
        StableFor settling = new StableFor();
        Conditions[] last = new Conditions[1];
        Optional<Boolean> running = waiting.until(it -> {
            Optional<Manifest> service = cluster.find(ref);
            if (service.isEmpty()) {
                return Optional.of(false);
            }
            last[0] = new Conditions(service.get());
            it.show(ref + ": " + last[0].notReady());
            boolean now = last[0].isRunning();
            boolean settled = settling.has(now);
            return (doubtful ? settled : now) ? Optional.of(true) : Optional.empty();
        });
        if (running.isEmpty()) {
            err.println(
                    "%s: not ready after %s: %s".formatted(ref, Durations.text(waiting.elapsed()), last[0].notReady()));
            cluster.lastWarning(ref).ifPresent(warning -> err.println("  " + warning));
            return TrimtabCommand.NOT_DONE;
        }
        if (!running.get()) {
            throw new BadInput(List.of(ref + ": was deleted meanwhile"));
        }
        spec.commandLine().getOut().println("%s: ready after %s".formatted(ref, Durations.text(waiting.elapsed())));
        return 0;
    }
}
