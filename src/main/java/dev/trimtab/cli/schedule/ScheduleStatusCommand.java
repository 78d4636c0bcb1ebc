package dev.trimtab.cli.schedule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.cli.ListingOptions;
import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Version;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.manifest.ResourceKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code trimtab schedule status}: what the controller says of each schedule. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Lists schedules: their phase, the next one, their services, the GPUs released.",
        sortOptions = false,
        customSynopsis = {
            "trimtab schedule status [NAME] [-n NAMESPACE | -A] [-o FORMAT]%n"
                    + "                               [--kubeconfig FILE] [--context NAME]"
        },
        parameterListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "RELEASED is the number of GPUs that are free now because the schedule stopped",
            "services, GPU-HOURS how long GPUs were free so far. Below: services on their way",
            "up. trimtab status lists the stopped services.",
            "Exit codes: 0, also if there is no schedule; 2 if the cluster cannot be read or",
            "has no schedule NAME, with one line on standard error."
        })
public final class ScheduleStatusCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Name of a schedule. Default: all.")
    private String name;

    @Mixin
    private ListingOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ApiProblem {
        options.check(spec.commandLine());
        try (LiveCluster cluster = options.open()) {
            Optional<String> namespace = options.namespace(cluster);
            String where = namespace.map(it -> "in namespace " + it).orElse("in any namespace");
            List<ScheduleRow> rows = rows(cluster, namespace);
            if (name != null && rows.isEmpty()) {
                throw new BadInput(List.of("no schedule %s %s".formatted(name, where)));
            }
            ScheduleTable printed = new ScheduleTable(spec.commandLine().getOut(), rows);
            if (options.isJson()) {
                printed.json();
            } else {
                printed.table(where, options.width());
            }
            return 0;
        }
    }

    private List<ScheduleRow> rows(LiveCluster cluster, Optional<String> namespace) throws BadInput, ApiProblem {
        ResourceKind kind = ResourceKind.SERVING_SCHEDULE;
        JsonNode list = cluster.get(
                kind.plural(), "/apis/" + kind.apiVersion() + LiveCluster.in(namespace) + "/" + kind.plural());
        if (list.isMissingNode()) {
            throw new BadInput(
                    List.of("the cluster knows no ServingSchedule: Trimtab is not installed there, or too old"));
        }
        List<ScheduleRow> rows = new ArrayList<>();
        list.path("items").forEach(it -> rows.add(new ScheduleRow(it)));
        rows.removeIf(it -> name != null && !it.name().equals(name));
        rows.sort(Comparator.comparing(ScheduleRow::namespace).thenComparing(ScheduleRow::name));
        return rows;
    }
}
