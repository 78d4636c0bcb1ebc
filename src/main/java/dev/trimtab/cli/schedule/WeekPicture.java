package dev.trimtab.cli.schedule;

import dev.trimtab.cli.print.Paint;
import dev.trimtab.cli.print.Paint.Terminal;
import dev.trimtab.schedule.Phase;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A week: one line per day, one character per half an hour. */
record WeekPicture(Paint paint, Glyphs glyphs) {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE MM-dd", Locale.ROOT);
    private static final int LABEL = 10;
    private static final int SLOT = 30;
    private static final int DAYS = 7;

    enum Glyphs {
        ASCII('#', '.', '+'),
        BLOCKS('█', '·', '▒');

        private final char up;
        private final char down;
        private final char change;

        Glyphs(char up, char down, char change) {
            this.up = up;
            this.down = down;
            this.change = change;
        }

        /** Blocks on a terminal whose locale has UTF-8. */
        static Glyphs forStandardOutput() {
            String locale = Stream.of("LC_ALL", "LC_CTYPE", "LANG")
                    .map(it -> System.getenv().getOrDefault(it, ""))
                    .filter(it -> !it.isEmpty())
                    .findFirst()
                    .orElse("")
                    .toUpperCase(Locale.ROOT);
            return Terminal.isThere() && (locale.contains("UTF-8") || locale.contains("UTF8")) ? BLOCKS : ASCII;
        }
    }

    void print(SchedulePreview preview, PrintWriter out) {
        StringBuilder hours = new StringBuilder(" ".repeat(LABEL));
        for (int hour = 0; hour <= 24; hour += 3) {
            hours.append("%-6d".formatted(hour));
        }
        out.println(hours.toString().stripTrailing());
        LocalDate first = preview.local(preview.from()).toLocalDate();
        LocalDate end = preview.local(preview.to().minusNanos(1)).toLocalDate().plusDays(1);
        for (int i = 0; i < DAYS && first.plusDays(i).isBefore(end); i++) {
            out.println(line(preview, first.plusDays(i)));
        }
        out.println(
                " ".repeat(LABEL) + "%c up   %c down   %c changes".formatted(glyphs.up, glyphs.down, glyphs.change));
    }

    private String line(SchedulePreview preview, LocalDate day) {
        StringBuilder slots = new StringBuilder();
        for (int slot = 0; slot < Duration.ofDays(1).toMinutes() / SLOT; slot++) {
            slots.append(slot(preview, day.atStartOfDay().plusMinutes((long) slot * SLOT)));
        }
        List<String> marks = new ArrayList<>();
        if (preview.upTime().holidays().includes(day)) {
            marks.add("holiday");
        }
        changes(preview, day)
                .forEach(it -> marks.add("clock %s%s"
                        .formatted(
                                it.isNegative() ? "-" : "+",
                                SchedulePreview.length(it.abs()).replace(" ", ""))));
        String painted = Pattern.compile(Pattern.quote(String.valueOf(glyphs.up)) + "+")
                .matcher(slots)
                .replaceAll(it -> Matcher.quoteReplacement(paint.green(it.group())));
        return ("%-" + LABEL + "s%s  %s")
                .formatted(DAY.format(day), painted, String.join(", ", marks))
                .stripTrailing();
    }

    private char slot(SchedulePreview preview, LocalDateTime begin) {
        Set<Phase> phases = EnumSet.noneOf(Phase.class);
        for (int minute = 0; minute < SLOT; minute++) {
            LocalDateTime local = begin.plusMinutes(minute);
            // None if the clock leaves the time out, two if it shows the time twice.
            for (ZoneOffset offset : preview.zone().getRules().getValidOffsets(local)) {
                phases.add(preview.upTime().at(local.toInstant(offset)));
            }
        }
        if (phases.isEmpty()) {
            return ' ';
        }
        return phases.size() > 1 ? glyphs.change : phases.contains(Phase.UP) ? glyphs.up : glyphs.down;
    }

    private static List<Duration> changes(SchedulePreview preview, LocalDate day) {
        ZoneOffsetTransition change = preview.zone()
                .getRules()
                .nextTransition(day.atStartOfDay(preview.zone()).toInstant().minusNanos(1));
        return change != null && change.getDateTimeBefore().toLocalDate().equals(day)
                ? List.of(change.getDuration())
                : List.of();
    }
}
