package dev.trimtab.cli.manifests;

import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.manifests.ManifestFile.FileNames;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Version;
import dev.trimtab.policy.PolicyProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trimtab lint}: reports all problems of policies. */
@Command(
        name = "lint",
        mixinStandardHelpOptions = true,
        description = "Checks policies as strictly as the webhook does when you apply one.",
        sortOptions = false,
        customSynopsis = "trimtab lint POLICY... [--profiles] [--trimtab-namespace NAMESPACE]",
        parameterListHeading = "%n",
        optionListHeading = "",
        versionProvider = Version.class,
        footer = {
            "",
            "Prints one line per problem: file, line, column, path, what is wrong, and what",
            "to write instead. In a folder, files without a policy are skipped. Settings that",
            "are valid but unusual are reported on standard error.",
            "Exit codes: 0 valid; 1 problems found, on standard output; 2 if a file cannot be",
            "read or a folder has no policy: standard error says so, and the rest is checked.",
            "",
            "Examples:",
            "  trimtab lint policy.yaml",
            "  trimtab lint -f clusters/"
        })
public final class LintCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "POLICY",
            description = "Files with a policy or with a ConfigMap that holds one, folders of such files, or - for "
                    + "standard input.")
    private List<String> files = List.of();

    @Option(
            names = {"-f", "--filename"},
            arity = "1..*",
            paramLabel = "POLICY",
            description = "Same as POLICY.")
    private List<String> named = List.of();

    @Option(names = "--profiles", description = "The files are policies of namespaces: they contain only profiles.")
    private boolean profiles;

    @Option(
            names = "--trimtab-namespace",
            defaultValue = "trimtab",
            paramLabel = "NAMESPACE",
            description = "Namespace of the policy. Default: ${DEFAULT-VALUE}.")
    private String namespace;

    @Spec
    private CommandSpec spec;

    private final InputStream in;
    private final InputLog log = new InputLog();
    private final List<String> problems = new ArrayList<>();

    public LintCommand(InputStream in) {
        this.in = in;
    }

    @Override
    public Integer call() throws BadInput {
        List<String> all = new ArrayList<>(files);
        all.addAll(named);
        if (all.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'POLICY'");
        }
        if (Collections.frequency(all, "-") > 1) {
            throw new BadInput(List.of("-: standard input can be read once only"));
        }
        PolicyLint lint = new PolicyLint(namespace, profiles);
        for (String name : all) {
            if (name.equals("-")) {
                standardInput(lint);
            } else {
                paths(lint, name);
            }
        }
        problems.forEach(spec.commandLine().getOut()::println);
        return log.end(spec.commandLine().getErr(), problems.isEmpty() ? 0 : TrimtabCommand.FOUND);
    }

    private void standardInput(PolicyLint lint) {
        try {
            lint(lint, ManifestFile.STANDARD_INPUT.name(), in.readAllBytes(), false);
        } catch (IOException unreadable) {
            log.problem(ManifestFile.STANDARD_INPUT.name() + ": " + FileNames.reason(unreadable));
        }
    }

    private void paths(PolicyLint lint, String name) {
        boolean isFolder = !name.isBlank() && Files.isDirectory(Path.of(name));
        boolean any = false;
        int before = log.problems().size();
        for (Path path : new FileNames(log).of(name)) {
            try {
                any |= lint(lint, path.toString(), Files.readAllBytes(path), isFolder);
            } catch (IOException unreadable) {
                log.problem(path + ": " + FileNames.reason(unreadable));
            }
        }
        if (isFolder && !any && log.problems().size() == before) {
            log.problem(name + ": no policy in this folder");
        }
    }

    private boolean lint(PolicyLint lint, String name, byte[] bytes, boolean isFromFolder) throws IOException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        if (!isFromFolder && text.isBlank() && name.equals(ManifestFile.STANDARD_INPUT.name())) {
            log.problem(name + ": no document: did the command before the pipe fail?");
            return false;
        }
        Optional<List<PolicyProblem>> found = lint.of(text);
        if (found.isEmpty() && isFromFolder) {
            return false;
        }
        found.orElseGet(() -> lint.ofNamed(text)).forEach(problem -> problems.add(problem.in(name)));
        lint.advice(text).forEach(advice -> log.warning(advice.in(name)));
        return true;
    }
}
