package dev.trimtab.cli.manifests;

import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.manifests.FixRun.FileReplacement;
import dev.trimtab.cli.manifests.ManifestOptions.OldOption;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Interruption;
import dev.trimtab.cli.print.Paint;
import dev.trimtab.cli.print.Version;
import dev.trimtab.review.WrittenOut.Changes;
import dev.trimtab.snapshot.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code trimtab fix}: applies to manifests the changes that admission would make. */
@Command(
        name = "fix",
        mixinStandardHelpOptions = true,
        description = "Applies to your manifests the changes that admission would make.",
        sortOptions = false,
        customSynopsis = "trimtab fix -f FILE... [--policy FILE] [--knative FILE...]%n"
                + "                   [--kserve-config FILE] [--old FILE]%n"
                + "                   [--only WHAT] [--dry-run] [-n NAMESPACE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Comments, order and layout stay. Standard input goes to standard output. Pass",
            "the policy and Knative's configuration of your cluster, because their values are",
            "written into the manifests. In mode Audit, fix writes what Enforce would write.",
            "With --old, a service keeps the values that it has. Objects that are not",
            "complete (a kustomize patch, the values of a chart) and objects that would be",
            "refused stay unchanged; standard error names them.",
            "Exit codes: 0; 1 if a value is left that would be clamped or refused, and with",
            "--dry-run if a file would change; 2 if a file could not be read: that file stays",
            "unchanged, and the others are fixed. Each file is replaced as a whole or not at",
            "all.",
            "",
            "Examples:",
            "  trimtab fix -f manifests/ --policy policy.yaml --knative knative.yaml",
            "  trimtab fix -f manifests/ --only clamps --dry-run",
            "  kustomize build . | trimtab fix -f - > all.yaml"
        })
public final class FixCommand implements Callable<Integer> {
    @Mixin
    private ManifestOptions manifests;

    @Mixin
    private OldOption old;

    @Option(
            names = "--only",
            paramLabel = "WHAT",
            description = "clamps: only values that admission would move, so that the policy still fills the rest; "
                    + "fills: only values that the author left out. Default: both.")
    private Only only;

    @Option(names = "--dry-run", description = "Change nothing: print what would change, as a diff for patch -p1.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec;

    private final InputStream in;
    private final Interruption interruption;

    enum Only {
        CLAMPS,
        FILLS
    }

    public FixCommand(InputStream in, Interruption interruption) {
        this.in = in;
        this.interruption = interruption;
    }

    @Override
    public Integer call() throws BadInput {
        manifests.requireAny(spec, List.of());
        manifests.requireStandardInputOnce(old.files());
        InputLog log = new InputLog();
        Settings written = manifests.settings(log.problems());
        // In mode Audit admission writes nothing. Fix prepares for Enforce, so it writes what Enforce would write.
        Settings settings = written.withPolicy(written.policy().enforced());
        Preview preview = new Preview(settings, manifests.namespace());
        new ManifestFiles(in, log, (file, document) -> preview.store(document)).read(old.files());
        boolean isJudged = log.problems().isEmpty();
        ManifestCheck check = new ManifestCheck(settings);
        FixRun fixing = new FixRun(preview, check, new CheckRun(preview, check, log), changes());
        new ManifestFiles(in, log, fixing).read(manifests.files());
        log.requireDocuments(manifests.files(), List.of());
        if (!isJudged) {
            throw new BadInput(log.problems());
        }
        boolean undone = dryRun && fixing.files().stream().anyMatch(FixRun.FixedFile::isChanged);
        if (dryRun) {
            DiffOutput diff = new DiffOutput(spec.commandLine().getOut(), Paint.forStandardOutput());
            fixing.files().forEach(file -> file.printTo(diff));
        } else {
            replace(fixing.files());
        }
        List<String> left = fixing.left();
        left.forEach(spec.commandLine().getErr()::println);
        return log.end(spec.commandLine().getErr(), left.isEmpty() && !undone ? 0 : TrimtabCommand.NOT_DONE);
    }

    private Changes changes() {
        if (only == null) {
            return Changes.ALL;
        }
        return only == Only.CLAMPS ? Changes.CLAMPS : Changes.FILLS;
    }

    private void replace(List<FixRun.FixedFile> files) throws BadInput {
        PrintWriter out = spec.commandLine().getOut();
        FileReplacement replacement = new FileReplacement(interruption);
        List<String> problems = new ArrayList<>();
        for (FixRun.FixedFile file : files) {
            try {
                file.replaceBy(replacement);
            } catch (IOException problem) {
                problems.add(file.file().name() + ": cannot be written: " + problem.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            replacement.discard();
            throw new BadInput(problems);
        }
        Optional<String> stuck = replacement.commit();
        if (stuck.isPresent()) {
            throw new BadInput(List.of(stuck.get()));
        }
        files.forEach(file -> out.print(file.output()));
    }
}
