package dev.trimtab.cli.manifests;

import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.manifests.CheckReport.Github;
import dev.trimtab.cli.manifests.CheckReport.Junit;
import dev.trimtab.cli.manifests.CheckReport.Sarif;
import dev.trimtab.cli.manifests.CheckReport.Text;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject;
import dev.trimtab.cli.manifests.ManifestOptions.KustomizeOption;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Paint;
import dev.trimtab.cli.print.Version;
import dev.trimtab.snapshot.Settings;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trimtab check}: reports, for pipelines, which values of manifests admission would change or refuse. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Finds what admission would clamp or refuse, including Knative's own refusals.",
        sortOptions = false,
        customSynopsis = "trimtab check (-f FILE... | -k DIR...) [-o FORMAT] [--strict]%n"
                + "                     [--policy FILE] [--knative FILE...]%n"
                + "                     [--kserve-config FILE] [-n NAMESPACE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Reads no cluster. Filled values are not findings: trimtab preview shows them. In",
            "mode Audit nothing is clamped or refused, so all findings are warnings.",
            "Exit codes: 0; 1 if something would be clamped or refused, and with --strict if",
            "there is a warning; 2 if something could not be read, or there is no document:",
            "standard error says what, and everything else is still checked.",
            "",
            "Examples:",
            "  trimtab check -k overlays/prod",
            "  set -o pipefail; helm template chart | trimtab check -f - --strict",
            "  trimtab check -f manifests/ --policy policy.yaml -o sarif > trimtab.sarif"
        })
public final class CheckCommand implements Callable<Integer> {
    enum Output {
        TEXT,
        JUNIT,
        SARIF,
        GITHUB
    }

    @Mixin
    private ManifestOptions manifests;

    @Mixin
    private KustomizeOption kustomize;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text, junit, sarif, or github: annotations of a workflow. Default: ${DEFAULT-VALUE}.")
    private Output output;

    @Option(names = "--strict", description = "Fail on warnings too.")
    private boolean strict;

    @Spec
    private CommandSpec spec;

    private final InputStream in;

    public CheckCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws BadInput {
        manifests.requireAny(spec, kustomize.folders());
        manifests.requireStandardInputOnce(List.of());
        InputLog log = new InputLog();
        Settings settings = manifests.settings(log.problems());
        boolean isJudged = log.problems().isEmpty();
        CheckRun checking =
                new CheckRun(new Preview(settings, manifests.namespace()), new ManifestCheck(settings), log);
        ManifestFiles files = new ManifestFiles(in, log, checking);
        files.read(manifests.files());
        kustomize.read(files, log);
        log.requireDocuments(manifests.files(), kustomize.folders());
        if (!isJudged) {
            throw new BadInput(log.problems());
        }
        CheckReport report = report(spec.commandLine().getOut());
        boolean found = false;
        for (CheckedObject object : checking.objects()) {
            report.add(object);
            found |= object.isFound() || (strict && !object.findings().isEmpty());
        }
        report.end(checking.others(), log.problems().isEmpty());
        return log.end(spec.commandLine().getErr(), found ? TrimtabCommand.FOUND : 0);
    }

    private CheckReport report(PrintWriter out) {
        return switch (output) {
            case TEXT -> new Text(out, Paint.forStandardOutput());
            case JUNIT -> new Junit(out);
            case SARIF -> new Sarif(out);
            case GITHUB -> new Github(out);
        };
    }
}
