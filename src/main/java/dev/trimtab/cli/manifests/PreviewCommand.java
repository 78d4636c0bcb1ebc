package dev.trimtab.cli.manifests;

import dev.trimtab.cli.manifests.ManifestFiles.DocumentReader;
import dev.trimtab.cli.manifests.ManifestOptions.KustomizeOption;
import dev.trimtab.cli.manifests.ManifestOptions.OldOption;
import dev.trimtab.cli.manifests.Preview.PreviewedDocument;
import dev.trimtab.cli.manifests.Preview.PreviewedDocument.Reviewed;
import dev.trimtab.cli.manifests.PreviewOutput.Format;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Paint;
import dev.trimtab.cli.print.Version;
import dev.trimtab.manifest.OldVersion;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlDocument;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trimtab preview}: shows how admission would change manifests, without a cluster. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        description = "Shows how admission would change manifests. Other kinds pass through unchanged.",
        sortOptions = false,
        customSynopsis = "trimtab preview (-f FILE... | -k DIR...) [-o FORMAT] [--policy FILE]%n"
                + "                       [--knative FILE...] [--kserve-config FILE]%n"
                + "                       [--old FILE] [-n NAMESPACE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Reads no cluster. Warnings go to standard error, as kubectl apply prints them.",
            "Exit codes: 0, even if admission would refuse an object (standard error says",
            "so); 2 if something could not be read, or there is no document: standard error",
            "says what, and all other files are still printed.",
            "",
            "Examples:",
            "  trimtab preview -f service.yaml -o diff",
            "  trimtab preview -k overlays/prod -o explain",
            "  kubectl get configmap -n knative-serving -o yaml > knative.yaml",
            "  trimtab preview -f manifests/ --knative knative.yaml --policy policy.yaml"
        })
public final class PreviewCommand implements Callable<Integer> {
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

    public PreviewCommand(InputStream in) {
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
        Notices notices = new Notices();
        ManifestFiles files = new ManifestFiles(
                in, log, new Printer(preview, output, printed.getBuffer(), format != Format.EXPLAIN, notices, log));
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

    /** Prints each document, and takes back what it printed of a file that turns out to be broken. */
    private static final class Printer implements DocumentReader {
        private final Preview preview;
        private final PreviewOutput output;
        private final StringBuffer printed;
        private final boolean onlyWhole;
        private final Notices notices;
        private final InputLog log;
        private int printedBefore;

        /** @param onlyWhole because a part of a file would be applied or patched as if it were all */
        Printer(
                Preview preview,
                PreviewOutput output,
                StringBuffer printed,
                boolean onlyWhole,
                Notices notices,
                InputLog log) {
            this.preview = preview;
            this.output = output;
            this.printed = printed;
            this.onlyWhole = onlyWhole;
            this.notices = notices;
            this.log = log;
        }

        @Override
        public void read(ManifestFile file, YamlDocument document) {
            PreviewedDocument previewed = preview.of(file, document);
            previewed.objects().forEach(it -> it.leftBecause().ifPresent(text -> log.note(file, text)));
            output.print(file, previewed);
            notices.add(file, previewed);
        }

        @Override
        public void end(ManifestFile file, boolean isWhole) {
            output.end(file);
            if (!isWhole && onlyWhole) {
                printed.setLength(printedBefore);
            }
            printedBefore = printed.length();
        }
    }

    /** Warnings and errors of previewed objects. Only lines are kept, because there may be many documents. */
    static final class Notices {
        private record Notice(String heading, List<String> lines) {}

        private final List<Notice> notices = new ArrayList<>();
        private int objects;
        private boolean anyStored;
        private String first = "";

        void add(ManifestFile file, PreviewedDocument previewed) {
            for (Reviewed object : previewed.objects()) {
                if (object.isOurs()) {
                    add(file, object);
                }
                OldVersion.of(object.before())
                        .map(text -> new Notice(object.heading(file), List.of("Warning: trimtab: " + text)))
                        .ifPresent(notices::add);
            }
        }

        private void add(ManifestFile file, Reviewed object) {
            if (objects == 0) {
                first = "%s %s of namespace %s, nor any other object of -f"
                        .formatted(object.before().kindName(), object.before().name(), object.namespace());
            }
            objects++;
            anyStored |= object.stored().isPresent();
            List<String> lines = new ArrayList<>();
            object.review().warnings().forEach(warning -> lines.add("Warning: " + warning));
            if (!object.review().isAllowed()) {
                lines.add("Error: trimtab: " + object.review().refusal());
            }
            if (!lines.isEmpty()) {
                notices.add(new Notice(object.heading(file), lines));
            }
        }

        /** The first object if none is stored. A forgotten namespace would otherwise show a CREATE for an UPDATE. */
        Optional<String> unmatched() {
            return objects == 0 || anyStored ? Optional.empty() : Optional.of(first);
        }

        /** Prints warnings as kubectl does. With several objects, a heading names the object. */
        void print(PrintWriter err) {
            for (Notice notice : notices) {
                if (objects > 1) {
                    err.println(notice.heading() + ":");
                }
                notice.lines().forEach(err::println);
            }
        }
    }
}
