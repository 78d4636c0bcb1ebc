package dev.trimtab.cli.stop;

import dev.trimtab.cli.ClusterOptions;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Which services a verb is about. */
final class ServiceOptions {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "Names of services.")
    private List<String> names = List.of();

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description = "All services with these labels, such as app=chat or 'team in (a, b)'.")
    private String selector;

    @Option(names = "--all", description = "All services of the namespace.")
    private boolean all;

    @Option(
            names = "--kind",
            defaultValue = "inferenceservice",
            paramLabel = "KIND",
            description = "inferenceservice, inferencegraph or llminferenceservice. Default: ${DEFAULT-VALUE}.")
    private Stoppable kind;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--dry-run",
            description = "Change nothing. The API server and its webhooks say what they would do.")
    private boolean dryRun;

    /** For a verb that ends with a word: takes it out of the names. */
    Optional<String> takeLastArgument() {
        if (names.isEmpty()) {
            return Optional.empty();
        }
        String last = names.get(names.size() - 1);
        names = names.subList(0, names.size() - 1);
        return Optional.of(last);
    }

    LiveCluster open(CommandLine command) throws BadInput {
        long ways = Stream.of(!names.isEmpty(), selector != null, all)
                .filter(it -> it)
                .count();
        if (ways == 0) {
            throw new ParameterException(command, "which services? Give a NAME, -l LABELS or --all");
        }
        if (ways > 1) {
            throw new ParameterException(command, "either NAME, -l LABELS or --all");
        }
        if (selector != null && selector.isBlank()) {
            throw new ParameterException(command, "-l without labels would select all services: say --all");
        }
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new BadInput(
                        List.of("'%s' is not the name of an object (for the kind take --kind)".formatted(name)));
            }
        }
        return cluster.open();
    }

    /** @return without a service if the labels select none */
    List<ServiceRef> in(LiveCluster live) throws BadInput, ApiProblem {
        if (!names.isEmpty()) {
            return names.stream().distinct().map(it -> ref(live, it)).toList();
        }
        Optional<List<Manifest>> found = live.list(
                kind,
                Optional.of(live.namespace()),
                Optional.ofNullable(selector).orElse(""));
        if (found.isEmpty()) {
            throw new BadInput(List.of("the cluster does not know %s: KServe is not installed there, or too old"
                    .formatted(kind.kindName())));
        }
        return found.get().stream().map(it -> ref(live, it.name())).toList();
    }

    private ServiceRef ref(LiveCluster live, String name) {
        return new ServiceRef(kind, live.namespace(), name);
    }

    boolean isDryRun() {
        return dryRun;
    }
}
