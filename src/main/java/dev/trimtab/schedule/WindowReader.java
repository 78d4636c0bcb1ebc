package dev.trimtab.schedule;

import ch.poole.openinghoursparser.OpeningHoursParseException;
import ch.poole.openinghoursparser.OpeningHoursParser;
import ch.poole.openinghoursparser.Rule;
import ch.poole.openinghoursparser.TimeSpan;
import ch.poole.openinghoursparser.TokenMgrError;
import ch.poole.openinghoursparser.WeekDay;
import ch.poole.openinghoursparser.WeekDayRange;
import dev.trimtab.policy.PolicyProblem.Quoted;
import java.io.StringReader;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads windows by a parser of OpenStreetMap's opening hours, of which a schedule takes days of the week and times. That
 * parser takes more, and each part that is not taken gets its own message.
 */
final class WindowReader {
    private static final String EXAMPLE = "Mon-Fri 08:00-20:00";
    private static final int LONGEST = 200;
    private static final int DAY = 24 * 60;

    private final String text;

    WindowReader(String text) {
        this.text = text;
    }

    List<Window> read() throws WindowSyntaxException {
        if (text.isBlank()) {
            throw new WindowSyntaxException("is empty; write days and times, such as " + EXAMPLE);
        }
        if (text.length() > LONGEST) {
            throw refusal("is longer than %d characters; write several windows".formatted(LONGEST));
        }
        Rule rule = onlyRule();
        Optional<String> foreign = foreignPart(rule);
        if (foreign.isPresent()) {
            throw refusal(foreign.get());
        }
        Set<DayOfWeek> days = days(rule);
        if (rule.isTwentyfourseven()) {
            return List.of(new Window(days, LocalTime.MIN, LocalTime.MIN, text));
        }
        if (rule.getTimes() == null) {
            throw refusal("has no times; add 00:00-24:00 for whole days");
        }
        List<Window> windows = new ArrayList<>();
        for (TimeSpan span : rule.getTimes()) {
            windows.add(window(days, span));
        }
        return List.copyOf(windows);
    }

    private Rule onlyRule() throws WindowSyntaxException {
        List<Rule> rules;
        try {
            rules = new OpeningHoursParser(new StringReader(text)).rules(false);
        } catch (OpeningHoursParseException | TokenMgrError | NumberFormatException notRead) {
            throw refusal("cannot be read; write days and times, such as " + EXAMPLE + ", with days Mon, Tue, Wed, Thu,"
                    + " Fri, Sat, Sun");
        }
        if (rules.size() != 1) {
            throw refusal("is more than one window; write each as an entry of the list");
        }
        return rules.get(0);
    }

    /** What is wrong with a part that the parser knows and a schedule does not take. */
    private static Optional<String> foreignPart(Rule rule) {
        Map<String, Boolean> parts = new LinkedHashMap<>();
        parts.put("names a holiday; days off go into holidays or holidayCalendar", rule.getHolidays() != null);
        parts.put("has months or dates; a window repeats each week", rule.getDates() != null);
        parts.put("has numbers of weeks; a window repeats each week", rule.getWeeks() != null);
        parts.put("has years; a window repeats each week", rule.getYears() != null);
        parts.put("has a comment; write one with # behind the entry", hasComment(rule));
        parts.put("says open or off; a window is when services are up, and all else is down", hasModifier(rule));
        return firstOf(parts);
    }

    private static boolean hasComment(Rule rule) {
        return rule.getComment() != null
                || (rule.getModifier() != null && rule.getModifier().getComment() != null);
    }

    private static boolean hasModifier(Rule rule) {
        return rule.getModifier() != null && rule.getModifier().getModifier() != null;
    }

    private Set<DayOfWeek> days(Rule rule) throws WindowSyntaxException {
        if (rule.getDays() == null) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (WeekDayRange range : rule.getDays()) {
            if (range.getNths() != null || range.getOffset() != 0) {
                throw refusal("picks days of the month; a window repeats each week");
            }
            DayOfWeek first = day(range.getStartDay());
            DayOfWeek last = range.getEndDay() == null ? first : day(range.getEndDay());
            for (DayOfWeek day = first; day != last; day = day.plus(1)) {
                days.add(day);
            }
            days.add(last);
        }
        return days;
    }

    /** The parser's names are the first two letters: MO. */
    private static DayOfWeek day(WeekDay written) {
        return Arrays.stream(DayOfWeek.values())
                .filter(it -> it.name().startsWith(written.name()))
                .findFirst()
                .orElseThrow();
    }

    private Window window(Set<DayOfWeek> days, TimeSpan span) throws WindowSyntaxException {
        int start = span.getStart();
        int end = span.getEnd();
        Optional<String> problem = problem(span, start, end);
        if (problem.isPresent()) {
            throw refusal(problem.get());
        }
        return new Window(days, time(start), time(end % DAY), text);
    }

    /** @param end in minutes since the midnight before the start, which is at most two days */
    private static Optional<String> problem(TimeSpan span, int start, int end) {
        Map<String, Boolean> problems = new LinkedHashMap<>();
        problems.put("depends on the sun; write times, such as 08:00-20:00", isOfTheSun(span));
        problems.put("has no end; write one, such as " + EXAMPLE, span.isOpenEnded());
        problems.put("has a time without an end; write both, such as " + EXAMPLE, start < 0 || end < 0);
        problems.put("has an interval; a window is one span of time", span.getInterval() != 0);
        problems.put("begins at 24:00 or later; write it for the next day", start >= DAY);
        problems.put("begins and ends at the same time; for whole days write 00:00-24:00", end == start);
        problems.put("is longer than 24 hours; write more days instead", end > start + DAY);
        return firstOf(problems);
    }

    private static boolean isOfTheSun(TimeSpan span) {
        return span.getStartEvent() != null || span.getEndEvent() != null;
    }

    private static Optional<String> firstOf(Map<String, Boolean> problems) {
        return problems.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static LocalTime time(int minutes) {
        return LocalTime.of(minutes / 60, minutes % 60);
    }

    private WindowSyntaxException refusal(String problem) {
        return new WindowSyntaxException(Quoted.of(text) + " " + problem);
    }
}
