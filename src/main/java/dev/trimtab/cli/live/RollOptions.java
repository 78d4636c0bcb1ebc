package dev.trimtab.cli.live;

import java.time.Duration;
import picocli.CommandLine.Option;

final class RollOptions {
    @Option(names = "--dry-run", description = "Show what would be done, without doing it.")
    private boolean dryRun;

    @Option(
            names = "--timeout",
            defaultValue = "30m",
            paramLabel = "DURATION",
            description = "Longest wait for one service. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    boolean isDryRun() {
        return dryRun;
    }

    Duration timeout() {
        return timeout;
    }
}
