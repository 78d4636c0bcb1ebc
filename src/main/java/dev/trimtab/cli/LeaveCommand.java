package dev.trimtab.cli;

import dev.trimtab.cli.LeaveRun.Limits;
import dev.trimtab.cli.LeaveScan.Seen;
import dev.trimtab.drift.Departure;
import dev.trimtab.drift.Departure.Outcome;
import dev.trimtab.drift.Leaving;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.policy.Mode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code trimtab leave}: takes services out of Trimtab's hands, so that it can be deleted. */
@Command(
        name = "leave",
        mixinStandardHelpOptions = true,
        description = "Shows which services roll once Trimtab is gone, and takes them out under a limit of GPUs.",
        sortOptions = false,
        customSynopsis = "trimtab leave [-n NAMESPACE | -A] [-o FORMAT]%n"
                + "       trimtab leave [-n NAMESPACE | -A] --max-gpus N [--dry-run]%n"
                + "                     [--timeout DURATION] [--kserve-grace DURATION]%n"
                + "       with [--kubeconfig FILE] [--context NAME]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Without --max-gpus, or with --dry-run, it changes nothing. With it, each service",
            "that KServe renders gets its author's template: one new revision, and the next",
            "service when there is room. The record moves to annotation trimtab.dev/left:",
            "Trimtab leaves such an object alone. Services that nobody renders keep their",
            "values and their pods. InferenceServices and InferenceGraphs are not written.",
            "Works with Trimtab running or down. Run it again after Ctrl-C: it goes on.",
            "Exit codes: 0; 1 where a service could not leave, is not ready in its time, or",
            "is stopped and held; 2 where the cluster cannot be asked, with one line on",
            "standard error.",
            "",
            "Example:",
            "  trimtab leave -A --max-gpus 16"
        })
final class LeaveCommand implements Callable<Integer> {
    @Option(
            names = "--max-gpus",
            paramLabel = "N",
            description = "Take them out. How many GPUs of new pods may be starting at any moment.")
    private Long maxGpus;

    @Option(names = "--dry-run", description = "Show what would be done, and do nothing.")
    private boolean dryRun;

    @Option(
            names = "--timeout",
            defaultValue = "30m",
            paramLabel = "DURATION",
            description = "How long to wait for a service at most. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Option(
            names = "--kserve-grace",
            defaultValue = "10s",
            paramLabel = "DURATION",
            description = "How long KServe has to write its own template of a service, before trimtab does. "
                    + "Default: ${DEFAULT-VALUE}.")
    private Duration kserve;

    @Mixin
    private SettingsOptions places;

    @Mixin
    private ListingOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ClusterProblem, InterruptedException {
        options.check(spec.commandLine());
        boolean runs = maxGpus != null && !dryRun;
        check(maxGpus != null && maxGpus < 0, "--max-gpus is 0 or more");
        check(runs && options.isJson(), "-o json goes without --max-gpus, or with --dry-run");
        check(timeout.compareTo(kserve) <= 0, "--timeout is longer than --kserve-grace");
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (LiveCluster cluster = options.open()) {
            Optional<String> namespace = options.namespace(cluster);
            ClusterSettings.Read read = new ClusterSettings(cluster, places).read(namespace, Optional.empty());
            Leaving leaving = new Leaving(read.settings().knative(), Scan.revisions(cluster, namespace));
            Seen seen = new LeaveScan(cluster, namespace, leaving).run();
            boolean installed = isInstalled(cluster);
            if (installed && read.settings().policy().mode() == Mode.ENFORCE) {
                err.println("Warning: the policy is in mode Enforce: what is created from now on is filled, and has to"
                        + " leave too. Set mode: Audit first");
            }
            if (!runs) {
                plan(seen);
                return 0;
            }
            Limits limits = new Limits(maxGpus, timeout, kserve);
            Set<ObjectKey> failed =
                    new LeaveRun(new LeaveWrite(cluster, leaving), limits, out, err).run(seen.departures());
            Seen after = new LeaveScan(cluster, namespace, leaving).run();
            return end(seen, after, failed, installed, namespace);
        }
    }

    private void plan(Seen seen) {
        PrintWriter out = spec.commandLine().getOut();
        if (options.isJson()) {
            out.println(LeaveJson.of(seen));
            return;
        }
        new LeaveOutput(out).plan(seen);
        if (maxGpus != null) {
            seen.with(Outcome.ROLLS).stream()
                    .filter(it -> it.cards() > maxGpus)
                    .forEach(it -> out.println("%s would be skipped: its new pods ask for %s, more than --max-gpus %d"
                            .formatted(it.key(), Counted.gpus(it.cards()), maxGpus)));
        }
    }

    /** @return the exit code */
    private int end(Seen before, Seen after, Set<ObjectKey> failed, boolean installed, Optional<String> namespace) {
        PrintWriter out = spec.commandLine().getOut();
        Set<ObjectKey> known =
                before.departures().stream().map(Departure::key).collect(Collectors.toCollection(HashSet::new));
        List<Departure> inside = after.departures().stream()
                .filter(it -> !it.is(Outcome.LEFT) && !it.is(Outcome.STARTING))
                .toList();
        List<String> since = inside.stream()
                .filter(it -> !known.contains(it.key()) || !failed.contains(it.key()))
                .map(it -> it.key().toString())
                .toList();
        LeaveOutput printed = new LeaveOutput(out);
        printed.stopped(after);
        if (!since.isEmpty()) {
            out.println("filled meanwhile, run it again: " + String.join(", ", since));
        }
        if (!inside.isEmpty() || !failed.isEmpty() || !after.held().isEmpty()) {
            out.println("%d have left; not all: do not delete Trimtab yet"
                    .formatted(after.departures().size() - inside.size()));
            return TrimtabCommand.NOT_DONE;
        }
        out.println("%d have left; nothing of Trimtab is in any other object %s"
                .formatted(
                        after.departures().size(),
                        namespace.map(it -> "of namespace " + it).orElse("of the cluster")));
        if (namespace.isPresent()) {
            out.println("other namespaces were not looked at: before you delete Trimtab, trimtab leave -A");
        } else if (installed) {
            out.println("Trimtab can be deleted. First its webhook configurations, then the rest:");
            out.println("  kubectl delete mutatingwebhookconfiguration,validatingwebhookconfiguration trimtab.dev");
            out.println("  kubectl delete -k FOLDER    # the one that it was installed from");
        }
        return 0;
    }

    private static boolean isInstalled(LiveCluster cluster) throws ClusterProblem {
        try {
            return !cluster.get(
                            "mutatingwebhookconfigurations",
                            "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/trimtab.dev")
                    .isMissingNode();
        } catch (ClusterProblem problem) {
            if (!problem.isForbidden()) {
                throw problem;
            }
            return true;
        }
    }

    private void check(boolean wrong, String what) {
        if (wrong) {
            throw new ParameterException(spec.commandLine(), what);
        }
    }
}
