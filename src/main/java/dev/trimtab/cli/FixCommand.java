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
            "Exit codes: 0; 1 where something stays that would be clamped or refused, which",
            "standard error names; 2 for input that cannot be worked on: then no file is",
            "changed. Each file is replaced as a whole or not at all.",
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
        manifests.requireStandardInputOnce(old.files());
        List<String> problems = new ArrayList<>();
        Settings written = manifests.settings(problems);
        // In Audit mode admission writes nothing; whoever prepares for Enforce wants what that will write.
        Settings settings = written.withPolicy(written.policy().enforced());
        Preview preview = new Preview(settings, manifests.namespace());
        new ManifestFiles(in, problems, (file, document) -> preview.store(document)).read(old.files());
        Fixing fixing = new Fixing(new Fix(preview), new Checking(preview, new Check(settings)));
        new ManifestFiles(in, problems, fixing).read(manifests.files());
        if (!problems.isEmpty()) {
            throw new BadInput(problems);
        }
        replace(fixing.files());
        List<String> left = fixing.left();
        left.forEach(spec.commandLine().getErr()::println);
        return left.isEmpty() ? 0 : TrimtabCommand.NOT_DONE;
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
