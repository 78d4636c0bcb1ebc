package dev.trimtab.schedule;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;

/**
 * A span of time on some days of the week.
 *
 * @param days on which it begins
 * @param to end, on the next day if it is not after {@code from}; 00:00 is midnight at the end of the day
 * @param text as its author wrote it, perhaps with other spans
 */
public record Window(Set<DayOfWeek> days, LocalTime from, LocalTime to, String text) {
    public Window {
        days = Set.copyOf(days);
    }

    /** All windows of one text, such as {@code Mon-Fri 08:00-12:00,13:00-18:00}. */
    public static List<Window> parse(String text) throws WindowSyntaxException {
        return new WindowReader(text).read();
    }

    /** Also if it ends exactly at midnight. */
    boolean isOverMidnight() {
        return !to.isAfter(from);
    }
}
