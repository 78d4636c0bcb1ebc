package dev.trimtab.cli;

import dev.trimtab.cluster.SettingsFiles;
import dev.trimtab.cluster.UnreadableFile;
import dev.trimtab.policy.PolicyLoader;
import dev.trimtab.policy.PolicyProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trimtab lint}: everything that is wrong with a policy. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = "Checks policies, as strictly as the webhook does when one is applied.",
        sortOptions = false,
        customSynopsis = "trimtab lint POLICY... [--profiles]",
        parameterListHeading = "%n",
        optionListHeading = "",
        versionProvider = Version.class,
        footer = {
            "",
            "Each problem is one line: file, line, column, path, what is wrong, what to",
            "write.",
            "Exit codes: 0 valid; 1 with problems, on standard output; 2 where a file cannot",
            "be read, with one line on standard error.",
            "",
            "Example:",
            "  trimtab lint policy.yaml"
        })
final class LintCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "POLICY",
            description = "Files, each with a policy, or with a ConfigMap that holds one.")
    private List<Path> files;

    @Option(names = "--profiles", description = "They are what a namespace has for itself: profiles, and nothing else.")
    private boolean profiles;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput {
        List<String> unreadable = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Path file : files) {
            try {
                problems(SettingsFiles.policy(file)).forEach(problem -> problems.add(problem.in(file.toString())));
            } catch (UnreadableFile problem) {
                unreadable.add(problem.getMessage());
            }
        }
        if (!unreadable.isEmpty()) {
            throw new BadInput(unreadable);
        }
        problems.forEach(spec.commandLine().getOut()::println);
        return problems.isEmpty() ? 0 : TrimtabCommand.FOUND;
    }

    private List<PolicyProblem> problems(String text) {
        return profiles
                ? PolicyLoader.loadProfiles(text).problems()
                : PolicyLoader.load(text).problems();
    }
}
