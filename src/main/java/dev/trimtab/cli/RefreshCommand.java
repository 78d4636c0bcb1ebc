package dev.trimtab.cli;

import dev.trimtab.drift.Inspection;
import dev.trimtab.drift.LeftOut;
import dev.trimtab.drift.ObjectKey;
import dev.trimtab.drift.Report;
import dev.trimtab.drift.Roll;
import dev.trimtab.manifest.Kind;
import dev.trimtab.policy.Mode;
import java.io.PrintWriter;
import java.time.Duration;
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

/** {@code trimtab refresh}: gives services that are there what the policy gives new ones. */
@Command(
        name = "refresh",
        mixinStandardHelpOptions = true,
        description = "Rolls services that differ from the policy in force: one, or all in waves.",
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
            "Sets annotation trimtab.dev/refresh, only where that changes something: see",
            "trimtab scan. With --all a wave begins when each service of the one before is",
            "ready again; where one is not ready in its time, no further wave begins. Run it",
            "again and it goes on with what differs still.",
            "Exit codes: 0, also where nothing differs; 1 where something was left or is not",
            "ready in time, or Trimtab's webhook did not answer; 2 where it cannot be done,",
            "with one line on standard error.",
            "",
            "Example:",
            "  trimtab refresh --all -A --max-gpus 16 --timeout 30m"
        })
final class RefreshCommand implements Callable<Integer> {
    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "Name of the service.")
    private String name;

    @Option(
            names = "--kind",
            defaultValue = "inferenceservice",
            converter = KindName.class,
            paramLabel = "KIND",
            description = "inferenceservice, service (of Knative) or inferencegraph. Default: ${DEFAULT-VALUE}.")
    private Kind kind;

    @Option(names = "--all", description = "All that differ, in waves.")
    private boolean all;

    @Option(
            names = "--max-gpus",
            paramLabel = "N",
            description = "With --all: how many GPUs the new pods of one wave may ask for.")
    private Long maxGpus;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "With --all: in all namespaces.")
    private boolean everywhere;

    @Option(names = "--wait", description = "Come back when it is ready, not when it is asked for. --all does.")
    private boolean wait;

    @Option(
            names = "--timeout",
            defaultValue = "30m",
            paramLabel = "DURATION",
            description = "How long to wait for a service at most. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Mixin
    private SettingsOptions places;

    @Mixin
    private ClusterOptions options;

    @Spec
    private CommandSpec spec;

    /** As the command line takes kinds. */
    static final class KindName implements ITypeConverter<Kind> {
        private static final List<Kind> KINDS =
                List.of(Kind.INFERENCE_SERVICE, Kind.KNATIVE_SERVICE, Kind.INFERENCE_GRAPH);

        @Override
        public Kind convert(String text) {
            return KINDS.stream()
                    .filter(it -> it.displayName().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "'%s' is none of inferenceservice, service, inferencegraph".formatted(text)));
        }
    }

    @Override
    public Integer call() throws BadInput, ClusterProblem, InterruptedException {
        check(all == (name != null), "either NAME or --all");
        check(all && maxGpus == null, "--all needs --max-gpus N: how many GPUs the new pods of one wave may ask for");
        check(maxGpus != null && maxGpus < 0, "--max-gpus is 0 or more");
        check(!all && maxGpus != null, "--max-gpus goes with --all");
        check(!all && everywhere, "-A goes with --all");
        check(everywhere && options.hasNamespace(), "either -A or -n NAMESPACE");
        try (LiveCluster cluster = options.open()) {
            Optional<String> namespace = everywhere ? Optional.empty() : Optional.of(cluster.namespace());
            ClusterSettings.Read read = new ClusterSettings(cluster, places).read(namespace, Optional.empty());
            PrintWriter err = spec.commandLine().getErr();
            if (read.settings().policy().mode() == Mode.AUDIT) {
                throw new BadInput(List.of("the policy is in mode Audit: a refresh would change nothing"
                        + " (trimtab scan shows what it would in Enforce)"));
            }
            Scan.Seen seen = new Scan(cluster, read.settings(), namespace, Progress.on(err))
                    .run(read.reviewer(), Optional.empty());
            seen.requireInstalled();
            read.warnings().forEach(err::println);
            Inspection inspection = new Inspection(read.reviewer(), seen.settings(), Optional.empty());
            RefreshRun run = new RefreshRun(
                    new RefreshWrite(cluster, inspection),
                    new RefreshWait(cluster, timeout, spec.commandLine().getOut(), err),
                    spec.commandLine().getOut(),
                    err,
                    dryRun);
            Report report = Report.of(seen.looks());
            return all ? run.all(report, maxGpus) : one(report, cluster.namespace(), run);
        }
    }

    private int one(Report report, String namespace, RefreshRun run)
            throws BadInput, ClusterProblem, InterruptedException {
        ObjectKey key = new ObjectKey(kind, namespace, name);
        Optional<Roll> roll = report.find(key);
        if (roll.isPresent()) {
            return run.one(roll.get(), wait);
        }
        LeftOut left = report.leftOut().stream()
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
