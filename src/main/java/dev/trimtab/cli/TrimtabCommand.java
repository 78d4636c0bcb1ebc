package dev.trimtab.cli;

import java.io.InputStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code trimtab VERB}: the same jar as the webhook. */
@Command(
        name = "trimtab",
        mixinStandardHelpOptions = true,
        version = "trimtab 0.1.0",
        synopsisSubcommandLabel = "VERB",
        description = "Makes model serving on KServe and Knative run the way its authors meant.",
        footer = {"", "With no verb it serves the webhook."})
public final class TrimtabCommand implements Runnable {
    /** Something was wrong with the input; nothing was done. */
    static final int BAD_INPUT = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /**
     * Runs one verb.
     *
     * @return the exit code: 0 done, 1 found something to report, 2 bad input
     */
    public static int run(String[] args, InputStream in, PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new TrimtabCommand())
                .addSubcommand(new PreviewCommand(in))
                .addSubcommand(new CommandLine.HelpCommand())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    if (problem instanceof BadInput input) {
                        input.problems().forEach(command.getErr()::println);
                        return BAD_INPUT;
                    }
                    throw problem;
                });
        int code = line.execute(args);
        out.flush();
        err.flush();
        return code;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "give a verb, one of " + spec.subcommands().keySet());
    }
}
