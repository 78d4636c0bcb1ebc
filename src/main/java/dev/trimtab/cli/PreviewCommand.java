package dev.trimtab.cli;

import dev.trimtab.cli.ManifestFiles.DocumentReader;
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

/** {@code trimtab preview}: what admission would make of manifests, without a cluster. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        description = "Shows what admission would make of manifests. Other kinds pass through unchanged.",
        sortOptions = false,
        customSynopsis = "trimtab preview -f FILE... [-o FORMAT] [--policy FILE]%n"
                + "                       [--knative FILE...] [--kserve-config FILE]%n"
                + "                       [--old FILE] [-n NAMESPACE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Reads no cluster. Warnings go to standard error, as kubectl apply prints them.",
            "Exit codes: 0, also where admission would refuse an object (standard error says",
            "so); 2 for input that cannot be worked on: then nothing is printed but one line",
            "a problem.",
            "",
            "Examples:",
            "  trimtab preview -f service.yaml -o diff",
            "  kustomize build . | trimtab preview -f - -o explain",
            "  kubectl get configmap -n knative-serving -o yaml > knative.yaml",
            "  trimtab preview -f manifests/ --knative knative.yaml --policy policy.yaml"
        })
final class PreviewCommand implements Callable<Integer> {
    @Mixin
    private ManifestOptions manifests;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "yaml",
            paramLabel = "FORMAT",
            description = "yaml: as stored, in the author's layout; json; diff: for patch -p1; "
                    + "explain: which rule did what, and why. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Mixin
    private OldOption old;

    @Spec
    private CommandSpec spec;

    private final InputStream in;

    PreviewCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws BadInput {
        manifests.requireStandardInputOnce(old.files());
        List<String> problems = new ArrayList<>();
        List<String> problemsOfOld = new ArrayList<>();
        Settings settings = manifests.settings(problems);
        Preview preview = new Preview(settings, manifests.namespace());
        new ManifestFiles(in, problemsOfOld, (file, document) -> preview.store(document)).read(old.files());
        StringWriter printed = new StringWriter();
        PreviewOutput output = format.output(new PrintWriter(printed), settings, Paint.forStandardOutput());
        PreviewNotices notices = new PreviewNotices();
        new ManifestFiles(in, problems, new DocumentReader() {
                    @Override
                    public void read(ManifestFile file, YamlDocument document) {
                        Previewed previewed = preview.of(document);
                        output.print(file, previewed);
                        notices.add(file, previewed);
                    }

                    @Override
                    public void end(ManifestFile file) {
                        output.end(file);
                    }
                })
                .read(manifests.files());
        problems.addAll(problemsOfOld);
        if (problems.isEmpty() && old.isGiven()) {
            notices.unmatched().ifPresent(object -> problems.add(old.name() + ": holds no " + object));
        }
        if (!problems.isEmpty()) {
            throw new BadInput(problems);
        }
        output.end();
        spec.commandLine().getOut().print(printed);
        if (format != Format.EXPLAIN) {
            notices.print(spec.commandLine().getErr());
        }
        return 0;
    }
}
