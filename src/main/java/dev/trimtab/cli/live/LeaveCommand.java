package dev.trimtab.cli.live;

import dev.trimtab.cli.ListingOptions;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.SettingsOptions;
import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.live.LeaveReport.Json;
import dev.trimtab.cli.live.LeaveRun.Limits;
import dev.trimtab.cli.live.LeaveRun.Write;
import dev.trimtab.cli.live.LeaveScan.Seen;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Counted;
import dev.trimtab.cli.print.Version;
import dev.trimtab.drift.LeavePlan;
import dev.trimtab.drift.LeavePlan.Outcome;
import dev.trimtab.drift.LeavePlanner;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.policy.Policy.Mode;
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

/** {@code trimtab leave}: releases services from Trimtab, so that Trimtab can be removed. */
@Command(
        name = "leave",
        mixinStandardHelpOptions = true,
        description = "Shows which services roll when Trimtab is removed, and releases them under a GPU limit.",
        sortOptions = false,
        customSynopsis = "trimtab leave [-n NAMESPACE | -A] [-o FORMAT]%n"
                + "       trimtab leave [-n NAMESPACE | -A] --max-gpus N [--dry-run]%n"
                + "                     [--timeout DURATION] [--kserve-grace DURATION]%n"
                + "       with [--kubeconfig FILE] [--context NAME]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Without --max-gpus, or with --dry-run, leave changes nothing. With --max-gpus,",
            "each service that KServe renders gets its author's template back, in one new",
            "revision. The next service follows when enough GPUs are free under the limit.",
            "The record moves to annotation trimtab.dev/left, and Trimtab leaves such an",
            "object alone. Services that KServe does not render keep their values and their",
            "pods. InferenceServices and InferenceGraphs are not written. The command works",
            "whether Trimtab is running or not. After Ctrl-C, run it again to continue.",
            "Exit codes: 0; 1 if a service could not leave, is not ready in time, or is",
            "stopped and held; 2 if the cluster cannot be read, with one line on standard",
            "error.",
            "",
            "Example:",
            "  trimtab leave -A --max-gpus 16"
        })
public final class LeaveCommand implements Callable<Integer> {
    @Option(
            names = "--max-gpus",
            paramLabel = "N",
            description = "Release the services. The most GPUs of new pods that may start at the same time.")
    private Long maxGpus;

    @Mixin
    private RollOptions rolls;

    @Option(
            names = "--kserve-grace",
            defaultValue = "10s",
            paramLabel = "DURATION",
            description = "How long KServe has to write its own template of a service before trimtab writes it. "
                    + "Default: ${DEFAULT-VALUE}.")
    private Duration kserve;

    @Mixin
    private SettingsOptions places;

    @Mixin
    private ListingOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ApiProblem, InterruptedException {
        options.check(spec.commandLine());
        boolean runs = maxGpus != null && !rolls.isDryRun();
        check(maxGpus != null && maxGpus < 0, "--max-gpus must be 0 or more");
        check(runs && options.isJson(), "-o json does not work with --max-gpus, except with --dry-run");
        check(rolls.timeout().compareTo(kserve) <= 0, "--timeout must be longer than --kserve-grace");
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (LiveCluster cluster = options.open()) {
            Optional<String> namespace = options.namespace(cluster);
            ClusterSettings.Read read = new ClusterSettings(cluster, places).read(namespace, Optional.empty());
            LeavePlanner leaving = new LeavePlanner(read.settings().knative(), Scan.revisions(cluster, namespace));
            Seen seen = new LeaveScan(cluster, namespace, leaving).run();
            boolean installed = isInstalled(cluster);
            if (installed && read.settings().policy().mode() == Mode.ENFORCE) {
                err.println("Warning: the policy is in mode Enforce: new services are still filled, and have to"
                        + " leave too. Set mode: Audit first");
            }
            if (!runs) {
                plan(seen);
                return 0;
            }
            Limits limits = new Limits(maxGpus, rolls.timeout(), kserve);
            Set<ObjectKey> failed = new LeaveRun(new Write(cluster, leaving), limits, out, err).run(seen.departures());
            Seen after = new LeaveScan(cluster, namespace, leaving).run();
            return end(seen, after, failed, installed, namespace);
        }
    }

    private void plan(Seen seen) {
        PrintWriter out = spec.commandLine().getOut();
        if (options.isJson()) {
            out.println(Json.of(seen));
            return;
        }
        new LeaveReport(out).plan(seen, options.width());
        if (maxGpus != null) {
            seen.with(Outcome.ROLLS).stream()
                    .filter(it -> it.gpuCount() > maxGpus)
                    .forEach(it -> out.println("%s would be skipped: its new pods ask for %s, more than --max-gpus %d"
                            .formatted(it.key(), Counted.gpus(it.gpuCount()), maxGpus)));
        }
    }

    private int end(Seen before, Seen after, Set<ObjectKey> failed, boolean installed, Optional<String> namespace) {
        PrintWriter out = spec.commandLine().getOut();
        Set<ObjectKey> known =
                before.departures().stream().map(LeavePlan::key).collect(Collectors.toCollection(HashSet::new));
        List<LeavePlan> inside = after.departures().stream()
                .filter(it -> !it.is(Outcome.LEFT) && !it.is(Outcome.STARTING))
                .toList();
        List<String> since = inside.stream()
                .filter(it -> !known.contains(it.key()) || !failed.contains(it.key()))
                .map(it -> it.key().toString())
                .toList();
        LeaveReport printed = new LeaveReport(out);
        printed.stopped(after);
        if (!since.isEmpty()) {
            out.println("filled in the meantime, run it again: " + String.join(", ", since));
        }
        if (!inside.isEmpty() || !failed.isEmpty() || !after.held().isEmpty()) {
            out.println("%d have left, but not all: do not delete Trimtab yet"
                    .formatted(after.departures().size() - inside.size()));
            return TrimtabCommand.NOT_DONE;
        }
        out.println("%d have left; no other object %s has anything from Trimtab"
                .formatted(
                        after.departures().size(),
                        namespace.map(it -> "of namespace " + it).orElse("of the cluster")));
        if (namespace.isPresent()) {
            out.println("other namespaces were not checked: run trimtab leave -A before you delete Trimtab");
        } else if (installed) {
            out.println("Trimtab can be deleted. First its webhook configurations, then the rest:");
            out.println("  kubectl delete mutatingwebhookconfiguration,validatingwebhookconfiguration trimtab.dev");
            out.println("  kubectl delete -k FOLDER    # the one that it was installed from");
        }
        return 0;
    }

    private static boolean isInstalled(LiveCluster cluster) throws ApiProblem {
        try {
            return !cluster.get(
                            "mutatingwebhookconfigurations",
                            "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/trimtab.dev")
                    .isMissingNode();
        } catch (ApiProblem problem) {
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
