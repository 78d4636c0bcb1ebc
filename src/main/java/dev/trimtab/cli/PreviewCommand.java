package dev.trimtab.cli;

import dev.trimtab.cli.ManifestFiles.DocumentReader;
import dev.trimtab.review.Settings;
import dev.trimtab.yaml.YamlDocument;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
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
        customSynopsis = "trimtab preview (-f FILE... | -k DIR...) [-o FORMAT] [--policy FILE]%n"
                + "                       [--knative FILE...] [--kserve-config FILE]%n"
                + "                       [--old FILE] [-n NAMESPACE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Reads no cluster. Warnings go to standard error, as kubectl apply prints them.",
            "Exit codes: 0, also where admission would refuse an object (standard error says",
            "so); 2 if something could not be read, or there is no document at all: standard",
            "error says what, and the other files are printed all the same.",
            "",
            "Examples:",
            "  trimtab preview -f service.yaml -o diff",
            "  trimtab preview -k overlays/prod -o explain",
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
    private KustomizeOption kustomize;

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
        manifests.requireAny(spec, kustomize.folders());
        manifests.requireStandardInputOnce(old.files());
        InputLog log = new InputLog();
        InputLog logOfOld = new InputLog();
        Settings settings = manifests.settings(log.problems());
        boolean isJudged = log.problems().isEmpty();
        Preview preview = new Preview(settings, manifests.namespace());
        new ManifestFiles(in, logOfOld, (file, document) -> preview.store(document)).read(old.files());
        StringWriter printed = new StringWriter();
        PreviewOutput output = format.output(new PrintWriter(printed), settings, Paint.forStandardOutput());
        PreviewNotices notices = new PreviewNotices();
        ManifestFiles files = new ManifestFiles(in, log, new DocumentReader() {
            private int printedBefore;

            @Override
            public void read(ManifestFile file, YamlDocument document) {
                Previewed previewed = preview.of(file, document);
                previewed.objects().forEach(it -> it.leftBecause().ifPresent(text -> log.note(file, text)));
                output.print(file, previewed);
                notices.add(file, previewed);
            }

            @Override
            public void end(ManifestFile file, boolean isWhole) {
                output.end(file);
                if (!isWhole && format != Format.EXPLAIN) {
                    // Half a file would be applied, or patched, as if it were the whole one.
                    printed.getBuffer().setLength(printedBefore);
                }
                printedBefore = printed.getBuffer().length();
            }
        });
        files.read(manifests.files());
        kustomize.read(files, log);
        log.requireDocuments(manifests.files(), kustomize.folders());
        isJudged &= logOfOld.problems().isEmpty();
        log.problems().addAll(logOfOld.problems());
        if (log.problems().isEmpty() && old.isGiven()) {
            notices.unmatched().ifPresent(object -> log.problem(old.name() + ": holds no " + object));
            isJudged &= log.problems().isEmpty();
        }
        if (!isJudged) {
            throw new BadInput(log.problems());
        }
        output.end();
        spec.commandLine().getOut().print(printed);
        if (format != Format.EXPLAIN) {
            notices.print(spec.commandLine().getErr());
        }
        return log.end(spec.commandLine().getErr(), 0);
    }
}
