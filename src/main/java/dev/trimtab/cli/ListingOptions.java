package dev.trimtab.cli;

import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What of a cluster is listed, and how it is printed. */
final class ListingOptions {
    /** How it is printed. */
    enum Output {
        TABLE,
        JSON
    }

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "In all namespaces.")
    private boolean everywhere;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            paramLabel = "FORMAT",
            description = "table or json. Default: ${DEFAULT-VALUE}.")
    private Output output;

    @Mixin
    private ClusterOptions cluster;

    /** Before anything is asked. */
    void check(CommandLine command) {
        if (everywhere && cluster.hasNamespace()) {
            throw new ParameterException(command, "either -A or -n NAMESPACE");
        }
    }

    LiveCluster open() throws BadInput {
        return cluster.open();
    }

    /** Empty for all. */
    Optional<String> namespace(LiveCluster live) {
        return everywhere ? Optional.empty() : Optional.of(live.namespace());
    }

    boolean isJson() {
        return output == Output.JSON;
    }
}
