package dev.trimtab.schedule;

import biweekly.component.VEvent;
import biweekly.util.Duration;
import biweekly.util.Frequency;
import biweekly.util.ICalDate;
import biweekly.util.Recurrence;
import biweekly.util.com.google.ical.iter.RecurrenceIterator;
import biweekly.util.com.google.ical.iter.RecurrenceIteratorFactory;
import biweekly.util.com.google.ical.values.DateValue;
import biweekly.util.com.google.ical.values.DateValueImpl;
import dev.trimtab.policy.PolicyProblem.Quoted;
import dev.trimtab.schedule.HolidayCalendar.CalendarSyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Collects the days of all-day events. Only the dates as written count: Biweekly's instants depend on the time zone of
 * the process.
 */
final class AllDayEvents {
    /** Rules are followed from the first of these days to the last. */
    private static final LocalDate FIRST = LocalDate.of(1900, 1, 1);

    private static final LocalDate LAST = LocalDate.of(2199, 12, 31);

    /** In all events of a calendar together. A year of 300 public holidays each needs a tenth. */
    private static final int MOST_DAYS = 100_000;
    /** Rules that give no day cost time, too: some milliseconds each. */
    private static final int MOST_RULES = 500;
    /** Of values in one rule: BYYEARDAY has as many. */
    private static final int MOST_VALUES = 366;
    /** Of years between two days of a rule. */
    private static final int LONGEST_INTERVAL = 1000;

    private static final int LONGEST_NAME = 80;

    private static final Set<Frequency> FREQUENCIES =
            Set.of(Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY, Frequency.YEARLY);

    private final Map<String, Set<LocalDate>> replaced;
    private final SortedMap<LocalDate, String> days = new TreeMap<>();
    private int count;
    private int rules;

    /** @param replaced by UID, days that a repeated event leaves out */
    AllDayEvents(Map<String, Set<LocalDate>> replaced) {
        this.replaced = replaced;
    }

    SortedMap<LocalDate, String> days() {
        return days;
    }

    static boolean isTimed(VEvent event) {
        return event.getDateStart() != null
                && event.getDateStart().getValue() != null
                && event.getDateStart().getValue().hasTime();
    }

    /** Empty if there is none, or if no calendar has such a day. */
    static Optional<LocalDate> date(ICalDate written) {
        if (written == null || written.getRawComponents() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.of(
                    written.getRawComponents().getYear(),
                    written.getRawComponents().getMonth(),
                    written.getRawComponents().getDate()));
        } catch (DateTimeException noSuchDay) {
            return Optional.empty();
        }
    }

    void add(VEvent event) throws CalendarSyntaxException {
        if (event.getStatus() != null && event.getStatus().isCancelled()) {
            return;
        }
        LocalDate start = Optional.ofNullable(event.getDateStart())
                .flatMap(it -> date(it.getValue()))
                .orElseThrow(() -> new CalendarSyntaxException(title(event) + " has no DTSTART with a date"));
        if (!event.getExceptionRules().isEmpty()) {
            throw new CalendarSyntaxException(
                    title(event) + " has an EXRULE, which RFC 5545 no longer knows; write" + " EXDATE");
        }
        long length = length(event, start);
        for (LocalDate first : starts(event, start)) {
            for (long day = 0; day < length; day++) {
                count(event);
                days.merge(first.plusDays(day), name(event), AllDayEvents::both);
            }
        }
    }

    /** The name of a day with two events. */
    static String both(String one, String other) {
        if (one.isEmpty() || one.equals(other)) {
            return other;
        }
        return other.isEmpty() || one.length() > LONGEST_NAME ? one : one + ", " + other;
    }

    private void count(VEvent event) throws CalendarSyntaxException {
        if (++count > MOST_DAYS) {
            throw new CalendarSyntaxException("%s: the calendar has more than %d days until %d"
                    .formatted(title(event), MOST_DAYS, LAST.getYear()));
        }
    }

    /** In days. Without an end an all-day event lasts one day (RFC 5545, 3.6.1). */
    private static long length(VEvent event, LocalDate start) throws CalendarSyntaxException {
        long length = 1;
        if (event.getDateEnd() != null) {
            LocalDate end = date(event.getDateEnd().getValue())
                    .orElseThrow(() -> new CalendarSyntaxException(title(event) + " has a DTEND without a date"));
            // Some programs write the day itself as the end, which the RFC forbids.
            length = Math.max(1, ChronoUnit.DAYS.between(start, end));
        } else if (event.getDuration() != null && event.getDuration().getValue() != null) {
            Duration written = event.getDuration().getValue();
            length = Math.max(
                    1, written.toMillis() / java.time.Duration.ofDays(1).toMillis());
        }
        return length;
    }

    private Collection<LocalDate> starts(VEvent event, LocalDate start) throws CalendarSyntaxException {
        Set<LocalDate> starts = new TreeSet<>();
        Recurrence rule = event.getRecurrenceRule() == null
                ? null
                : event.getRecurrenceRule().getValue();
        if (rule == null) {
            starts.add(start);
        } else {
            check(event, rule, start);
            expand(event, rule, start, starts);
        }
        event.getRecurrenceDates().stream()
                .flatMap(it -> it.getDates().stream())
                .forEach(it -> date(it).ifPresent(starts::add));
        event.getExceptionDates().stream()
                .flatMap(it -> it.getValues().stream())
                .forEach(it -> date(it).ifPresent(starts::remove));
        if (event.getUid() != null && event.getRecurrenceId() == null) {
            starts.removeAll(replaced.getOrDefault(event.getUid().getValue(), Set.of()));
        }
        return starts;
    }

    private void check(VEvent event, Recurrence rule, LocalDate start) throws CalendarSyntaxException {
        if (++rules > MOST_RULES) {
            throw new CalendarSyntaxException("has more than %d events with an RRULE".formatted(MOST_RULES));
        }
        if (rule.getFrequency() == null || !FREQUENCIES.contains(rule.getFrequency())) {
            throw new CalendarSyntaxException(
                    title(event) + " repeats more than once a day; write FREQ=YEARLY, MONTHLY, WEEKLY or DAILY");
        }
        if (start.isBefore(FIRST)) {
            throw new CalendarSyntaxException(title(event) + " repeats from a day before 1900 on");
        }
        if (rule.getInterval() != null && (rule.getInterval() < 1 || rule.getInterval() > LONGEST_INTERVAL)) {
            throw new CalendarSyntaxException(
                    "%s has an INTERVAL outside of 1 to %d".formatted(title(event), LONGEST_INTERVAL));
        }
        if (values(rule) > MOST_VALUES) {
            throw new CalendarSyntaxException(
                    "%s has an RRULE with more than %d values".formatted(title(event), MOST_VALUES));
        }
    }

    private static int values(Recurrence rule) {
        return Stream.<List<?>>of(
                        rule.getByDay(),
                        rule.getByMonthDay(),
                        rule.getByYearDay(),
                        rule.getByWeekNo(),
                        rule.getByMonth(),
                        rule.getBySetPos(),
                        rule.getByHour(),
                        rule.getByMinute(),
                        rule.getBySecond())
                .mapToInt(List::size)
                .sum();
    }

    private static void expand(VEvent event, Recurrence rule, LocalDate start, Set<LocalDate> starts)
            throws CalendarSyntaxException {
        try {
            // Dates without a time are the same in each time zone.
            RecurrenceIterator days = RecurrenceIteratorFactory.createRecurrenceIterator(
                    rule,
                    new DateValueImpl(start.getYear(), start.getMonthValue(), start.getDayOfMonth()),
                    TimeZone.getTimeZone("UTC"));
            while (days.hasNext() && starts.size() <= MOST_DAYS) {
                DateValue next = days.next();
                LocalDate day = LocalDate.of(next.year(), next.month(), next.day());
                if (day.isAfter(LAST)) {
                    return;
                }
                starts.add(day);
            }
        } catch (RuntimeException | AssertionError unknownRule) {
            throw new CalendarSyntaxException(title(event) + " has an RRULE that cannot be followed");
        }
    }

    private static String title(VEvent event) {
        String name = name(event);
        String uid = event.getUid() == null ? "" : String.valueOf(event.getUid().getValue());
        return "event " + Quoted.of(name.isEmpty() ? uid : name);
    }

    private static String name(VEvent event) {
        return Optional.ofNullable(event.getSummary())
                .map(it -> it.getValue())
                .map(it -> it.length() > LONGEST_NAME ? it.substring(0, LONGEST_NAME) : it)
                .map(String::strip)
                .orElse("");
    }
}
