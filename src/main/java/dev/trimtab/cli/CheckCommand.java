package dev.trimtab.cli;

import dev.trimtab.review.Settings;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
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
        customSynopsis = "trimtab check -f FILE... [-o FORMAT] [--policy FILE]%n"
                + "                     [--knative FILE...] [--kserve-config FILE]%n"
                + "                     [-n NAMESPACE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Reads no cluster. What is only filled is no finding: preview shows it. In Audit",
            "mode nothing is clamped or refused, so all are warnings.",
            "Exit codes: 0, also with warnings; 1 where something would be clamped or",
            "refused; 2 for input that cannot be worked on: then nothing is printed but one",
            "line a problem, on standard error.",
            "",
            "Examples:",
            "  kustomize build . | trimtab check -f -",
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

    @Option(
            names = {"-o", "--output"},
            defaultValue = "text",
            paramLabel = "FORMAT",
            description = "text, junit or sarif. Default: ${DEFAULT-VALUE}.")
    private Output output;

    @Spec
    private CommandSpec spec;

    private final InputStream in;

    CheckCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws BadInput {
        manifests.requireStandardInputOnce(List.of());
        List<String> problems = new ArrayList<>();
        Settings settings = manifests.settings(problems);
        Checking checking = new Checking(new Preview(settings, manifests.namespace()), new Check(settings));
        new ManifestFiles(in, problems, checking).read(manifests.files());
        if (!problems.isEmpty()) {
            throw new BadInput(problems);
        }
        CheckReport report = report(spec.commandLine().getOut());
        boolean found = false;
        for (Checked object : checking.objects()) {
            report.add(object);
            found |= object.isFound();
        }
        report.end(checking.others());
        return found ? TrimtabCommand.FOUND : 0;
    }

    private CheckReport report(PrintWriter out) {
        return switch (output) {
            case TEXT -> new TextReport(out, Paint.forStandardOutput());
            case JUNIT -> new JunitReport(out);
            case SARIF -> new SarifReport(out);
        };
    }
}
