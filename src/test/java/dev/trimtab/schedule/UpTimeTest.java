package dev.trimtab.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UpTimeTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant ADVENT = Instant.parse("2026-12-01T00:00:00Z");

    @Test
    @DisplayName("always up: nothing is next, and nothing was before")
    void always() throws WindowSyntaxException {
        UpTime always = upTime("24/7", 0);
        assertThat(always.at(ADVENT)).isEqualTo(Phase.UP);
        assertThat(always.next(ADVENT)).isEmpty();
        assertThat(always.since(ADVENT)).isEmpty();
        assertThat(always.between(ADVENT, ADVENT.plus(Duration.ofDays(900)))).isEmpty();
        assertThat(always.period(ADVENT).clockChanges()).hasSize(2);
    }

    @Test
    @DisplayName("a holiday each day: down, and nothing is next")
    void never() throws WindowSyntaxException {
        List<LocalDate> days = new ArrayList<>();
        for (LocalDate day = LocalDate.of(2025, 1, 1); day.getYear() < 2029; day = day.plusDays(1)) {
            days.add(day);
        }
        UpTime never = upTime("Mon-Fri 08:00-20:00", 10, days.toArray(LocalDate[]::new));
        assertThat(never.at(ADVENT)).isEqualTo(Phase.DOWN);
        assertThat(never.next(ADVENT)).isEmpty();
        assertThat(never.since(ADVENT)).isEmpty();
    }

    @Test
    @DisplayName("a change at the first instant counts, one at the last does not")
    void ends() throws WindowSyntaxException {
        Instant eight = Instant.parse("2026-12-01T07:00:00Z");
        Instant twenty = Instant.parse("2026-12-01T19:00:00Z");
        UpTime office = upTime("Mon-Fri 08:00-20:00", 0);
        assertThat(office.between(eight, twenty)).extracting(Transition::at).containsExactly(eight);
        assertThat(office.between(eight.plusNanos(1), twenty.plusNanos(1)))
                .extracting(Transition::at)
                .containsExactly(twenty);
        assertThat(office.since(eight)).contains(eight);
        assertThat(office.next(eight)).contains(twenty);
    }

    @Test
    @DisplayName("a night window ends at the midnight before a holiday; one that begins on it begins at the next")
    void nightAndHoliday() throws WindowSyntaxException {
        UpTime nights = upTime("20:00-06:00", 0, LocalDate.of(2026, 12, 25));
        assertThat(nights.between(Instant.parse("2026-12-24T12:00:00Z"), Instant.parse("2026-12-26T12:00:00Z")))
                .extracting(it -> it.at() + " " + it.phase().term())
                .containsExactly(
                        "2026-12-24T19:00:00Z Up",
                        "2026-12-24T23:00:00Z Down",
                        "2026-12-25T23:00:00Z Up",
                        "2026-12-26T05:00:00Z Down");
    }

    @Test
    @DisplayName("a period says which holidays and changes of the clock make it longer")
    void marks() throws WindowSyntaxException {
        UpTime office = upTime("Mon-Fri 08:00-20:00", 30, LocalDate.of(2026, 10, 26), LocalDate.of(2026, 10, 31));
        Transition weekend = office.between(
                        Instant.parse("2026-10-23T18:00:00Z"), Instant.parse("2026-10-24T00:00:00Z"))
                .get(0);
        assertThat(weekend.phase()).isEqualTo(Phase.DOWN);
        assertThat(weekend.until()).isEqualTo(Optional.of(Instant.parse("2026-10-27T06:30:00Z")));
        assertThat(weekend.clockChanges())
                .containsExactly(new ClockChange(Instant.parse("2026-10-25T01:00:00Z"), Duration.ofHours(-1)));
        assertThat(weekend.holidays()).containsOnlyKeys(LocalDate.of(2026, 10, 26));
        assertThat(office.period(Instant.parse("2026-10-27T12:00:00Z")).holidays())
                .isEmpty();
    }

    @Test
    @DisplayName("a hundred schedules a second cost little: a call takes microseconds")
    void quick() throws WindowSyntaxException {
        UpTime office = upTime("Mon-Fri 08:00-12:00,13:00-20:00", 10, LocalDate.of(2026, 12, 25));
        long begin = System.nanoTime();
        int up = 0;
        for (int i = 0; i < 20_000; i++) {
            up += office.at(ADVENT.plusSeconds(60L * i)) == Phase.UP ? 1 : 0;
        }
        assertThat(up).isPositive();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    }

    private static UpTime upTime(String window, int warmUp, LocalDate... holidays) throws WindowSyntaxException {
        return new UpTime(
                BERLIN, Window.parse(window), Holidays.of(List.of(holidays), List.of()), Duration.ofMinutes(warmUp));
    }
}
