package dev.trimtab.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/** The clock on the wall in a time zone. */
record LocalClock(ZoneRules rules) {
    static LocalClock of(ZoneId zone) {
        return new LocalClock(zone.getRules());
    }

    /**
     * The first instant at which the clock shows this time or a later one. If the clock leaves the time out, that is the
     * change of the clock. If the clock shows the time twice, that is the first of the two.
     */
    Instant reaches(LocalDateTime time) {
        ZoneOffsetTransition change = rules.getTransition(time);
        if (change == null) {
            return time.toInstant(rules.getOffset(time));
        }
        return change.isGap() ? change.getInstant() : time.toInstant(change.getOffsetBefore());
    }

    Instant startOf(LocalDate day) {
        return reaches(day.atStartOfDay());
    }

    LocalDate date(Instant moment) {
        return LocalDate.ofInstant(moment, rules.getOffset(moment));
    }

    /** After {@code from}, until before {@code to}. */
    List<ClockChange> changes(Instant from, Instant to) {
        List<ClockChange> found = new ArrayList<>();
        ZoneOffsetTransition change = rules.nextTransition(from);
        while (change != null && change.getInstant().isBefore(to)) {
            found.add(new ClockChange(change.getInstant(), change.getDuration()));
            change = rules.nextTransition(change.getInstant());
        }
        return found;
    }
}
