package dev.trimtab.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HolidaysTest {
    private static final String CHRISTMAS = """
            DTSTART;VALUE=DATE:20261225
            DTEND;VALUE=DATE:20261227
            SUMMARY:Christmas
            """;

    private final TimeZone zone = TimeZone.getDefault();

    @AfterEach
    void putBack() {
        TimeZone.setDefault(zone);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Asia/Shanghai"})
    @DisplayName("the days are those that are written, wherever the process runs")
    void processZone(String process) {
        TimeZone.setDefault(TimeZone.getTimeZone(process));
        assertThat(days(CHRISTMAS, 2026)).isEqualTo("2026-12-25 Christmas, 2026-12-26 Christmas");
        assertThat(days("DTSTART;VALUE=DATE:20200704\nRRULE:FREQ=YEARLY;UNTIL=20270704\nSUMMARY:4th", 2026, 2029))
                .isEqualTo("2026-07-04 4th, 2027-07-04 4th");
        assertThat(days("DTSTART;VALUE=DATE:20260101\nRDATE;VALUE=DATE:20260301,20260401", 2026))
                .isEqualTo("2026-01-01, 2026-03-01, 2026-04-01");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DTSTART;VALUE=DATE:20260501                                                       | 2026-05-01
            DTSTART:20260501                                                                  | 2026-05-01
            DTSTART;VALUE=DATE:20260501 DTEND;VALUE=DATE:20260501                             | 2026-05-01
            DTSTART;VALUE=DATE:20260501 DURATION:P2D                                          | 2026-05-01, 2026-05-02
            DTSTART;VALUE=DATE:20260501 DURATION:PT24H                                        | 2026-05-01
            DTSTART;VALUE=DATE:19701225 RRULE:FREQ=YEARLY                                     | 2026-12-25
            DTSTART;VALUE=DATE:20250526 RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO                | 2026-05-25
            DTSTART;VALUE=DATE:20240229 RRULE:FREQ=YEARLY                                     | ''
            DTSTART;VALUE=DATE:20250101 RRULE:FREQ=YEARLY;COUNT=2                             | 2026-01-01
            DTSTART;VALUE=DATE:20240101 RRULE:FREQ=YEARLY;COUNT=2                             | ''
            DTSTART;VALUE=DATE:20240101 RRULE:FREQ=YEARLY;UNTIL=20251231T235959Z              | ''
            DTSTART;VALUE=DATE:20260501 RRULE:FREQ=MONTHLY;COUNT=3 EXDATE;VALUE=DATE:20260601 | 2026-05-01, 2026-07-01
            DTSTART;VALUE=DATE:20261224 DTEND;VALUE=DATE:20261226 RRULE:FREQ=YEARLY           | 2026-12-24, 2026-12-25
            DTSTART;VALUE=DATE:20260501 STATUS:CANCELLED                                      | ''
            """)
    void events(String event, String expected) {
        assertThat(days(event.replace(' ', '\n'), 2026)).isEqualTo(expected);
    }

    @Test
    @DisplayName("an event with a time of day is no holiday, and is counted")
    void timed() {
        Holidays holidays = Holidays.of(
                List.of(LocalDate.of(2026, 12, 24)),
                List.of(calendar(CHRISTMAS, "DTSTART:20260501T090000Z", "DTSTART;TZID=Europe/Berlin:20260502T090000")));
        assertThat(holidays.problems()).isEmpty();
        assertThat(holidays.ignoredEvents()).isEqualTo(2);
        assertThat(holidays.between(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 12, 26)))
                .containsOnlyKeys(LocalDate.of(2026, 12, 24), LocalDate.of(2026, 12, 25));
        assertThat(holidays.includes(LocalDate.of(2026, 12, 26))).isTrue();
        assertThat(holidays.includes(LocalDate.of(2026, 12, 27))).isFalse();
    }

    @Test
    @DisplayName("one day of a repeated event that was moved is down on its new day")
    void moved() {
        String repeated = "UID:a\nDTSTART;VALUE=DATE:20240101\nRRULE:FREQ=YEARLY";
        String exception = "UID:a\nRECURRENCE-ID;VALUE=DATE:20260101\nDTSTART;VALUE=DATE:20260102";
        Holidays holidays = Holidays.of(List.of(), List.of(calendar(repeated, exception)));
        assertThat(holidays.between(LocalDate.of(2026, 1, 1), LocalDate.of(2027, 1, 2)))
                .containsOnlyKeys(LocalDate.of(2026, 1, 2), LocalDate.of(2027, 1, 1));
    }

    @Test
    @DisplayName("two calendars, two events on one day: both names")
    void names() {
        Holidays holidays = Holidays.of(
                List.of(LocalDate.of(2026, 12, 25)), List.of(calendar(CHRISTMAS), calendar("""
                        DTSTART;VALUE=DATE:20261225
                        SUMMARY:Company closed
                        """, CHRISTMAS)));
        assertThat(holidays.between(LocalDate.of(2026, 12, 25), LocalDate.of(2026, 12, 26)))
                .containsEntry(LocalDate.of(2026, 12, 25), "Christmas, Company closed, Christmas");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            RRULE:FREQ=HOURLY              | event "x" repeats more than once a day; write FREQ=YEARLY, MONTHLY, WEEKLY or DAILY
            RRULE:FREQ=SECONDLY            | event "x" repeats more than once a day; write FREQ=YEARLY, MONTHLY, WEEKLY or DAILY
            RRULE:FREQ=SOMETIMES           | line 8: RRULE cannot be read
            RRULE:FREQ=YEARLY;BYMONTH=13   | event "x" has an RRULE that cannot be followed
            RRULE:FREQ=YEARLY;INTERVAL=0   | event "x" has an INTERVAL outside of 1 to 1000
            RRULE:FREQ=DAILY;INTERVAL=2147483647 | event "x" has an INTERVAL outside of 1 to 1000
            EXRULE:FREQ=YEARLY             | event "x" has an EXRULE, which RFC 5545 no longer knows; write EXDATE
            DTEND;VALUE=DATE:soon          | line 8: DTEND cannot be read
            """)
    void refused(String line, String problem) {
        String text = calendar("SUMMARY:x\nDTSTART;VALUE=DATE:20260101\n" + line);
        Holidays holidays = Holidays.of(List.of(), List.of(text));
        assertThat(holidays.problems()).containsExactly(problem);
        assertThat(holidays.includes(LocalDate.of(2026, 1, 1))).isFalse();
    }

    @Test
    @DisplayName("a text that is no calendar, or a part of one, is a problem; the other calendar counts")
    void noCalendar() {
        String whole = calendar(CHRISTMAS);
        Holidays holidays = Holidays.of(
                List.of(),
                List.of(
                        "",
                        "holidays: []",
                        whole.substring(0, whole.length() / 2),
                        whole,
                        "x".repeat(1024 * 1024 + 1)));
        assertThat(holidays.problems())
                .containsExactly(
                        "is not a calendar in iCalendar format: BEGIN:VCALENDAR is not the first line",
                        "is not a calendar in iCalendar format: BEGIN:VCALENDAR is not the first line",
                        "is cut off: END:VCALENDAR is not the last line",
                        "is longer than 1 MiB");
        assertThat(holidays.includes(LocalDate.of(2026, 12, 25))).isTrue();
        assertThat(Holidays.of(List.of(), List.of(calendar("SUMMARY:x"))).problems())
                .containsExactly("event \"x\" has no DTSTART with a date");
    }

    @ParameterizedTest
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @ValueSource(
            strings = {
                "FREQ=DAILY",
                "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=WEEKLY;BYSETPOS=9;BYDAY=MO",
                "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=50",
                "FREQ=MONTHLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6",
                "FREQ=DAILY;COUNT=2147483647",
                "FREQ=YEARLY;BYDAY=53MO;BYSETPOS=-366,366",
                "FREQ=DAILY;BYSETPOS=2"
            })
    @DisplayName("a hostile calendar costs seconds, and is refused or empty")
    void hostile(String rule) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            events.add("DTSTART;VALUE=DATE:19000101\nRRULE:" + rule);
        }
        Holidays holidays = Holidays.of(List.of(), List.of(calendar(events.toArray(String[]::new))));
        assertThat(holidays.problems().size()
                        + holidays.between(LocalDate.MIN, LocalDate.MAX).size())
                .isLessThan(600);
        events.add(events.get(0));
        assertThat(Holidays.of(List.of(), List.of(calendar(events.toArray(String[]::new))))
                        .problems())
                .hasSize(1);
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @DisplayName("components in components, long events and long lists end, too")
    void bounds() {
        assertThat(problem("BEGIN:VCALENDAR\n" + "BEGIN:X\n".repeat(50_000) + "END:VCALENDAR"))
                .isEqualTo("has components in components, more than 5 deep");
        assertThat(problem(calendar("SUMMARY:x\nDTSTART;VALUE=DATE:00010101\nDTEND;VALUE=DATE:99991231")))
                .isEqualTo("event \"x\": the calendar has more than 100000 days until 2199");
        assertThat(problem(calendar("SUMMARY:x\nDTSTART;VALUE=DATE:00010101\nRRULE:FREQ=YEARLY")))
                .isEqualTo("event \"x\" repeats from a day before 1900 on");
        assertThat(problem(calendar("SUMMARY:x\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1"
                        + ",1".repeat(100_000))))
                .isEqualTo("event \"x\" has an RRULE with more than 366 values");
        assertThat(problem(calendar("SUMMARY:x\nDTSTART;VALUE=DATE:20260101\nDURATION:P999999999W")))
                .isNotEmpty();
    }

    private static String problem(String text) {
        return String.join("; ", Holidays.of(List.of(), List.of(text)).problems());
    }

    private static String days(String event, int year) {
        return days(event, year, year + 1);
    }

    private static String days(String event, int from, int to) {
        Holidays holidays = Holidays.of(List.of(), List.of(calendar(event)));
        assertThat(holidays.problems()).isEmpty();
        return holidays.between(LocalDate.of(from, 1, 1), LocalDate.of(to, 1, 1)).entrySet().stream()
                .map(it -> (it.getKey() + " " + it.getValue()).strip())
                .collect(Collectors.joining(", "));
    }

    static String calendar(String... events) {
        StringBuilder text = new StringBuilder("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n");
        for (String event : events) {
            text.append("BEGIN:VEVENT\nDTSTAMP:20260101T000000Z\n")
                    .append(event.strip())
                    .append("\nEND:VEVENT\n");
        }
        return text.append("END:VCALENDAR\n").toString().replace("\n", "\r\n");
    }
}
