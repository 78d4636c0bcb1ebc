package dev.trimtab.cli;

import dev.trimtab.cli.print.Interruption;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
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

    /** Those of other verbs, too: {@code schedule preview}. */
    public static Map<String, CommandLine> all() {
        Map<String, CommandLine> all = new LinkedHashMap<>();
        root().subcommands().forEach((name, verb) -> add(name, verb, all));
        return all;
    }

    private static void add(String name, CommandLine verb, Map<String, CommandLine> to) {
        to.put(name, verb);
        verb.getSubcommands().forEach((below, it) -> add(name + " " + below, it, to));
    }
}
