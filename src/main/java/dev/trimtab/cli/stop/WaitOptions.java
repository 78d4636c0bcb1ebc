package dev.trimtab.cli.stop;

import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Whether to wait until services are stopped or started. */
final class WaitOptions {
    @Option(names = "--wait", description = "Wait until it is done.")
    private boolean wait;

    @Option(
            names = "--timeout",
            defaultValue = "10m",
            paramLabel = "DURATION",
            description = "How long to wait at most, such as 90s or 1h30m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    void check(CommandLine command, ServiceOptions services) {
        if (wait && services.isDryRun()) {
            throw new ParameterException(command, "--wait does not go with --dry-run");
        }
    }

    boolean isWaiting() {
        return wait;
    }

    Duration timeout() {
        return timeout;
    }
}
