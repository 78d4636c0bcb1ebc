package dev.trimtab.cli.stop;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.cli.AnnotationChange.Changed;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.Poll;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Version;
import dev.trimtab.cli.stop.ServiceRun.Awaited;
import dev.trimtab.cli.stop.ServiceRun.Task;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trimtab start}: removes the stop annotation. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = "Starts stopped services of KServe again.",
        sortOptions = false,
        customSynopsis = "trimtab start (NAME... | -l LABELS | --all) [-n NAMESPACE]%n"
                + "                     [--kind KIND] [--dry-run | --wait] [--timeout DURATION]%n"
                + "                     [--kubeconfig FILE] [--context NAME]",
        parameterListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Removes annotation serving.kserve.io/stop. With --wait, returns when KServe",
            "reports each service as Ready and no longer as Stopped. If one of several",
            "services cannot be started, the others are.",
            "Exit codes: 0; 1 if the time is up, with KServe's reason; 2 if a service cannot",
            "be started, with one line on standard error.",
            "",
            "Examples:",
            "  trimtab start llama -n ml --wait --timeout 30m",
            "  trimtab start -l team=search -n ml"
        })
public final class StartCommand implements Callable<Integer> {
    @Mixin
    private ServiceOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ApiProblem, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (LiveCluster cluster = options.open(spec.commandLine())) {
            return new ServiceRun(cluster, options, out, err).run(new Start(cluster, out, err));
        }
    }

    private record Start(LiveCluster cluster, PrintWriter out, PrintWriter err) implements Task {
        @Override
        public Optional<ArrayNode> patch(Manifest service) {
            return StopAnnotation.isStopped(service) ? Optional.of(StopAnnotation.remove(service)) : Optional.empty();
        }

        @Override
        public String done(ServiceRef ref, boolean dryRun) {
            return counted(dryRun);
        }

        @Override
        public String notNeeded() {
            return "is not stopped";
        }

        @Override
        public String counted(boolean dryRun) {
            return dryRun ? "would be started" : "start requested";
        }

        @Override
        public Awaited awaited(ServiceRef ref, Changed changed, Poll waiting) {
            return new Readiness(cluster, ref, changed, waiting, out, err);
        }
    }
}
