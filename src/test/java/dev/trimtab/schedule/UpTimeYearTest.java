package dev.trimtab.schedule;

import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.schedule.MinuteWalk.Change;
import dev.trimtab.schedule.MinuteWalk.Span;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each minute of 2026, in zones whose clocks go forward and back in spring and autumn, by an hour and half an hour. */
class UpTimeYearTest {
    private static final List<String> ZONES =
            List.of("Europe/Berlin", "America/New_York", "Asia/Shanghai", "Asia/Kathmandu", "Australia/Lord_Howe");

    private static final int YEAR = (int) Duration.ofDays(365).toMinutes();

    private static final Set<DayOfWeek> WORK = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
    private static final Set<DayOfWeek> ALL = EnumSet.allOf(DayOfWeek.class);
    private static final Set<DayOfWeek> OVER_THE_WEEKEND =
            EnumSet.of(DayOfWeek.FRIDAY, DayOfWeek.SATURDAY, DayOfWeek.SUNDAY, DayOfWeek.MONDAY);

    /** @param warmUp in minutes */
    private record Case(String name, List<Span> spans, Set<LocalDate> holidays, int warmUp) {}

    private static final List<Case> CASES = List.of(
            new Case("office hours", List.of(span(WORK, "08:00", "20:00")), Set.of(), 0),
            new Case(
                    "a break at noon, warm-up",
                    List.of(span(WORK, "08:00", "12:00"), span(WORK, "13:00", "18:00")),
                    Set.of(),
                    10),
            new Case("nights", List.of(span(ALL, "20:00", "06:00")), days(), 0),
            new Case("in the hour that the clock leaves out", List.of(span(ALL, "02:30", "02:45")), days(), 5),
            new Case("from and to within the night", List.of(span(ALL, "01:30", "02:30")), Set.of(), 0),
            new Case(
                    "abutting in the night",
                    List.of(span(ALL, "01:00", "02:15"), span(ALL, "02:15", "03:00"), span(ALL, "03:00", "03:30")),
                    days(),
                    0),
            new Case("whole days over the weekend", List.of(span(OVER_THE_WEEKEND, "00:00", "00:00")), days(), 30),
            new Case("always, but for holidays", List.of(span(ALL, "00:00", "00:00")), days(), 1440),
            new Case(
                    "a day from morning to morning, and a part of it",
                    List.of(span(Set.of(DayOfWeek.SATURDAY), "09:00", "09:00"), span(ALL, "10:00", "11:00")),
                    days(),
                    1439));

    /** Each case in each zone; in a quick run, in one of them. */
    static Stream<Arguments> all() {
        List<Arguments> all = new ArrayList<>();
        for (int i = 0; i < CASES.size(); i++) {
            Case it = CASES.get(i);
            for (int zone = i % Math.min(SHARE, ZONES.size()); zone < ZONES.size(); zone += SHARE) {
                all.add(Arguments.of(ZONES.get(zone), it.name(), it));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("all")
    void asTheClockOnTheWall(String zone, String name, Case given) {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        MinuteWalk walk = new MinuteWalk(ZoneId.of(zone), given.spans(), given.holidays(), given.warmUp(), start, YEAR);
        UpTime upTime = new UpTime(
                ZoneId.of(zone),
                given.spans().stream().map(Span::window).toList(),
                Holidays.of(given.holidays(), List.of()),
                Duration.ofMinutes(given.warmUp()));

        // In a quick run the step has no part in common with an hour: each minute of the hour comes up.
        for (int i = 0; i < YEAR; i += 4 * SHARE - 3) {
            if (upTime.at(walk.minute(i)) != walk.at(i)) {
                assertThat(upTime.at(walk.minute(i)))
                        .as("%s, %s, at %s", zone, name, walk.minute(i).atZone(ZoneId.of(zone)))
                        .isEqualTo(walk.at(i));
            }
        }
        List<Change> changes = walk.changes();
        assertThat(upTime.between(start.plusSeconds(60), walk.minute(YEAR)).stream()
                        .map(it -> new Change(it.at(), it.phase())))
                .containsExactlyElementsOf(changes);
        for (int i = 1; i < changes.size(); i++) {
            around(upTime, changes.get(i - 1), changes.get(i));
        }
    }

    private static void around(UpTime upTime, Change before, Change change) {
        Instant last = change.at().minusNanos(1);
        for (Instant moment : List.of(before.at(), before.at().plusSeconds(59), last)) {
            assertThat(upTime.at(moment)).isEqualTo(before.phase());
            assertThat(upTime.since(moment)).as("since, at %s", moment).isEqualTo(Optional.of(before.at()));
            assertThat(upTime.next(moment)).as("next, at %s", moment).isEqualTo(Optional.of(change.at()));
        }
    }

    private static Span span(Set<DayOfWeek> days, String from, String to) {
        return new Span(days, LocalTime.parse(from), LocalTime.parse(to));
    }

    /** Alone, in a row, at the ends of the year, and where clocks change. */
    private static Set<LocalDate> days() {
        Set<LocalDate> days = new TreeSet<>();
        Stream.of(
                        "2026-01-01",
                        "2026-03-08",
                        "2026-03-29",
                        "2026-04-05",
                        "2026-05-01",
                        "2026-10-01",
                        "2026-10-02",
                        "2026-10-03",
                        "2026-10-04",
                        "2026-10-25",
                        "2026-11-01",
                        "2026-12-25",
                        "2026-12-26")
                .map(LocalDate::parse)
                .forEach(days::add);
        return days;
    }
}
