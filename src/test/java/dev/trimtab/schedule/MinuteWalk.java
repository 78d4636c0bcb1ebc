package dev.trimtab.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * What {@link UpTime} must say, found by someone who looks at the clock on the wall each minute, and never takes back what
 * the clock has shown.
 */
final class MinuteWalk {
    /** @param to on the next day if it is not after {@code from} */
    record Span(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
        Window window() {
            return new Window(days, from, to, "");
        }

        private boolean lastsAt(LocalDateTime clock) {
            DayOfWeek today = clock.getDayOfWeek();
            LocalTime time = clock.toLocalTime();
            boolean overnight = !to.isAfter(from);
            boolean sinceToday = days.contains(today) && !time.isBefore(from) && (overnight || time.isBefore(to));
            return sinceToday || (overnight && days.contains(today.minus(1)) && time.isBefore(to));
        }
    }

    /** A change of phase at a minute. */
    record Change(Instant at, Phase phase) {}

    private final Instant start;
    private final int minutes;
    private final BitSet up = new BitSet();

    MinuteWalk(ZoneId zone, List<Span> spans, Set<LocalDate> holidays, int warmUp, Instant start, int minutes) {
        this.start = start;
        this.minutes = minutes;
        int before = (int) Duration.ofDays(4).toMinutes();
        LocalDateTime furthest = LocalDateTime.MIN;
        BitSet inWindow = new BitSet();
        for (int i = -before; i < minutes + warmUp + 1; i++) {
            LocalDateTime wall = LocalDateTime.ofInstant(start.plus(i, ChronoUnit.MINUTES), zone);
            furthest = wall.isAfter(furthest) ? wall : furthest;
            LocalDateTime clock = furthest;
            if (i >= 0
                    && !holidays.contains(clock.toLocalDate())
                    && spans.stream().anyMatch(it -> it.lastsAt(clock))) {
                inWindow.set(i);
            }
        }
        for (int i = 0; i < minutes; i++) {
            int next = inWindow.nextSetBit(i);
            up.set(i, next >= 0 && next <= i + warmUp);
        }
    }

    Instant minute(int i) {
        return start.plus(i, ChronoUnit.MINUTES);
    }

    int minutes() {
        return minutes;
    }

    Phase at(int i) {
        return up.get(i) ? Phase.UP : Phase.DOWN;
    }

    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (int i = 1; i < minutes; i++) {
            if (up.get(i) != up.get(i - 1)) {
                changes.add(new Change(minute(i), at(i)));
            }
        }
        return changes;
    }
}
