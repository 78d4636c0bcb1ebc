package dev.trimtab.schedule;

import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.io.ParseWarning;
import biweekly.io.text.ICalReader;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The all-day events of a text in iCalendar format (RFC 5545).
 *
 * @param days with their names, which may be empty
 * @param timedEvents how many events have a time of day
 * @param problems if there are any, there are no days
 */
record HolidayCalendar(SortedMap<LocalDate, String> days, int timedEvents, List<String> problems) {
    /** As much as a ConfigMap holds, in characters. */
    private static final int LONGEST = 1024 * 1024;
    /** Biweekly calls itself once per nested component. */
    private static final int DEEPEST = 5;

    /** A line that Biweekly cannot read is left out of the event. Without one of these the event is another. */
    private static final Set<String> NEEDED =
            Set.of("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "STATUS");

    static HolidayCalendar read(String text) {
        try {
            List<ICalendar> calendars = parse(text);
            AllDayEvents events = new AllDayEvents(replaced(calendars));
            int timed = 0;
            for (ICalendar calendar : calendars) {
                for (VEvent event : calendar.getEvents()) {
                    if (AllDayEvents.isTimed(event)) {
                        timed++;
                    } else {
                        events.add(event);
                    }
                }
            }
            return new HolidayCalendar(events.days(), timed, List.of());
        } catch (CalendarSyntaxException problem) {
            return new HolidayCalendar(new TreeMap<>(), 0, List.of(problem.getMessage()));
        }
    }

    private static List<ICalendar> parse(String text) throws CalendarSyntaxException {
        if (text.length() > LONGEST) {
            throw new CalendarSyntaxException("is longer than 1 MiB");
        }
        String plain = text.strip().toUpperCase(Locale.ROOT);
        if (!plain.startsWith("BEGIN:VCALENDAR")) {
            throw new CalendarSyntaxException(
                    "is not a calendar in iCalendar format: BEGIN:VCALENDAR is not the first" + " line");
        }
        if (!plain.endsWith("END:VCALENDAR")) {
            throw new CalendarSyntaxException("is cut off: END:VCALENDAR is not the last line");
        }
        refuseNesting(plain);
        try (ICalReader reader = new ICalReader(text.strip())) {
            List<ICalendar> calendars = new ArrayList<>();
            for (ICalendar next = reader.readNext(); next != null; next = reader.readNext()) {
                for (ParseWarning warning : reader.getWarnings()) {
                    refuseUnread(warning);
                }
                calendars.add(next);
            }
            return calendars;
        } catch (IOException | RuntimeException notRead) {
            throw new CalendarSyntaxException("is not a calendar in iCalendar format");
        }
    }

    private static void refuseNesting(String text) throws CalendarSyntaxException {
        int depth = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            depth += line.startsWith("BEGIN:") ? 1 : line.startsWith("END:") ? -1 : 0;
            if (depth > DEEPEST) {
                throw new CalendarSyntaxException("has components in components, more than %d deep".formatted(DEEPEST));
            }
        }
    }

    private static void refuseUnread(ParseWarning warning) throws CalendarSyntaxException {
        String property = warning.getPropertyName();
        if (property != null && NEEDED.contains(property.toUpperCase(Locale.ROOT))) {
            // Not the library's words: they repeat the text, and the status of a schedule has other readers.
            throw new CalendarSyntaxException(
                    "line %d: %s cannot be read".formatted(warning.getLineNumber(), property.toUpperCase(Locale.ROOT)));
        }
    }

    /** By UID, the days of a repeated event that another event with a RECURRENCE-ID stands for. */
    private static Map<String, Set<LocalDate>> replaced(List<ICalendar> calendars) {
        Map<String, Set<LocalDate>> days = new HashMap<>();
        for (ICalendar calendar : calendars) {
            for (VEvent event : calendar.getEvents()) {
                if (event.getUid() != null && event.getRecurrenceId() != null) {
                    AllDayEvents.date(event.getRecurrenceId().getValue())
                            .ifPresent(it -> days.computeIfAbsent(event.getUid().getValue(), any -> new HashSet<>())
                                    .add(it));
                }
            }
        }
        return days;
    }

    /** The message says what is wrong, and where. */
    static final class CalendarSyntaxException extends Exception {
        private static final long serialVersionUID = 1;

        CalendarSyntaxException(String message) {
            super(message);
        }
    }
}
