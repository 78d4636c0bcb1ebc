package dev.trimtab.cli;

import dev.trimtab.review.Settings;
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
import picocli.CommandLine.Spec;

/** {@code trimtab fix}: writes into manifests what admission would make of them. */
@Command(
        name = "fix",
        mixinStandardHelpOptions = true,
        description = "Writes into manifests what admission would make of them, so that it has nothing left to do.",
        sortOptions = false,
        customSynopsis = "trimtab fix -f FILE... [--policy FILE] [--knative FILE...]%n"
                + "                   [--kserve-config FILE]%n"
                + "                   [--old FILE] [-n NAMESPACE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Comments, order and layout stay. Standard input goes to standard output. Give",
            "the policy and Knative's configuration of your cluster: their values are written",
            "out. In Audit mode it writes what Enforce would. With --old the values are those",
            "that a service has, not those of a new one.",
            "What is no whole object stays as it is, such as a patch of kustomize or the",
            "values of a chart, and what would be refused too: standard error names it.",
            "Exit codes: 0; 1 if something stays that would be clamped or refused; 2 if a",
            "file could not be read: it stays as it is, and the others are fixed. Each file",
            "is replaced as a whole or not at all.",
            "",
            "Examples:",
            "  trimtab fix -f manifests/ --policy policy.yaml --knative knative.yaml",
            "  kustomize build . | trimtab fix -f - > all.yaml"
        })
final class FixCommand implements Callable<Integer> {
    @Mixin
    private ManifestOptions manifests;

    @Mixin
    private OldOption old;

    @Spec
    private CommandSpec spec;

    private final InputStream in;
    private final Interruption interruption;

    FixCommand(InputStream in, Interruption interruption) {
        this.in = in;
        this.interruption = interruption;
    }

    @Override
    public Integer call() throws BadInput {
        manifests.requireAny(spec, List.of());
        manifests.requireStandardInputOnce(old.files());
        InputLog log = new InputLog();
        Settings written = manifests.settings(log.problems());
        // In Audit mode admission writes nothing; whoever prepares for Enforce wants what that will write.
        Settings settings = written.withPolicy(written.policy().enforced());
        Preview preview = new Preview(settings, manifests.namespace());
        new ManifestFiles(in, log, (file, document) -> preview.store(document)).read(old.files());
        boolean isJudged = log.problems().isEmpty();
        Check check = new Check(settings);
        Fixing fixing = new Fixing(new Fix(preview, check), new Checking(preview, check, log));
        new ManifestFiles(in, log, fixing).read(manifests.files());
        log.requireDocuments(manifests.files(), List.of());
        if (!isJudged) {
            throw new BadInput(log.problems());
        }
        replace(fixing.files());
        List<String> left = fixing.left();
        left.forEach(spec.commandLine().getErr()::println);
        return log.end(spec.commandLine().getErr(), left.isEmpty() ? 0 : TrimtabCommand.NOT_DONE);
    }

    private void replace(List<FixedFile> files) throws BadInput {
        PrintWriter out = spec.commandLine().getOut();
        FileReplacement replacement = new FileReplacement(interruption);
        List<String> problems = new ArrayList<>();
        for (FixedFile file : files) {
            try {
                file.replaceBy(replacement);
            } catch (IOException problem) {
                problems.add(file.name() + ": cannot be written: " + problem.getMessage());
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
        files.forEach(file -> out.print(file.said()));
    }
}
