package dev.trimtab.cli;

import dev.trimtab.review.Settings;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trimtab check}: for pipelines, what of manifests would not stay as its author wrote it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Finds what admission would clamp or refuse, Knative's own refusals included.",
        sortOptions = false,
        customSynopsis = "trimtab check (-f FILE... | -k DIR...) [-o FORMAT] [--strict]%n"
                + "                     [--policy FILE] [--knative FILE...]%n"
                + "                     [--kserve-config FILE] [-n NAMESPACE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Reads no cluster. What is only filled is no finding: preview shows it. In Audit",
            "mode nothing is clamped or refused, so all are warnings.",
            "Exit codes: 0; 1 if something would be clamped or refused, and with --strict if",
            "there is a warning; 2 if something could not be read, or there is no document",
            "at all: standard error says what, and the rest is checked all the same.",
            "",
            "Examples:",
            "  trimtab check -k overlays/prod",
            "  set -o pipefail; helm template chart | trimtab check -f - --strict",
            "  trimtab check -f manifests/ --policy policy.yaml -o sarif > trimtab.sarif"
        })
final class CheckCommand implements Callable<Integer> {
    /** How the findings are printed. */
    enum Output {
        TEXT,
        JUNIT,
        SARIF
    }

    @Mixin
    private ManifestOptions manifests;

    @Mixin
    private KustomizeOption kustomize;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text, junit or sarif. Default: ${DEFAULT-VALUE}.")
    private Output output;

    @Option(names = "--strict", description = "Warnings fail the check too.")
    private boolean strict;

    @Spec
    private CommandSpec spec;

    private final InputStream in;

    CheckCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws BadInput {
        manifests.requireAny(spec, kustomize.folders());
        manifests.requireStandardInputOnce(List.of());
        InputLog log = new InputLog();
        Settings settings = manifests.settings(log.problems());
        boolean isJudged = log.problems().isEmpty();
        Checking checking = new Checking(new Preview(settings, manifests.namespace()), new Check(settings), log);
        ManifestFiles files = new ManifestFiles(in, log, checking);
        files.read(manifests.files());
        kustomize.read(files, log);
        log.requireDocuments(manifests.files(), kustomize.folders());
        if (!isJudged) {
            throw new BadInput(log.problems());
        }
        CheckReport report = report(spec.commandLine().getOut());
        boolean found = false;
        for (Checked object : checking.objects()) {
            report.add(object);
            found |= object.isFound() || (strict && !object.findings().isEmpty());
        }
        report.end(checking.others(), log.problems().isEmpty());
        return log.end(spec.commandLine().getErr(), found ? TrimtabCommand.FOUND : 0);
    }

    private CheckReport report(PrintWriter out) {
        return switch (output) {
            case TEXT -> new TextReport(out, Paint.forStandardOutput());
            case JUNIT -> new JunitReport(out);
            case SARIF -> new SarifReport(out);
        };
    }
}
