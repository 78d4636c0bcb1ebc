package dev.trimtab.schedule;

import static dev.trimtab.Seeds.SEED;
import static dev.trimtab.Seeds.SHARE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a ConfigMap holds: days, or a problem on one line. */
class HolidaysPropertyTest {
    private static final List<String> LINES =
            HolidaysTest.calendar("""
                    UID:a
                    DTSTART;VALUE=DATE:20260704
                    DTEND;VALUE=DATE:20260706
                    RRULE:FREQ=YEARLY;BYMONTH=7;BYDAY=1MO,-1FR;BYSETPOS=1;COUNT=5
                    EXDATE;VALUE=DATE:20270704
                    RDATE;VALUE=DATE:20260801,20260901
                    SUMMARY:Summer\\, and more
                    """, """
                    UID:a
                    RECURRENCE-ID;VALUE=DATE:20280704
                    DTSTART;VALUE=DATE:20280705
                    DURATION:P2D
                    STATUS:CONFIRMED
                    """).lines().toList();

    private static final List<String> PIECES = List.of(
            ":",
            ";",
            "=",
            ",",
            "-",
            "99999999999",
            "0",
            "20260230",
            "P",
            "T",
            "\\",
            "\"",
            "\u0000",
            "é",
            " ",
            "\r\n",
            "FREQ=DAILY",
            "INTERVAL=3",
            "UNTIL=",
            "BYDAY=",
            "-400",
            "BYWEEKNO=",
            "BEGIN:VEVENT",
            "END:VEVENT",
            "VALUE=DATE-TIME",
            "TZID=Nowhere");

    @Property(tries = 3000 / SHARE, seed = SEED)
    void readsOrRefuses(@ForAll long seed) {
        Random chance = new Random(seed);
        List<String> lines = new ArrayList<>(LINES);
        for (int i = chance.nextInt(4); i >= 0; i--) {
            int at = 1 + chance.nextInt(lines.size() - 2);
            String line = lines.get(at);
            int from = chance.nextInt(line.length() + 1);
            switch (chance.nextInt(4)) {
                case 0 -> lines.remove(at);
                case 1 -> lines.add(at, lines.get(chance.nextInt(lines.size())));
                case 2 -> lines.set(at, line.substring(0, from));
                default ->
                    lines.set(
                            at,
                            line.substring(0, from) + PIECES.get(chance.nextInt(PIECES.size())) + line.substring(from));
            }
        }
        String text = String.join("\r\n", lines);
        Holidays holidays = Holidays.of(List.of(), List.of(text));
        assertThat(holidays.problems()).as(text).hasSizeLessThanOrEqualTo(1).allSatisfy(it -> assertThat(it)
                .doesNotContain("\n")
                .hasSizeLessThan(400));
        assertThat(holidays.problems().isEmpty()
                        || holidays.between(LocalDate.MIN, LocalDate.MAX).isEmpty())
                .isTrue();
    }
}
