package dev.trimtab.cli.stop;

import dev.trimtab.cli.LiveCluster;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.Version;
import dev.trimtab.kube.ApiProblem;
import dev.trimtab.lifecycle.Times;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code trimtab keep}: a person's word on services, which wins over their schedule. */
@Command(
        name = "keep",
        mixinStandardHelpOptions = true,
        description = "Keeps services up or down for a time, whatever their schedule says.",
        sortOptions = false,
        customSynopsis = {
            "trimtab keep (NAME... | -l LABELS | --all) (up | down | off)%n"
                    + "                    [--for DURATION | --until TIME] [-n NAMESPACE]%n"
                    + "                    [--kind KIND] [--dry-run]%n"
                    + "                    [--kubeconfig FILE] [--context NAME]"
        },
        parameterListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "The last argument says what to do. up: starts a service that is stopped, and",
            "keeps it up. down: the service's schedule stops it, and starts it again when the",
            "time is over. off: the schedule alone decides again. Sets annotations",
            "trimtab.dev/keep and trimtab.dev/keep-until, which start no new pods. Without",
            "--for or --until, a keep has no end.",
            "Exit codes: 0; 2 if a service cannot be kept, with one line on standard error.",
            "",
            "Examples:",
            "  trimtab keep llama up --for 2h -n ml",
            "  trimtab keep -l team=search down --until 2027-01-07T08:00:00+01:00",
            "  trimtab keep llama off"
        })
public final class KeepCommand implements Callable<Integer> {
    @Mixin
    private ServiceOptions options;

    @Option(names = "--for", paramLabel = "DURATION", description = "For how long, such as 90m or 2h.")
    private Duration length;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "Until when, such as 2026-12-24T18:00:00+01:00 (RFC 3339).")
    private String end;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws BadInput, ApiProblem {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Instant now = Instant.now();
        String word = word();
        Optional<String> until = until(now);
        if (word.equals("off") && until.isPresent()) {
            throw misuse("off takes neither --for nor --until");
        }
        try (LiveCluster cluster = options.open(spec.commandLine())) {
            SchedulesInForce schedules = new SchedulesInForce(cluster);
            return new ServiceRun(cluster, options, out, err)
                    .run(
                            switch (word) {
                                case "up" -> new KeepTask.Up(schedules, until);
                                case "down" -> new KeepTask.Down(schedules, until);
                                default -> new KeepTask.Off();
                            });
        }
    }

    private String word() {
        Optional<String> last = options.takeLastArgument();
        String word = last.orElse("").toLowerCase(Locale.ROOT);
        if (!List.of("up", "down", "off").contains(word)) {
            throw misuse("the last argument %s: say up, down or off, such as trimtab keep llama up"
                    .formatted(last.map(it -> "is '" + it + "'").orElse("is missing")));
        }
        return word;
    }

    /** As it stands in the annotation. */
    private Optional<String> until(Instant now) throws BadInput {
        if (length != null && end != null) {
            throw misuse("either --for or --until");
        }
        if (length != null && length.isZero()) {
            throw misuse("--for 0s ends at once");
        }
        if (length != null) {
            return Optional.of(now.plus(length).truncatedTo(ChronoUnit.SECONDS).toString());
        }
        if (end == null) {
            return Optional.empty();
        }
        Instant until = Times.parse(end)
                .orElseThrow(() -> new BadInput(List.of(
                        "--until '%s' is not a time like 2026-12-24T18:00:00+01:00 (RFC 3339)".formatted(end))));
        if (!until.isAfter(now)) {
            throw new BadInput(
                    List.of("--until %s is past: it is %s".formatted(end, now.truncatedTo(ChronoUnit.SECONDS))));
        }
        return Optional.of(end);
    }

    private ParameterException misuse(String problem) {
        return new ParameterException(spec.commandLine(), problem);
    }
}
