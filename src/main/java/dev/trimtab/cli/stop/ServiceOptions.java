package dev.trimtab.cli.stop;

import dev.trimtab.cli.ClusterOptions;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

final class ServiceOptions {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the service.")
    private String name;

    @Option(
            names = "--kind",
            defaultValue = "inferenceservice",
            paramLabel = "KIND",
            description = "inferenceservice, inferencegraph or llminferenceservice. Default: ${DEFAULT-VALUE}.")
    private Stoppable kind;

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--wait", description = "Wait until it is done.")
    private boolean wait;

    @Option(
            names = "--timeout",
            defaultValue = "10m",
            paramLabel = "DURATION",
            description = "How long to wait at most, such as 90s or 1h30m. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    LiveCluster open() throws BadInput {
        if (!NAME.matcher(name).matches()) {
            throw new BadInput(List.of("'%s' is not the name of an object (for the kind take --kind)".formatted(name)));
        }
        return cluster.open();
    }

    ServiceRef in(LiveCluster live) {
        return new ServiceRef(kind, live.namespace(), name);
    }

    boolean isWaiting() {
        return wait;
    }

    Duration timeout() {
        return timeout;
    }
}
