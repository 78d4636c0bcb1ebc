package dev.trimtab.schedule;

import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.ClosestWord;
import dev.trimtab.policy.PolicyProblem.Quoted;
import dev.trimtab.schedule.ServingSchedule.OnDelete;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads a ServingSchedule strictly, and notes all that is wrong. */
final class ScheduleReader {
    static final List<String> KEYS = List.of(
            "selector",
            "kinds",
            "timeZone",
            "uptime",
            "holidays",
            "holidayCalendar",
            "warmUpMinutes",
            "stagger",
            "suspend",
            "dryRun",
            "onDelete");

    private static final int MOST_WINDOWS = 50;
    private static final int MOST_HOLIDAYS = 1000;
    /** A day, in minutes. */
    private static final int LONGEST_WAIT = 24 * 60;

    static final int READY_WITHIN_MINUTES = 30;

    private final Manifest schedule;
    private final List<ScheduleProblem> problems = new ArrayList<>();
    private final SpecValue spec;

    ScheduleReader(Manifest schedule) {
        this.schedule = schedule;
        this.spec = new SpecValue("spec", schedule.root().path("spec"), problems);
    }

    ServingSchedule.Reading read() {
        if (spec.isAbsent()) {
            spec.refuse("is missing; write selector, timeZone and uptime");
        } else if (spec.isMapOf(KEYS)) {
            return readSpec();
        }
        return new ServingSchedule.Invalid(List.copyOf(problems));
    }

    private ServingSchedule.Reading readSpec() {
        SelectorReader.check(spec.child("selector"));
        Set<Stoppable> kinds = kinds(spec.child("kinds"));
        SpecValue stagger = spec.child("stagger");
        ServingSchedule read = new ServingSchedule(
                schedule.namespace(),
                schedule.name(),
                schedule.metadata().path("uid").asText(""),
                problems.isEmpty() ? Selector.of(spec.child("selector").node()) : new Selector(List.of()),
                kinds,
                TimeZoneReader.read(spec.child("timeZone")).orElse(ZoneOffset.UTC),
                windows(spec.child("uptime")),
                holidays(spec.child("holidays")),
                calendar(spec.child("holidayCalendar")),
                whole(spec.child("warmUpMinutes"), 0, 0),
                maxStartingGpus(stagger),
                Duration.ofMinutes(whole(stagger.child("readyWithinMinutes"), 1, READY_WITHIN_MINUTES)),
                spec.child("suspend").bool().orElse(false),
                spec.child("dryRun").bool().orElse(false),
                onDelete(spec.child("onDelete")));
        return problems.isEmpty()
                ? new ServingSchedule.Valid(read)
                : new ServingSchedule.Invalid(List.copyOf(problems));
    }

    private static int whole(SpecValue minutes, int least, int unset) {
        return minutes.whole(least, LONGEST_WAIT).map(Math::toIntExact).orElse(unset);
    }

    private static long maxStartingGpus(SpecValue stagger) {
        if (!stagger.isAbsent()) {
            stagger.isMapOf(List.of("maxStartingGpus", "readyWithinMinutes"));
        }
        return stagger.child("maxStartingGpus").whole(1, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
    }

    private static List<Window> windows(SpecValue uptime) {
        List<SpecValue> entries = uptime.list(MOST_WINDOWS);
        if (uptime.isAbsent() || (uptime.node().isArray() && uptime.node().isEmpty())) {
            uptime.refuse("%s; say when services are up: [\"Mon-Fri 08:00-20:00\"]"
                    .formatted(uptime.isAbsent() ? "is missing" : "is an empty list"));
        }
        List<Window> windows = new ArrayList<>();
        for (SpecValue entry : entries) {
            present(entry).flatMap(SpecValue::text).ifPresent(text -> {
                try {
                    windows.addAll(Window.parse(text));
                } catch (WindowSyntaxException problem) {
                    entry.refuse(problem.getMessage());
                }
            });
        }
        return List.copyOf(windows);
    }

    private static Optional<SpecValue> present(SpecValue entry) {
        return entry.isAbsent() ? entry.wrongType("a text") : Optional.of(entry);
    }

    private static List<LocalDate> holidays(SpecValue holidays) {
        List<LocalDate> days = new ArrayList<>();
        for (SpecValue entry : holidays.list(MOST_HOLIDAYS)) {
            present(entry).flatMap(SpecValue::text).ifPresent(text -> {
                try {
                    days.add(LocalDate.parse(text));
                } catch (DateTimeParseException notADate) {
                    entry.refuse(Quoted.of(text) + " is not a date; write year, month and day, such as 2026-12-25");
                }
            });
        }
        return List.copyOf(days);
    }

    private static Optional<String> calendar(SpecValue calendar) {
        Optional<String> key = calendar.text();
        key.filter(String::isBlank)
                .ifPresent(it -> calendar.refuse("is empty; name a key of ConfigMap %s, such as company.ics"
                        .formatted(ServingSchedule.HOLIDAYS)));
        return key;
    }

    private static Set<Stoppable> kinds(SpecValue kinds) {
        if (kinds.isAbsent()) {
            return EnumSet.of(Stoppable.INFERENCE_SERVICE, Stoppable.INFERENCE_GRAPH);
        }
        if (kinds.node().isArray() && kinds.node().isEmpty()) {
            kinds.refuse("is an empty list; leave it out, or name kinds");
        }
        Map<String, Stoppable> known = new LinkedHashMap<>();
        Stream.of(Stoppable.values()).forEach(it -> known.put(it.kindName(), it));
        Set<Stoppable> read = EnumSet.noneOf(Stoppable.class);
        for (SpecValue entry : kinds.list(known.size())) {
            present(entry).flatMap(SpecValue::text).ifPresent(text -> {
                if (known.containsKey(text)) {
                    read.add(known.get(text));
                } else {
                    entry.refuse("%s is not known; write one of %s"
                            .formatted(Quoted.of(text), String.join(", ", known.keySet())));
                }
            });
        }
        return read;
    }

    private static OnDelete onDelete(SpecValue value) {
        Optional<String> written = value.text();
        List<String> terms =
                Arrays.stream(OnDelete.values()).map(OnDelete::term).toList();
        Optional<OnDelete> known = Arrays.stream(OnDelete.values())
                .filter(it -> written.filter(it.term()::equals).isPresent())
                .findFirst();
        if (written.isPresent() && known.isEmpty()) {
            String hint = ClosestWord.to(written.get(), terms)
                    .map(it -> "; did you mean " + it + "?")
                    .orElseGet(() -> "; write Leave or Start");
            value.refuse(Quoted.of(written.get()) + " is not known" + hint);
        }
        return known.orElse(OnDelete.LEAVE);
    }
}
