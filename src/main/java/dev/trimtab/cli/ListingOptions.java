package dev.trimtab.cli;

import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Paint.Terminal;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

public final class ListingOptions {
    enum Output {
        TABLE,
        WIDE,
        JSON
    }

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "List all namespaces.")
    private boolean everywhere;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            paramLabel = "FORMAT",
            description = "table, wide or json. Default: ${DEFAULT-VALUE}.")
    private Output output;

    @Mixin
    private ClusterOptions cluster;

    public void check(CommandLine command) {
        if (everywhere && cluster.hasNamespace()) {
            throw new ParameterException(command, "either -A or -n NAMESPACE");
        }
    }

    public LiveCluster open() throws BadInput {
        return cluster.open();
    }

    /** Empty for all namespaces. */
    public Optional<String> namespace(LiveCluster live) {
        return everywhere ? Optional.empty() : Optional.of(live.namespace());
    }

    /** The width of tables. Empty for any. */
    public OptionalInt width() {
        return output == Output.WIDE ? OptionalInt.empty() : Terminal.width();
    }

    public boolean isJson() {
        return output == Output.JSON;
    }
}
