package dev.trimtab.cli.live;

import dev.trimtab.cli.ListingOptions;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.SettingsOptions;
import dev.trimtab.cli.live.ScanReport.Asked;
import dev.trimtab.cli.live.ScanReport.Json;
import dev.trimtab.cli.manifests.ManifestOptions.PolicyOption;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.cli.print.Version;
import dev.trimtab.drift.Report;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.policy.Policy;
import dev.trimtab.policy.Profile;
import dev.trimtab.snapshot.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trimtab scan}: shows which stored objects differ from the policy. */
@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        description = "Shows what a refresh would change on a cluster. Changes nothing.",
        sortOptions = false,
        customSynopsis = "trimtab scan [-n NAMESPACE | -A] [--policy FILE] [-o FORMAT]%n"
                + "                    [--trimtab-namespace NAMESPACE]%n"
                + "                    [--knative-namespace NAMESPACE]%n"
                + "                    [--kserve-namespace NAMESPACE]%n"
                + "                    [--kubeconfig FILE] [--context NAME]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Covers Knative Services, InferenceServices, InferenceGraphs, and Deployments of",
            "KServe's Standard mode. Prints one row for each field whose value differs from",
            "what the policy would give it today. With --policy, compares with that policy,",
            "before you load it. Loading a policy does not roll anything.",
            "Below the rows, scan lists problems of AIBrix PodAutoscalers. On standard error,",
            "it lists profiles for model formats that no ServingRuntime of the cluster",
            "supports. The GPU number counts all pods of the new revisions; a part of a GPU",
            "counts as one.",
            "Exit codes: 0, also with differences; 2 if the cluster cannot be read, with one",
            "line on standard error.",
            "",
            "Example:",
            "  trimtab scan -A --policy new-policy.yaml"
        })
public final class ScanCommand implements Callable<Integer> {
    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "A policy, or a ConfigMap with one. Default: that of the cluster.")
    private Path policy;

    @Mixin
    private SettingsOptions places;

    @Mixin
    private ListingOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ApiProblem {
        options.check(spec.commandLine());
        List<String> problems = new ArrayList<>();
        Optional<Policy> other = PolicyOption.load(policy, problems);
        if (!problems.isEmpty()) {
            throw new BadInput(problems);
        }
        try (LiveCluster cluster = options.open()) {
            Optional<String> namespace = options.namespace(cluster);
            ClusterSettings.Read read = new ClusterSettings(cluster, places).read(namespace, other);
            Progress progress = Progress.on(spec.commandLine().getErr());
            Scan.Seen seen = new Scan(cluster, read.settings(), namespace, progress).run(read.reviewer(), other);
            Settings settings = other.map(seen.settings()::withPolicy).orElse(seen.settings());
            ScanAutoscalers.Found autoscalers = new ScanAutoscalers(cluster, namespace, read.leftOut()).run(settings);
            if (autoscalers.count() == 0) {
                seen.requireInstalled();
            }
            if (namespace.isPresent() && seen.looks().isEmpty() && autoscalers.count() == 0) {
                cluster.requireNamespace(namespace.get());
            }
            Stream.of(read.warnings(), new ScanFormats(cluster).warnings(profiles(settings)), autoscalers.warnings())
                    .flatMap(List::stream)
                    .forEach(spec.commandLine().getErr()::println);
            Report report = Report.of(seen.looks());
            Asked asked = new Asked(read.settings().policy(), read.source(), other);
            PrintWriter out = spec.commandLine().getOut();
            if (options.isJson()) {
                new Json(report, asked, autoscalers).print(out);
            } else {
                new ScanReport(report, asked).print(out);
                autoscalers.print(out);
            }
            return 0;
        }
    }

    /** Profiles of the policy, and of the namespaces that were read. */
    static List<Profile> profiles(Settings settings) {
        return Stream.concat(
                        settings.policy().profiles().stream(),
                        settings.namespaceProfiles().keySet().stream()
                                .sorted()
                                .flatMap(it -> settings.profilesOf(it).stream()))
                .toList();
    }
}
