package dev.trimtab.cli.stop;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.trimtab.cli.AnnotationChange.Changed;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.Poll;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Version;
import dev.trimtab.cli.stop.ServiceRun.Awaited;
import dev.trimtab.cli.stop.ServiceRun.LongTask;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.AnnotationPatch;
import dev.trimtab.lifecycle.HeldPods;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.lifecycle.StoppedService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.Keep;
import dev.trimtab.schedule.StopMark;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trimtab stop}: sets the stop annotation of KServe. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        description = "Stops services of KServe. With --wait, waits until their GPUs are free.",
        sortOptions = false,
        customSynopsis = "trimtab stop (NAME... | -l LABELS | --all) [-n NAMESPACE]%n"
                + "                    [--kind KIND] [--dry-run | --wait] [--timeout DURATION]%n"
                + "                    [--kubeconfig FILE] [--context NAME]",
        parameterListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Sets annotation serving.kserve.io/stop: \"true\". KServe 0.15.1 (Standard mode and",
            "InferenceGraphs: 0.16, LLMInferenceServices: 0.17) and newer take the service",
            "down. If KServe does not, Trimtab's controller does. With --wait, returns when",
            "the service has no pod and KServe or the controller has set Stopped. Before",
            "that, its GPUs are not free, or pods may come back. If one of several services",
            "cannot be stopped, the others are.",
            "A service that a schedule has stopped is stopped by hand then: its schedule does",
            "not start it again. A keep of trimtab keep ends.",
            "Exit codes: 0; 1 if the time is up, or a service was started again; 2 if a",
            "service cannot be stopped, with one line on standard error.",
            "",
            "Examples:",
            "  trimtab stop llama -n ml --wait --timeout 15m",
            "  trimtab stop -l team=search -n ml --dry-run"
        })
public final class StopCommand implements Callable<Integer> {
    @Mixin
    private ServiceOptions options;

    @Mixin
    private WaitOptions waiting;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ApiProblem, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        waiting.check(spec.commandLine(), options);
        try (LiveCluster cluster = options.open(spec.commandLine())) {
            return new ServiceRun(cluster, options, out, err).run(new Stop(cluster, out, err), waiting);
        }
    }

    private record Stop(LiveCluster cluster, PrintWriter out, PrintWriter err) implements LongTask {
        /** A stop by hand: without the mark of a schedule, which would start the service again, and without a keep. */
        @Override
        public Optional<ArrayNode> patch(Manifest service) throws BadInput {
            refuseModelMesh(service);
            boolean byHand =
                    StopAnnotation.isStopped(service) && !service.annotations().has(StopMark.KEY);
            return byHand
                    ? Optional.empty()
                    : Optional.of(AnnotationPatch.change(
                            service,
                            StopAnnotation.isStopped(service) ? Map.of() : Map.of(StopAnnotation.KEY, "true"),
                            List.of(StopMark.KEY, Keep.KEY, Keep.UNTIL)));
        }

        /** The pods that are there now go if nobody starts the service again. */
        @Override
        public String done(ServiceRef ref, Manifest before, boolean dryRun) throws ApiProblem {
            if (StopAnnotation.isStopped(before)) {
                return (dryRun ? "would be" : "is") + " stopped by hand now: "
                        + StopMark.of(before)
                                .map(it -> "the schedule %s does not start it again".formatted(it.schedule()))
                                .orElse("no schedule starts it again");
            }
            if (!dryRun) {
                return "stop requested";
            }
            HeldPods pods = cluster.pods(ref);
            return "would be stopped" + (pods.isEmpty() ? ", without a pod now" : ", with " + pods);
        }

        @Override
        public String notNeeded() {
            return "is already stopped";
        }

        @Override
        public String counted(boolean dryRun) {
            return dryRun ? "would be stopped" : "stop requested";
        }

        @Override
        public Awaited awaited(ServiceRef ref, Changed changed, Poll waiting) {
            return new Release(cluster, ref, waiting, out, err);
        }
    }

    static void refuseModelMesh(Manifest service) throws BadInput {
        if (StoppedService.isModelMesh(service)) {
            throw new BadInput(List.of(service.kindName() + " " + service.namespace() + "/" + service.name()
                    + ": is served by ModelMesh, which has no stop"));
        }
    }
}
