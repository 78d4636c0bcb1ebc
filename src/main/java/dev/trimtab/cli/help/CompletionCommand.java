package dev.trimtab.cli.help;

import dev.trimtab.cli.print.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trimtab completion}: a script with which a shell completes verbs, options and their values. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that completes verbs, options and values in a shell.",
        sortOptions = false,
        customSynopsis = "trimtab completion SHELL",
        parameterListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "kubectl trimtab is completed too if kubectl_complete-trimtab, which is in the",
            "plugin's archive, is on the PATH.",
            "Exit codes: 0; 2 if there is no script for the shell.",
            "",
            "Examples:",
            "  source <(trimtab completion bash)",
            "  trimtab completion bash > /etc/bash_completion.d/trimtab",
            "  source <(trimtab completion zsh)"
        })
public final class CompletionCommand implements Callable<Integer> {
    /** Labels of the arguments that name files or folders, whatever their Java type. */
    private static final Set<String> FILES = Set.of("FILE", "DIR", "POLICY");

    private static final String END = "\n  fi\n}\n";

    /** As picocli completes names of files: zsh would end the name of a folder with a blank. */
    private static final String FOUND_FILES = "COMPREPLY=( $( compgen -f -- \"${curr_word}\" ) ) # files";

    private static final String SHELL_FILES = "type compopt &>/dev/null && compopt -o default # files";

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell;

    @Spec
    private CommandSpec spec;

    enum Shell {
        BASH,
        ZSH
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        List<CommandLine> verbs = verbs(root).toList();
        verbs.forEach(verb -> describe(verb.getCommandSpec()));
        String script = AutoComplete.bash(spec.root().name(), root);
        if (!script.contains(FOUND_FILES) || !script.contains(END)) {
            throw new IllegalStateException("picocli's script has another form");
        }
        script = script.replace(FOUND_FILES, SHELL_FILES);
        for (CommandLine verb : verbs) {
            if (takesFiles(verb.getCommandSpec())) {
                script = withFurtherFiles(script, verb.getCommandSpec().qualifiedName("_"));
            }
        }
        // picocli's script is for both shells: in zsh it loads bashcompinit.
        String name = shell.name().toLowerCase(Locale.ROOT);
        spec.commandLine().getOut().print("# For %s: source <(trimtab completion %s)\n".formatted(name, name) + script);
        return 0;
    }

    /** All below the command, at any depth. */
    private static Stream<CommandLine> verbs(CommandLine command) {
        return command.getSubcommands().values().stream().flatMap(it -> Stream.concat(Stream.of(it), verbs(it)));
    }

    /** picocli completes file names only for Java's file types, and enums in capitals. */
    private static void describe(CommandSpec verb) {
        for (OptionSpec option : List.copyOf(verb.options())) {
            if (option.completionCandidates() != null) {
                verb.remove(option);
                verb.addOption(OptionSpec.builder(option)
                        .completionCandidates(words(option))
                        .build());
            } else if (FILES.contains(option.paramLabel())) {
                verb.remove(option);
                verb.addOption(OptionSpec.builder(option.names())
                        .paramLabel(option.paramLabel())
                        .arity(option.arity().toString())
                        .type(option.isMultiValue() ? List.class : Path.class)
                        .auxiliaryTypes(Path.class)
                        .build());
            }
        }
        for (PositionalParamSpec parameter : List.copyOf(verb.positionalParameters())) {
            if (parameter.completionCandidates() != null) {
                verb.remove(parameter);
                verb.addPositional(PositionalParamSpec.builder(parameter)
                        .completionCandidates(words(parameter))
                        .build());
            } else if (FILES.contains(parameter.paramLabel())) {
                verb.remove(parameter);
                verb.addPositional(PositionalParamSpec.builder()
                        .index(parameter.index())
                        .paramLabel(parameter.paramLabel())
                        .arity(parameter.arity().toString())
                        .type(parameter.isMultiValue() ? List.class : Path.class)
                        .auxiliaryTypes(Path.class)
                        .build());
            }
        }
    }

    private static List<String> words(ArgSpec argument) {
        return StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                .map(it -> it.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static boolean takesFiles(CommandSpec verb) {
        return verb.options().stream().anyMatch(it -> it.isMultiValue() && FILES.contains(it.paramLabel()));
    }

    /** {@code -f a.yaml b.yaml}: without this, picocli's script completes only the first name after an option. */
    private static String withFurtherFiles(String script, String verb) {
        int end = script.indexOf(END, script.indexOf("\nfunction _picocli_" + verb + "() {\n"));
        return script.substring(0, end)
                + "\n    [ ${#COMPREPLY[@]} -gt 0 ] || { type compopt &>/dev/null && compopt -o default; }"
                + script.substring(end);
    }
}
