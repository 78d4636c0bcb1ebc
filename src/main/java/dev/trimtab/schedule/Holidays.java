package dev.trimtab.schedule;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** Days on which a schedule wants its services down: whole days of its time zone. */
public final class Holidays {
    private final NavigableMap<LocalDate, String> days;
    private final int ignoredEvents;
    private final List<String> problems;

    private Holidays(NavigableMap<LocalDate, String> days, int ignoredEvents, List<String> problems) {
        this.days = days;
        this.ignoredEvents = ignoredEvents;
        this.problems = List.copyOf(problems);
    }

    /**
     * @param dates days without a name
     * @param calendars texts in iCalendar format (RFC 5545). Of one that cannot be read no day is taken.
     */
    public static Holidays of(Collection<LocalDate> dates, Collection<String> calendars) {
        NavigableMap<LocalDate, String> days = new TreeMap<>();
        dates.forEach(it -> days.put(it, ""));
        List<String> problems = new ArrayList<>();
        int ignored = 0;
        for (String text : calendars) {
            HolidayCalendar calendar = HolidayCalendar.read(text);
            calendar.days().forEach((day, name) -> days.merge(day, name, AllDayEvents::both));
            problems.addAll(calendar.problems());
            ignored += calendar.timedEvents();
        }
        return new Holidays(days, ignored, problems);
    }

    public boolean includes(LocalDate day) {
        return days.containsKey(day);
    }

    /** The days from {@code from} on, until before {@code to}, with their names, which may be empty. */
    public SortedMap<LocalDate, String> between(LocalDate from, LocalDate to) {
        return Collections.unmodifiableSortedMap(days.subMap(from, to));
    }

    /** How many events of the calendars have a time of day, and so are no holidays. */
    public int ignoredEvents() {
        return ignoredEvents;
    }

    /** What is wrong with the calendars. */
    public List<String> problems() {
        return problems;
    }
}
