package dev.trimtab.cli.help;

import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trimtab man}: manual pages, for packages. */
@Command(
        name = "man",
        mixinStandardHelpOptions = true,
        description = "Writes manual pages: one of trimtab, and one of each verb.",
        sortOptions = false,
        customSynopsis = "trimtab man DIR",
        parameterListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "The plugin's archive has the pages in the folder man.",
            "Exit codes: 0; 2 if a page cannot be written, with one line on standard error.",
            "",
            "Example:",
            "  trimtab man ~/.local/share/man/man1 && man trimtab-check"
        })
public final class ManCommand implements Callable<Integer> {
    /** picocli's own verb, which prints what {@code --help} prints. */
    static final String HELP = "help";

    @Parameters(index = "0", paramLabel = "DIR", description = "Folder for the pages. It is made if missing.")
    private Path folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput {
        CommandLine root = spec.root().commandLine();
        try {
            Files.createDirectories(folder);
            write(root);
        } catch (IOException problem) {
            throw new BadInput(List.of("%s: cannot be written: %s".formatted(folder, problem.getMessage())));
        }
        return 0;
    }

    /** A command and its verbs. */
    private void write(CommandLine command) throws IOException {
        ManPage page = new ManPage(command.getCommandSpec());
        Files.writeString(folder.resolve(page.name() + ".1"), page.roff());
        for (CommandLine verb : command.getSubcommands().values()) {
            if (!verb.getCommandName().equals(HELP)) {
                write(verb);
            }
        }
    }
}
