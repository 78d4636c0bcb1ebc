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
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.StopAnnotation;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.Keep;
import dev.trimtab.schedule.Phase;
import dev.trimtab.schedule.StopMark;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
            "A service that a schedule has stopped is up until its schedule's next phase Down",
            "begins. A keep down of trimtab keep ends.",
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
            Start start = new Start(cluster, new SchedulesInForce(cluster), Instant.now(), out, err);
            return new ServiceRun(cluster, options, out, err).run(start, waiting);
        }
    }

    private record Start(LiveCluster cluster, SchedulesInForce schedules, Instant now, PrintWriter out, PrintWriter err)
            implements LongTask {
        /**
         * The mark of a schedule stays: it says that a person has started what the schedule had stopped. A keep down
         * would have the service stopped again.
         */
        @Override
        public Optional<ArrayNode> patch(Manifest service) {
            return StopAnnotation.isStopped(service)
                    ? Optional.of(AnnotationPatch.change(service, Map.of(), removed(service)))
                    : Optional.empty();
        }

        private List<String> removed(Manifest service) {
            return isKept(service, Phase.DOWN)
                    ? List.of(StopAnnotation.KEY, Keep.KEY, Keep.UNTIL)
                    : List.of(StopAnnotation.KEY);
        }

        private boolean isKept(Manifest service, Phase phase) {
            return Keep.of(service, now) instanceof Keep.InForce it && it.phase() == phase;
        }

        @Override
        public String done(ServiceRef ref, Manifest before, boolean dryRun) throws ApiProblem {
            String keep = "trimtab keep %s up --for 2h".formatted(ref.name());
            if (isKept(before, Phase.UP)) {
                return counted(dryRun);
            }
            Optional<StopMark> mark = StopMark.of(before);
            if (mark.isPresent()) {
                return "%s, until the schedule %s stops it again; %s keeps it up for a time of yours"
                        .formatted(counted(dryRun), mark.get().schedule(), keep);
            }
            return counted(dryRun)
                    + schedules
                            .downNow(before)
                            .map(it -> ", but the schedule %s is Down and stops it again; %s keeps it up"
                                    .formatted(it, keep))
                            .orElse("");
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
