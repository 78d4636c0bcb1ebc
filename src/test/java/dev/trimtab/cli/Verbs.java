package dev.trimtab.cli;

import dev.trimtab.cli.print.Interruption;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What picocli knows of each verb. */
public final class Verbs {
    private Verbs() {}

    public static CommandSpec root() {
        Interruption never = new Interruption(new PrintWriter(Writer.nullWriter()));
        return TrimtabCommand.line("", TrimtabCommand.verbs(InputStream.nullInputStream(), never, () -> 0))
                .getCommandSpec();
    }

    public static Map<String, CommandLine> all() {
        return root().subcommands();
    }
}
