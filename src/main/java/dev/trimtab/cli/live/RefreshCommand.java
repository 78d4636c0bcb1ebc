package dev.trimtab.cli.live;

import dev.trimtab.cli.ClusterOptions;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.SettingsOptions;
import dev.trimtab.cli.live.RefreshRun.RefreshWait;
import dev.trimtab.cli.live.RefreshRun.RefreshWrite;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.cli.print.Version;
import dev.trimtab.drift.Inspected.Skipped;
import dev.trimtab.drift.Inspector;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.RefreshGroup;
import dev.trimtab.drift.Report;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.manifest.Kind;
import dev.trimtab.policy.Policy.Mode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code trimtab refresh}: gives existing services the values that the policy gives to new ones. */
@Command(
        name = "refresh",
        mixinStandardHelpOptions = true,
        description = "Rolls services that differ from the current policy: one service, or all in waves.",
        sortOptions = false,
        customSynopsis = "trimtab refresh NAME [-n NAMESPACE] [--kind KIND] [--wait]%n"
                + "                       [--timeout DURATION] [--dry-run]%n"
                + "       trimtab refresh --all --max-gpus N [-n NAMESPACE | -A]%n"
                + "                       [--timeout DURATION] [--dry-run]%n"
                + "       with [--kubeconfig FILE] [--context NAME]",
        parameterListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Sets annotation trimtab.dev/refresh on each service that it would change: see",
            "trimtab scan. With --all, a wave begins when each service of the wave before it",
            "is ready again. If a service is not ready in time, no further wave begins. Run",
            "the command again to continue with the services that still differ.",
            "Exit codes: 0, also if nothing differs; 1 if a service was skipped or is not",
            "ready in time, or if Trimtab's webhook did not answer; 2 if it cannot be done,",
            "with one line on standard error.",
            "",
            "Example:",
            "  trimtab refresh --all -A --max-gpus 16 --timeout 30m"
        })
public final class RefreshCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Name of the service.")
    private String name;

    @Option(
            names = "--kind",
            defaultValue = "inferenceservice",
            converter = KindName.class,
            completionCandidates = KindName.Candidates.class,
            paramLabel = "KIND",
            description = "inferenceservice, service (of Knative) or inferencegraph. Default: ${DEFAULT-VALUE}.")
    private Kind kind;

    @Option(names = "--all", description = "Refresh all services that differ, in waves.")
    private boolean all;

    @Option(
            names = "--max-gpus",
            paramLabel = "N",
            description = "With --all: the most GPUs that the new pods of one wave may request.")
    private Long maxGpus;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "With --all: refresh in all namespaces.")
    private boolean everywhere;

    @Option(names = "--wait", description = "Wait until the service is ready. --all always waits.")
    private boolean wait;

    @Mixin
    private RollOptions rolls;

    @Mixin
    private SettingsOptions places;

    @Mixin
    private ClusterOptions options;

    @Spec
    private CommandSpec spec;

    static final class KindName implements ITypeConverter<Kind> {
        private static final List<Kind> KINDS =
                List.of(Kind.INFERENCE_SERVICE, Kind.KNATIVE_SERVICE, Kind.INFERENCE_GRAPH);

        static final class Candidates extends ArrayList<String> {
            Candidates() {
                super(KINDS.stream().map(Kind::displayName).toList());
            }
        }

        @Override
        public Kind convert(String text) {
            return KINDS.stream()
                    .filter(it -> it.displayName().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "'%s' is not one of inferenceservice, service, inferencegraph".formatted(text)));
        }
    }

    @Override
    public Integer call() throws BadInput, ApiProblem, InterruptedException {
        check(all == (name != null), "either NAME or --all");
        check(
                all && maxGpus == null,
                "--all needs --max-gpus N: the most GPUs that the new pods of one wave may request");
        check(maxGpus != null && maxGpus < 0, "--max-gpus must be 0 or more");
        check(!all && maxGpus != null, "--max-gpus needs --all");
        check(!all && everywhere, "-A needs --all");
        check(everywhere && options.hasNamespace(), "either -A or -n NAMESPACE");
        try (LiveCluster cluster = options.open()) {
            Optional<String> namespace = everywhere ? Optional.empty() : Optional.of(cluster.namespace());
            ClusterSettings.Read read = new ClusterSettings(cluster, places).read(namespace, Optional.empty());
            PrintWriter err = spec.commandLine().getErr();
            if (read.settings().policy().mode() == Mode.AUDIT) {
                throw new BadInput(List.of("the policy is in mode Audit: a refresh would change nothing"
                        + " (trimtab scan shows what it would change in mode Enforce)"));
            }
            Scan.Seen seen = new Scan(cluster, read.settings(), namespace, Progress.on(err))
                    .run(read.reviewer(), Optional.empty());
            seen.requireInstalled();
            read.warnings().forEach(err::println);
            Inspector inspection = new Inspector(read.reviewer(), seen.settings(), Optional.empty());
            RefreshRun run = new RefreshRun(
                    new RefreshWrite(cluster, inspection),
                    new RefreshWait(cluster, rolls.timeout(), spec.commandLine().getOut(), err),
                    spec.commandLine().getOut(),
                    err,
                    rolls.isDryRun());
            Report report = Report.of(seen.looks());
            return all ? run.all(report, maxGpus) : one(report, cluster.namespace(), run);
        }
    }

    private int one(Report report, String namespace, RefreshRun run) throws BadInput, ApiProblem, InterruptedException {
        ObjectKey key = new ObjectKey(kind, namespace, name);
        Optional<RefreshGroup> roll = report.find(key);
        if (roll.isPresent()) {
            return run.one(roll.get(), wait);
        }
        Skipped left = report.leftOut().stream()
                .filter(it -> it.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new BadInput(List.of(key + ": not found" + others(report, namespace))));
        spec.commandLine().getOut().println(key + ": nothing to refresh: " + left.because());
        return 0;
    }

    private String others(Report report, String namespace) {
        return Arrays.stream(Kind.values())
                .filter(other -> KindName.KINDS.contains(other)
                        && report.find(new ObjectKey(other, namespace, name)).isPresent())
                .findFirst()
                .map(it -> " (there is one of --kind " + it.displayName().toLowerCase(Locale.ROOT) + ")")
                .orElse("");
    }

    private void check(boolean wrong, String what) {
        if (wrong) {
            throw new ParameterException(spec.commandLine(), what);
        }
    }
}
