package dev.trimtab.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Mon-Fri 08:00-20:00                | MTWTF-- 08:00-20:00
            Mo-Fr 08:00-20:00                  | MTWTF-- 08:00-20:00
            mon-fri 8:00-20:00                 | MTWTF-- 08:00-20:00
            Mon - Fri 08:00 - 20:00            | MTWTF-- 08:00-20:00
            Mon–Fri 08:00–20:00                | MTWTF-- 08:00-20:00
            Fri-Mon 10:00-12:00                | M---FSS 10:00-12:00
            Mon,Wed 08:00-09:00                | M-W---- 08:00-09:00
            Mon, Wed-Fri 08:00-12:00           | M-WTF-- 08:00-12:00
            Sun-Sun 08:00-12:00                | ------S 08:00-12:00
            Mon-Fri 08:00-12:00,13:00-18:00    | MTWTF-- 08:00-12:00 MTWTF-- 13:00-18:00
            Mon-Fri 20:00-06:00                | MTWTF-- 20:00-06:00
            20:00-06:00                        | MTWTFSS 20:00-06:00
            Sat 18:00-24:00                    | -----S- 18:00-00:00
            Sat 18:00-00:00                    | -----S- 18:00-00:00
            Sat,Sun 00:00-24:00                | -----SS 00:00-00:00
            Mon 22:00-26:00                    | M------ 22:00-02:00
            Sat 09:00-33:00                    | -----S- 09:00-09:00
            24/7                               | MTWTFSS 00:00-00:00
            """)
    void reads(String text, String windows) throws WindowSyntaxException {
        assertThat(Window.parse(text).stream().map(WindowTest::shown).collect(Collectors.joining(" ")))
                .isEqualTo(windows);
        assertThat(Window.parse(text)).allSatisfy(it -> assertThat(it.text()).isEqualTo(text));
    }

    private static String shown(Window window) {
        String days = Arrays.stream(DayOfWeek.values())
                .map(it -> window.days().contains(it) ? it.name().substring(0, 1) : "-")
                .collect(Collectors.joining());
        return "%s %s-%s".formatted(days, window.from(), window.to());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Mon-Fri                          | has no times; add 00:00-24:00 for whole days
            Mon 08:00-08:00                  | begins and ends at the same time; for whole days write 00:00-24:00
            Mon 00:00-00:00                  | begins and ends at the same time; for whole days write 00:00-24:00
            Mon 08:00+                       | has no end; write one, such as Mon-Fri 08:00-20:00
            Mon 08:00-12:00+                 | has no end; write one, such as Mon-Fri 08:00-20:00
            Mon 08:00                        | has a time without an end; write both, such as Mon-Fri 08:00-20:00
            Mon 08:00-40:00                  | is longer than 24 hours; write more days instead
            Mon 24:00-30:00                  | begins at 24:00 or later; write it for the next day
            Mon 08:00-20:00/01:00            | has an interval; a window is one span of time
            sunrise-sunset                   | depends on the sun; write times, such as 08:00-20:00
            (sunrise+01:00)-20:00            | depends on the sun; write times, such as 08:00-20:00
            Jan-Mar Mon 08:00-10:00          | has months or dates; a window repeats each week
            Dec 25 08:00-10:00               | has months or dates; a window repeats each week
            easter 08:00-10:00               | has months or dates; a window repeats each week
            week 3 Mon 08:00-10:00           | has numbers of weeks; a window repeats each week
            2026 Mon 08:00-10:00             | has years; a window repeats each week
            Mon[1] 08:00-10:00               | picks days of the month; a window repeats each week
            PH off                           | names a holiday; days off go into holidays or holidayCalendar
            PH,Mon 08:00-10:00               | names a holiday; days off go into holidays or holidayCalendar
            Mon off                          | says open or off; a window is when services are up, and all else is down
            Mon 08:00-20:00 open             | says open or off; a window is when services are up, and all else is down
            Mon 08:00-20:00 "office"         | has a comment; write one with # behind the entry
            Mon 08:00-20:00; Tue 09:00-10:00 | is more than one window; write each as an entry of the list
            Mon 08:00-20:00, Tue 09:00-10:00 | is more than one window; write each as an entry of the list
            Mon 08:00-20:00,                 | is more than one window; write each as an entry of the list
            garbage                          | R
            Monday-Friday 08:00-20:00        | R
            Mon-Fri 25:00-26:00              | R
            Mon-Fri 08:60-20:00              | R
            Mon-Fri 0800-2000                | R
            08:00-20:00 Mon-Fri              | R
            Mon Wed 08:00-10:00              | R
            Mon-Wed-Fri 08:00-10:00          | R
            0 8 * * 1-5                      | R
            """)
    void refuses(String text, String problem) {
        String expected = problem.equals("R")
                ? "cannot be read; write days and times, such as Mon-Fri 08:00-20:00, with days Mon, Tue, Wed, Thu, Fri,"
                        + " Sat, Sun"
                : problem;
        assertThatThrownBy(() -> Window.parse(text))
                .isInstanceOf(WindowSyntaxException.class)
                .hasMessage("\"%s\" %s".formatted(text.replace("\"", "\\\""), expected));
    }

    @ParameterizedTest
    @CsvSource(textBlock = "'' ,\n'  ',")
    @DisplayName("an empty text is no window")
    void empty(String text) {
        assertThatThrownBy(() -> Window.parse(text))
                .hasMessage("is empty; write days and times, such as Mon-Fri 08:00-20:00");
    }
}
