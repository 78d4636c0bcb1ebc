package dev.trimtab.cli.stop;

import dev.trimtab.cli.AnnotationChange;
import dev.trimtab.cli.AnnotationChange.Changed;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.Poll;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.cli.print.Version;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.StoppedService;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trimtab stop}: sets the annotation that KServe stops a service by. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Stops a service of KServe, and waits for its GPUs if you like.",
        sortOptions = false,
        customSynopsis = "trimtab stop NAME [-n NAMESPACE] [--kind KIND] [--wait]%n"
                + "                    [--timeout DURATION] [--kubeconfig FILE] [--context NAME]",
        parameterListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Sets annotation serving.kserve.io/stop: \"true\". KServe 0.15.1 (Standard mode and",
            "InferenceGraphs: 0.16, LLMInferenceServices: 0.17) and newer take the service",
            "down; where KServe does not, Trimtab's controller does. With --wait it is done",
            "when no pod of the service is left and KServe or the controller has set Stopped:",
            "until then its GPUs are not free, or not for long.",
            "Exit codes: 0; 1 when the time is up, or it was started again meanwhile; 2 where",
            "it cannot be done, with one line on standard error.",
            "",
            "Example:",
            "  trimtab stop llama -n ml --wait --timeout 15m"
        })
public final class StopCommand implements Callable<Integer> {
    @Mixin
    private ServiceOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ApiProblem, InterruptedException {
        try (LiveCluster cluster = options.open()) {
            ServiceRef ref = options.in(cluster);
            PrintWriter out = spec.commandLine().getOut();
            Changed stop = new AnnotationChange(cluster, ref).apply(service -> {
                if (StoppedService.isModelMesh(service)) {
                    throw new BadInput(List.of(ref + ": is served by ModelMesh, which has no stop"));
                }
                return StopAnnotation.isStopped(service) ? Optional.empty() : Optional.of(StopAnnotation.set(service));
            });
            out.println(ref + (stop.changed() ? ": stop is asked for" : ": is stopped already"));
            out.flush();
            return options.isWaiting() ? release(cluster, ref).run() : 0;
        }
    }

    private Release release(LiveCluster cluster, ServiceRef ref) {
        PrintWriter err = spec.commandLine().getErr();
        Poll waiting = new Poll(Progress.on(err), options.timeout());
        return new Release(cluster, ref, waiting, spec.commandLine().getOut(), err);
    }
}
