package dev.trimtab.cli;

import dev.trimtab.cli.ManifestFiles.DocumentReader;
import dev.trimtab.cli.Previewed.Reviewed;
import dev.trimtab.review.Settings;
import dev.trimtab.yaml.YamlDocument;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
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
                + "                     [--knative FILE...] [-n NAMESPACE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Reads no cluster. What is only filled is no finding: preview shows it. In Audit",
            "mode nothing is clamped or refused, so all are warnings.",
            "Exit codes: 0, also with warnings; 1 where something would be clamped or refused;",
            "2 for input that cannot be worked on: then nothing is printed but one line a",
            "problem, on standard error.",
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

    /** Keeps what was found, and no document. */
    private static final class Checking implements DocumentReader {
        private final Preview preview;
        private final Check check;
        private final CheckReport report;
        private boolean found;
        private int others;

        Checking(Preview preview, Check check, CheckReport report) {
            this.preview = preview;
            this.check = check;
            this.report = report;
        }

        @Override
        public void read(ManifestFile file, YamlDocument document) {
            for (Reviewed object : preview.of(document).objects()) {
                if (object.isOurs()) {
                    Checked checked = check.of(file, document, object);
                    found |= checked.isFound();
                    report.add(checked);
                } else {
                    others++;
                }
            }
        }
    }

    @Override
    public Integer call() throws BadInput {
        manifests.requireStandardInputOnce(List.of());
        List<String> problems = new ArrayList<>();
        Settings settings = manifests.settings(problems);
        StringWriter printed = new StringWriter();
        Checking checking = new Checking(
                new Preview(settings, manifests.namespace()), new Check(settings), report(new PrintWriter(printed)));
        new ManifestFiles(in, problems, checking).read(manifests.files());
        if (!problems.isEmpty()) {
            throw new BadInput(problems);
        }
        checking.report.end(checking.others);
        spec.commandLine().getOut().print(printed);
        return checking.found ? TrimtabCommand.FOUND : 0;
    }

    private CheckReport report(PrintWriter out) {
        return switch (output) {
            case TEXT -> new TextReport(out, Paint.forStandardOutput());
            case JUNIT -> new JunitReport(out);
            case SARIF -> new SarifReport(out);
        };
    }
}
