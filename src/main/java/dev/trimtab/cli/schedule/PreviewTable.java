package dev.trimtab.cli.schedule;

import dev.trimtab.cli.print.Table;
import dev.trimtab.schedule.ClockChange;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.schedule.Transition;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The periods of a schedule, one line each. */
record PreviewTable(SchedulePreview preview) {
    void print(OptionalInt width, PrintWriter out) {
        ServingSchedule schedule = preview.schedule();
        String namespace = schedule.namespace().isEmpty() ? "" : " in namespace " + schedule.namespace();
        out.println("%s%s: %s to %s, %s"
                .formatted(
                        schedule.name(),
                        namespace,
                        preview.day(preview.from()),
                        preview.day(preview.to()),
                        schedule.zone().getId()));
        if (schedule.suspend()) {
            out.println("suspend: true, so nothing is started or stopped");
        } else if (schedule.dryRun()) {
            out.println("dryRun: true, so nothing is started or stopped");
        }
        out.println();
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("TIME", "PHASE", "FOR", "WITH"));
        preview.periods().forEach(it -> lines.add(line(it)));
        new Table(lines, List.of()).print(width, out);
    }

    private List<String> line(Transition period) {
        return List.of(
                preview.minute(period.at()),
                period.phase().term(),
                period.until()
                        .map(it -> SchedulePreview.length(Duration.between(period.at(), it)))
                        .orElse("over 400d"),
                String.join("; ", marks(period)));
    }

    private List<String> marks(Transition period) {
        List<String> marks = new ArrayList<>();
        Map<String, List<String>> byName = new LinkedHashMap<>();
        period.holidays().forEach((date, name) -> byName.computeIfAbsent(name, any -> new ArrayList<>())
                .add(SchedulePreview.day(date)));
        byName.forEach((name, days) ->
                marks.add("holiday%s (%s)".formatted(name.isEmpty() ? "" : " " + name, String.join(", ", days))));
        period.clockChanges().forEach(it -> marks.add("%s (%s)".formatted(words(it), preview.unchanged(it))));
        return marks;
    }

    private static String words(ClockChange change) {
        return "clock goes %s %s"
                .formatted(
                        change.by().isNegative() ? "back" : "forward",
                        SchedulePreview.length(change.by().abs()));
    }
}
