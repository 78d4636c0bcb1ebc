package dev.trimtab.cli.schedule;

import dev.trimtab.cli.print.Version;
import java.io.InputStream;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trimtab schedule VERB}. */
@Command(
        name = "schedule",
        mixinStandardHelpOptions = true,
        description = "Shows ServingSchedules: when services will be up, and what is so now.",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "A ServingSchedule says when the services of a namespace are up.",
            "Exit codes: 0; 2 for invalid input, or if the cluster cannot be read."
        })
public final class ScheduleCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** With its verbs. */
    public static CommandLine line(InputStream in, Clock clock) {
        return new CommandLine(new ScheduleCommand())
                .addSubcommand(new SchedulePreviewCommand(in, clock))
                .addSubcommand(new ScheduleStatusCommand());
    }

    /** Without a verb the help is printed. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
