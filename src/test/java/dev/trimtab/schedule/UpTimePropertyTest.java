package dev.trimtab.schedule;

import static dev.trimtab.Seeds.SEED;
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
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any windows, holidays and warm-up, in the weeks in which clocks do what they can do. */
class UpTimePropertyTest {
    /** @param change a day within a week of which the clock changes */
    private record Place(String zone, String change) {}

    private static final List<Place> PLACES = List.of(
            new Place("Europe/Berlin", "2026-03-29"),
            new Place("Europe/Berlin", "2026-10-25"),
            new Place("America/New_York", "2026-03-08"),
            new Place("America/New_York", "2026-11-01"),
            new Place("Australia/Lord_Howe", "2026-04-05"),
            new Place("Australia/Lord_Howe", "2026-10-04"),
            new Place("America/Havana", "2026-03-08"),
            new Place("America/Havana", "2026-11-01"),
            new Place("Asia/Beirut", "2026-03-29"),
            new Place("Africa/Cairo", "2026-10-29"),
            new Place("Antarctica/Troll", "2026-03-29"),
            // Two changes within weeks; a minute after midnight back to the day before; a day that never was.
            new Place("Africa/Casablanca", "2026-02-15"),
            new Place("America/St_Johns", "2010-11-07"),
            new Place("Pacific/Apia", "2011-12-30"),
            new Place("Asia/Pyongyang", "2018-05-04"),
            new Place("Asia/Kathmandu", "2026-06-01"));

    @Property(tries = 2000 / SHARE, seed = SEED)
    void asTheClockOnTheWall(@ForAll long seed) {
        Random chance = new Random(seed);
        Place place = PLACES.get(chance.nextInt(PLACES.size()));
        LocalDate middle = LocalDate.parse(place.change());
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i <= chance.nextInt(4); i++) {
            spans.add(new Span(days(chance), time(chance), time(chance)));
        }
        Set<LocalDate> holidays = new TreeSet<>();
        for (int i = chance.nextInt(4); i > 0; i--) {
            holidays.add(middle.plusDays(chance.nextInt(12) - 6L));
        }
        int warmUp = chance.nextBoolean() ? 0 : chance.nextInt(chance.nextBoolean() ? 60 : 1441);
        Instant start = middle.minusDays(9).atStartOfDay(ZoneId.of("UTC")).toInstant();
        ZoneId zone = ZoneId.of(place.zone());
        MinuteWalk walk = new MinuteWalk(
                zone, spans, holidays, warmUp, start, (int) Duration.ofDays(18).toMinutes());
        UpTime upTime = new UpTime(
                zone,
                spans.stream().map(Span::window).toList(),
                Holidays.of(holidays, List.of()),
                Duration.ofMinutes(warmUp));
        String given = "%s %s holidays %s warm-up %d".formatted(place, spans, holidays, warmUp);

        List<Change> changes = walk.changes();
        assertThat(upTime.between(walk.minute(1), walk.minute(walk.minutes())).stream()
                        .map(it -> new Change(it.at(), it.phase())))
                .as(given)
                .containsExactlyElementsOf(changes);
        for (int i = 0; i < 300; i++) {
            check(upTime, walk, changes, chance.nextInt(walk.minutes()), given);
        }
    }

    private static void check(UpTime upTime, MinuteWalk walk, List<Change> changes, int minute, String given) {
        Instant moment = walk.minute(minute);
        assertThat(upTime.at(moment)).as("%s, at %s", given, moment).isEqualTo(walk.at(minute));
        Optional<Instant> last = changes.stream()
                .map(Change::at)
                .filter(it -> !it.isAfter(moment))
                .reduce((first, second) -> second);
        last.ifPresent(it -> assertThat(upTime.since(moment))
                .as("%s, since, at %s", given, moment)
                .contains(it));
        Optional<Instant> next =
                changes.stream().map(Change::at).filter(moment::isBefore).findFirst();
        next.ifPresent(it -> assertThat(upTime.next(moment))
                .as("%s, next, at %s", given, moment)
                .contains(it));
    }

    private static Set<DayOfWeek> days(Random chance) {
        Set<DayOfWeek> days = EnumSet.of(DayOfWeek.of(1 + chance.nextInt(7)));
        for (DayOfWeek day : DayOfWeek.values()) {
            if (chance.nextInt(3) > 0) {
                days.add(day);
            }
        }
        return days;
    }

    /** Often in the night, where clocks change. */
    private static LocalTime time(Random chance) {
        int hours = chance.nextBoolean() ? 5 : 24;
        int minute = chance.nextBoolean() ? 30 * chance.nextInt(2) : chance.nextInt(60);
        return LocalTime.of(chance.nextInt(hours), minute);
    }
}
