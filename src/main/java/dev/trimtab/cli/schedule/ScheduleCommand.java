package dev.trimtab.cli.schedule;

import dev.trimtab.cli.print.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code trimtab schedule VERB}: when services are up, and what came of it. */
@Command(
        name = "schedule",
        mixinStandardHelpOptions = true,
        description = "Shows ServingSchedules: when services are up and down, and what is so now.",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        versionProvider = Version.class,
        subcommands = ScheduleStatusCommand.class,
        footer = {"", "Exit codes: 0; 2 for invalid input, or if the cluster cannot be read."})
public final class ScheduleCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
