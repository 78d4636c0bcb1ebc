package dev.trimtab.cli.schedule;

import dev.trimtab.schedule.ClockChange;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.schedule.Transition;
import dev.trimtab.schedule.UpTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** @param to the first moment that is no longer shown */
record SchedulePreview(ServingSchedule schedule, UpTime upTime, Instant from, Instant to) {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE uuuu-MM-dd", Locale.ROOT);
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("EEE uuuu-MM-dd HH:mm", Locale.ROOT);

    /** The phase at the first moment, and all changes after it. */
    List<Transition> periods() {
        List<Transition> periods = new ArrayList<>();
        periods.add(upTime.period(from));
        periods.addAll(upTime.between(from.plusNanos(1), to));
        return periods;
    }

    ZoneId zone() {
        return schedule.zone();
    }

    ZonedDateTime local(Instant moment) {
        return moment.atZone(zone());
    }

    String minute(Instant moment) {
        return MINUTE.format(local(moment)) + " " + local(moment).getOffset();
    }

    String day(Instant moment) {
        return DAY.format(local(moment));
    }

    static String day(LocalDate date) {
        return DAY.format(date);
    }

    /** The time that the clock would show if it were not changed. */
    String unchanged(ClockChange change) {
        return MINUTE.format(
                change.at().atOffset(zone().getRules().getOffset(change.at().minusNanos(1))));
    }

    /** Such as {@code 2d 13h} or {@code 45m}. */
    static String length(Duration duration) {
        List<String> parts = new ArrayList<>();
        if (duration.toDays() > 0) {
            parts.add(duration.toDays() + "d");
        }
        if (duration.toHoursPart() > 0) {
            parts.add(duration.toHoursPart() + "h");
        }
        if (duration.toMinutesPart() > 0) {
            parts.add(duration.toMinutesPart() + "m");
        }
        if (duration.toSecondsPart() > 0 || parts.isEmpty()) {
            parts.add(duration.toSecondsPart() + "s");
        }
        return String.join(" ", parts);
    }
}
