package dev.trimtab.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * When a schedule wants its services up. The phase follows from the moment alone.
 *
 * <p>A window of a day lasts from the first instant at which the local clock shows its start, or has passed it, to the
 * same of its end. So each window exists once, also in a night that has an hour twice or leaves one out. A holiday is
 * Down from the start of its day to the start of the next. The warm-up comes before what then is left of a window.
 */
public final class UpTime {
    /** How far to look for the next change, and for the last one, in days. */
    private static final int HORIZON = 400;

    /** A window of a day ends before the second day after it starts. The third is for clocks that go back over midnight. */
    private static final int LONGEST_WINDOW = 3;

    private final LocalClock clock;
    private final List<Window> windows;
    private final Holidays holidays;
    private final Duration warmUp;

    public UpTime(ZoneId zone, List<Window> windows, Holidays holidays, Duration warmUp) {
        this.clock = LocalClock.of(zone);
        this.windows = List.copyOf(windows);
        this.holidays = holidays;
        this.warmUp = warmUp;
    }

    public Holidays holidays() {
        return holidays;
    }

    public Phase at(Instant moment) {
        LocalDate last = lastDayFor(moment);
        for (LocalDate day = firstDayFor(moment); !day.isAfter(last); day = day.plusDays(1)) {
            for (Window window : windows) {
                if (isUp(day, window, moment)) {
                    return Phase.UP;
                }
            }
        }
        return Phase.DOWN;
    }

    private boolean isUp(LocalDate day, Window window, Instant moment) {
        return window.days().contains(day.getDayOfWeek())
                && warm(whole(day, window)).contains(moment)
                && withoutHolidays(day, window).anyMatch(it -> warm(it).contains(moment));
    }

    /** When the phase of this moment began. Empty if more than about 400 days ago. */
    public Optional<Instant> since(Instant moment) {
        return at(moment) == Phase.UP ? upSince(moment) : downSince(moment);
    }

    /** The next change of phase, after the moment. Empty if there is none in about 400 days. */
    public Optional<Instant> next(Instant moment) {
        return at(moment) == Phase.UP ? nextDown(moment) : nextUp(moment);
    }

    /** The changes of phase from {@code from} on, until before {@code to}. */
    public List<Transition> between(Instant from, Instant to) {
        List<Transition> found = new ArrayList<>();
        Optional<Instant> at = next(from.minusNanos(1));
        while (at.filter(it -> it.isBefore(to)).isPresent()) {
            Transition change = period(at.get());
            found.add(change);
            at = change.until();
        }
        return found;
    }

    /** The period of a moment, from the moment on: as if the phase began there. */
    public Transition period(Instant moment) {
        Phase phase = at(moment);
        Optional<Instant> until = next(moment);
        Instant end = until.orElseGet(() -> moment.plus(Duration.ofDays(HORIZON)));
        SortedMap<LocalDate, String> free = phase == Phase.UP ? new TreeMap<>() : holidaysIn(moment, end);
        return new Transition(moment, phase, until, clock.changes(moment.minusNanos(1), end), free);
    }

    private SortedMap<LocalDate, String> holidaysIn(Instant from, Instant to) {
        LocalDate first = clock.date(from);
        return holidays.between(first, clock.date(to.minusNanos(1)).plusDays(1));
    }

    private Optional<Instant> upSince(Instant moment) {
        Instant begin = moment;
        LocalDate first = clock.date(moment).minusDays(HORIZON);
        for (LocalDate day = lastDayFor(moment); !day.isBefore(first); day = day.minusDays(1)) {
            if (clock.startOf(day.plusDays(LONGEST_WINDOW)).isBefore(begin)) {
                return Optional.of(begin);
            }
            List<Interval> latestFirst = intervals(day);
            Collections.reverse(latestFirst);
            for (Interval it : latestFirst) {
                if (it.start().isBefore(begin) && !it.end().isBefore(begin)) {
                    begin = it.start();
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Instant> downSince(Instant moment) {
        Optional<Instant> end = Optional.empty();
        LocalDate first = clock.date(moment).minusDays(HORIZON);
        for (LocalDate day = lastDayFor(moment); !day.isBefore(first); day = day.minusDays(1)) {
            Instant latest = clock.startOf(day.plusDays(LONGEST_WINDOW));
            if (end.filter(latest::isBefore).isPresent()) {
                return end;
            }
            end = Stream.concat(
                            end.stream(),
                            intervals(day).stream().map(Interval::end).filter(it -> !it.isAfter(moment)))
                    .max(Comparator.naturalOrder());
        }
        return end;
    }

    private Optional<Instant> nextDown(Instant moment) {
        Instant end = moment;
        LocalDate last = clock.date(moment).plusDays(HORIZON);
        for (LocalDate day = firstDayFor(moment); !day.isAfter(last); day = day.plusDays(1)) {
            if (clock.startOf(day).minus(warmUp).isAfter(end)) {
                return Optional.of(end);
            }
            for (Interval it : intervals(day)) {
                if (!it.start().isAfter(end) && it.end().isAfter(end)) {
                    end = it.end();
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Instant> nextUp(Instant moment) {
        LocalDate last = clock.date(moment).plusDays(HORIZON);
        for (LocalDate day = firstDayFor(moment); !day.isAfter(last); day = day.plusDays(1)) {
            Optional<Instant> start = intervals(day).stream()
                    .map(Interval::start)
                    .filter(moment::isBefore)
                    .findFirst();
            if (start.isPresent()) {
                return start;
            }
        }
        return Optional.empty();
    }

    /** The first day whose windows can contain the moment. */
    private LocalDate firstDayFor(Instant moment) {
        return clock.date(moment).minusDays(LONGEST_WINDOW - 1);
    }

    /** The last day whose windows can contain the moment, or whose warm-up can. */
    private LocalDate lastDayFor(Instant moment) {
        return clock.date(moment).plusDays(warmUp.toDays() + 2);
    }

    /** What begins on this day, warm-up included, by start. All of it starts before what begins on the next day. */
    private List<Interval> intervals(LocalDate day) {
        List<Interval> found = new ArrayList<>();
        for (Window window : windows) {
            if (window.days().contains(day.getDayOfWeek())) {
                withoutHolidays(day, window)
                        .forEach(it -> found.add(new Interval(it.start().minus(warmUp), it.end())));
            }
        }
        found.sort(Comparator.comparing(Interval::start));
        return found;
    }

    private Interval warm(Interval interval) {
        return new Interval(interval.start().minus(warmUp), interval.end());
    }

    private Interval whole(LocalDate day, Window window) {
        LocalDate lastDay = window.isOverMidnight() ? day.plusDays(1) : day;
        return new Interval(clock.reaches(day.atTime(window.from())), clock.reaches(lastDay.atTime(window.to())));
    }

    private Stream<Interval> withoutHolidays(LocalDate day, Window window) {
        Interval whole = whole(day, window);
        Instant midnight = clock.startOf(day.plusDays(1));
        return Stream.concat(
                holidays.includes(day) ? Stream.empty() : whole.before(midnight),
                holidays.includes(day.plusDays(1)) ? Stream.empty() : whole.from(midnight));
    }
}
