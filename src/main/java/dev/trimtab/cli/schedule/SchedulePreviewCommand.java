package dev.trimtab.cli.schedule;

import dev.trimtab.cli.manifests.InputLog;
import dev.trimtab.cli.manifests.ManifestFiles;
import dev.trimtab.cli.print.BadInput;
import dev.trimtab.cli.print.JsonText;
import dev.trimtab.cli.print.Paint;
import dev.trimtab.cli.print.Paint.Terminal;
import dev.trimtab.cli.print.Version;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code trimtab schedule preview}: when services will be up and down, without a cluster. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        description = "Shows when a ServingSchedule will start and stop its services.",
        sortOptions = false,
        customSynopsis = "trimtab schedule preview -f FILE... [--from TIME] [--days DAYS]%n"
                + "                                [-o FORMAT] [--calendar FILE]",
        optionListHeading = "%n",
        versionProvider = Version.class,
        footer = {
            "",
            "Reads no cluster. Prints the changes of phase, with holidays and changes of the",
            "clock in the periods that they make longer or shorter, and the first week as a",
            "picture. Other kinds in the files are left out.",
            "Exit codes: 0; 2 if a schedule is invalid or cannot be read, with one line per",
            "problem on standard error. All other schedules are still printed.",
            "",
            "Examples:",
            "  trimtab schedule preview -f schedule.yaml",
            "  trimtab schedule preview -f schedule.yaml --from 2026-12-21 --calendar de.ics",
            "  kubectl get servingschedules -o yaml | trimtab schedule preview -f - -o json"
        })
public final class SchedulePreviewCommand implements Callable<Integer> {
    private static final int LONGEST = 400;

    enum Format {
        TABLE,
        JSON
    }

    @Option(
            names = {"-f", "--filename"},
            arity = "1..*",
            required = true,
            paramLabel = "FILE",
            description = "Manifests with ServingSchedules: files, folders (all .yaml, .yml and .json files below them "
                    + "that are not hidden), or - for standard input.")
    private List<String> files = List.of();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "First moment: a day in the schedule's time zone, such as 2026-12-21, or a time of RFC 3339. "
                    + "Default: now.")
    private String from;

    @Option(
            names = "--days",
            defaultValue = "14",
            paramLabel = "DAYS",
            description = "How many days to show, at most 400. Default: ${DEFAULT-VALUE}.")
    private int days;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            paramLabel = "FORMAT",
            description = "table or json. Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Option(
            names = "--calendar",
            paramLabel = "FILE",
            description = "File in iCalendar format, in the place of the ConfigMap trimtab-holidays. "
                    + "Default: that ConfigMap, if the manifests have it.")
    private Path calendar;

    @Spec
    private CommandSpec spec;

    private final InputStream in;
    private final Clock clock;

    SchedulePreviewCommand(InputStream in, Clock clock) {
        this.in = in;
        this.clock = clock;
    }

    @Override
    public Integer call() throws BadInput {
        if (days < 1 || days > LONGEST) {
            throw new ParameterException(spec.commandLine(), "--days: write 1 to " + LONGEST);
        }
        FirstMoment first = FirstMoment.parse(from, clock.instant())
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--from: '%s' is neither a day such as 2026-12-21 nor a time such as 2026-12-21T08:00:00Z"
                                .formatted(from)));
        InputLog log = new InputLog();
        ScheduleFiles schedules = new ScheduleFiles(log);
        new ManifestFiles(in, log, schedules).read(files);
        log.requireDocuments(files, List.of());
        schedules.requireAny(files);
        List<SchedulePreview> previews = schedules.previews(CalendarFile.read(calendar, log), first, days);
        if (format == Format.JSON) {
            spec.commandLine().getOut().println(JsonText.text(PreviewJson.of(previews)));
        } else {
            table(previews);
        }
        return log.end(spec.commandLine().getErr(), 0);
    }

    private void table(List<SchedulePreview> previews) {
        PrintWriter out = spec.commandLine().getOut();
        OptionalInt width = Terminal.width();
        WeekPicture picture = new WeekPicture(Paint.forStandardOutput(), WeekPicture.Glyphs.forStandardOutput());
        for (int i = 0; i < previews.size(); i++) {
            if (i > 0) {
                out.println();
            }
            new PreviewTable(previews.get(i)).print(width, out);
            out.println();
            picture.print(previews.get(i), out);
        }
    }
}
