package dev.trimtab.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.lifecycle.Stoppable;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.ServingSchedule.Invalid;
import dev.trimtab.schedule.ServingSchedule.OnDelete;
import dev.trimtab.schedule.ServingSchedule.Reading;
import dev.trimtab.schedule.ServingSchedule.Valid;
import dev.trimtab.yaml.YamlStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingScheduleTest {
    private static final String LEAST = """
            selector: {matchLabels: {tier: dev}}
            timeZone: Europe/Berlin
            uptime: [Mon-Fri 08:00-20:00]
            """;

    @Test
    @DisplayName("all fields")
    void whole() {
        ServingSchedule schedule = valid("""
                selector:
                  matchLabels: {tier: dev}
                  matchExpressions: [{key: team, operator: In, values: [a, b]}, {key: pinned, operator: DoesNotExist}]
                timeZone: Asia/Shanghai
                uptime: ["Mon-Fri 08:00-12:00,13:00-20:00", "Sat 10:00-14:00"]
                holidays: [2026-12-25, "2027-01-01"]
                holidayCalendar: de.ics
                kinds: [LLMInferenceService]
                warmUpMinutes: 10
                stagger: {maxStartingGpus: 8, readyWithinMinutes: 45}
                suspend: true
                dryRun: true
                onDelete: Start
                """);
        assertThat(schedule.namespace()).isEqualTo("ml");
        assertThat(schedule.name()).isEqualTo("office-hours");
        assertThat(schedule.uid()).isEqualTo("u-1");
        assertThat(schedule.selector()).hasToString("!pinned,team in (a,b),tier=dev");
        assertThat(schedule.kinds()).containsExactly(Stoppable.LLM_INFERENCE_SERVICE);
        assertThat(schedule.zone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
        assertThat(schedule.uptime()).hasSize(3);
        assertThat(schedule.holidays()).containsExactly(LocalDate.of(2026, 12, 25), LocalDate.of(2027, 1, 1));
        assertThat(schedule.holidayCalendar()).contains("de.ics");
        assertThat(schedule.warmUpMinutes()).isEqualTo(10);
        assertThat(schedule.maxStartingGpus()).isEqualTo(8);
        assertThat(schedule.readyWithin()).isEqualTo(Duration.ofMinutes(45));
        assertThat(schedule.suspend()).isTrue();
        assertThat(schedule.dryRun()).isTrue();
        assertThat(schedule.onDelete()).isEqualTo(OnDelete.START);
        UpTime upTime = schedule.upTime(List.of(HolidaysTest.calendar("DTSTART;VALUE=DATE:20261201")));
        assertThat(upTime.next(Instant.parse("2026-11-30T14:00:00Z"))).contains(Instant.parse("2026-12-01T23:50:00Z"));
    }

    @Test
    @DisplayName("what a short schedule leaves out")
    void unset() {
        ServingSchedule schedule = valid(LEAST);
        assertThat(schedule.holidays()).isEmpty();
        assertThat(schedule.holidayCalendar()).isEmpty();
        assertThat(schedule.kinds()).containsExactly(Stoppable.INFERENCE_SERVICE, Stoppable.INFERENCE_GRAPH);
        assertThat(schedule.warmUpMinutes()).isZero();
        assertThat(schedule.maxStartingGpus()).isEqualTo(Long.MAX_VALUE);
        assertThat(schedule.readyWithin()).isEqualTo(Duration.ofMinutes(30));
        assertThat(schedule.suspend()).isFalse();
        assertThat(schedule.dryRun()).isFalse();
        assertThat(schedule.onDelete()).isEqualTo(OnDelete.LEAVE);
        assertThat(valid(LEAST + "holidays:\nstagger: null\nsuspend: null")).isEqualTo(schedule);
    }

    @Test
    @DisplayName("all problems at once, each with its field")
    void allAtOnce() {
        assertThat(problems("""
                        selector: {}
                        timezone: Europe/Berlin
                        uptime: [Mon-Fri 08:00-20:00, Mon-Fri, 8]
                        holidays: [25.12.2026, 2026-02-30]
                        warmUpMinutes: -1
                        onDelete: start
                        """)).isEqualTo("""
                        spec.timezone: is not known; did you mean timeZone?
                        spec.selector: is empty, which would select every service of the namespace; name the labels of the services, such as matchLabels: {tier: dev}
                        spec.timeZone: is missing; name a time zone, such as Europe/Berlin or UTC
                        spec.uptime[1]: "Mon-Fri" has no times; add 00:00-24:00 for whole days
                        spec.uptime[2]: must be a text, not 8
                        spec.holidays[0]: "25.12.2026" is not a date; write year, month and day, such as 2026-12-25
                        spec.holidays[1]: "2026-02-30" is not a date; write year, month and day, such as 2026-12-25
                        spec.warmUpMinutes: -1 is not in range; write 0 to 1440
                        spec.onDelete: "start" is not known; did you mean Start?""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            selector:                                                     | spec.selector: is missing; name the labels of the services, such as matchLabels: {tier: dev}
            selector: {matchLabels: {}}                                   | spec.selector: is empty, which would select every service of the namespace; name the labels of the services, such as matchLabels: {tier: dev}
            selector: {matchlabels: {a: b}, matchLabels: {a: b}}          | spec.selector.matchlabels: is not known; did you mean matchLabels?
            selector: {tier: dev, matchLabels: {a: b}}                    | spec.selector.tier: is not known; known are matchLabels, matchExpressions
            selector: dev                                                 | spec.selector: must be a map, not "dev"
            selector: {matchLabels: {gpu: true}}                          | spec.selector.matchLabels.gpu: must be a text in quotes, not true
            selector: {matchLabels: [a]}                                  | spec.selector.matchLabels: must be a map, not a list
            selector: {matchExpressions: [{key: a, operator: in, values: [b]}]} | spec.selector.matchExpressions[0].operator: "in" is not known; write one of In, NotIn, Exists, DoesNotExist
            selector: {matchExpressions: [{key: a, operator: In}]}        | spec.selector.matchExpressions[0].values: is empty; In compares with at least one value
            selector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]} | spec.selector.matchExpressions[0].values: has no meaning with Exists; leave it out
            selector: {matchExpressions: [{operator: Exists}]}            | spec.selector.matchExpressions[0].key: is missing; name a label
            selector: {matchExpressions: [{key: a}]}                      | spec.selector.matchExpressions[0].operator: is missing; write one of In, NotIn, Exists, DoesNotExist
            selector: {matchLabels: {tier: "dev team"}}                   | spec.selector.matchLabels.tier: "dev team": a label's value must be of at most 63 alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character
            uptime:                                                       | spec.uptime: is missing; say when services are up: ["Mon-Fri 08:00-20:00"]
            uptime: []                                                    | spec.uptime: is an empty list; say when services are up: ["Mon-Fri 08:00-20:00"]
            uptime: Mon-Fri 08:00-20:00                                   | spec.uptime: must be a list, not "Mon-Fri 08:00-20:00"
            uptime: [null]                                                | spec.uptime[0]: must be a text, not nothing
            holidays: 2026-12-25                                          | spec.holidays: must be a list, not "2026-12-25"
            holidayCalendar: {key: x.ics}                                 | spec.holidayCalendar: must be a text, not a map
            holidayCalendar: ""                                           | spec.holidayCalendar: is empty; name a key of ConfigMap trimtab-holidays, such as company.ics
            kinds: []                                                     | spec.kinds: is an empty list; leave it out, or name kinds
            kinds: [Service]                                              | spec.kinds[0]: "Service" is not known; write one of InferenceService, InferenceGraph, LLMInferenceService
            warmUpMinutes: 1441                                           | spec.warmUpMinutes: 1441 is not in range; write 0 to 1440
            warmUpMinutes: 10m                                            | spec.warmUpMinutes: must be a whole number, not "10m"
            warmUpMinutes: 1.5                                            | spec.warmUpMinutes: must be a whole number, not 1.5
            stagger: 8                                                    | spec.stagger: must be a map, not 8
            stagger: {maxStartingGpus: 0}                                 | spec.stagger.maxStartingGpus: 0 is not in range; 1 is the least
            stagger: {readyWithinMinutes: 0}                              | spec.stagger.readyWithinMinutes: 0 is not in range; write 1 to 1440
            stagger: {maxGpus: 3}                                         | spec.stagger.maxGpus: is not known; known are maxStartingGpus, readyWithinMinutes
            suspend: "true"                                               | spec.suspend: must be true or false, not "true"
            dryRun: 1                                                     | spec.dryRun: must be true or false, not 1
            onDelete: Stop                                                | spec.onDelete: "Stop" is not known; write Leave or Start
            """)
    void oneProblem(String field, String problem) {
        String key = field.substring(0, field.indexOf(':') + 1);
        String spec = LEAST.lines().filter(it -> !it.startsWith(key)).collect(Collectors.joining("\n")) + "\n" + field;
        assertThat(problems(spec)).isEqualTo(problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UTC+2             | is a fixed offset, whose clock never changes; write a place, such as Europe/Berlin, or UTC
            +02:00            | is a fixed offset, whose clock never changes; write a place, such as Europe/Berlin, or UTC
            GMT-5             | is a fixed offset, whose clock never changes; write a place, such as Europe/Berlin, or UTC
            Etc/GMT-8         | is a fixed offset, whose clock never changes; write a place, such as Europe/Berlin, or UTC
            EST               | is an abbreviation, which does not say when the clock changes; write a place, such as America/New_York
            est               | is an abbreviation, which does not say when the clock changes; write a place, such as America/New_York
            EST5EDT           | is an abbreviation, which does not say when the clock changes; write a place, such as America/New_York
            CET               | is an abbreviation, which does not say when the clock changes; write a place, such as Europe/Berlin
            CST               | is an abbreviation, which does not say when the clock changes; write a place, such as America/Chicago or Asia/Shanghai
            Z                 | is no time zone of the IANA database; write one such as Europe/Berlin, America/New_York or UTC
            SystemV/PST8      | is no time zone of the IANA database; write one such as Europe/Berlin, America/New_York or UTC
            Europe/Berln      | is no time zone of the IANA database; did you mean Europe/Berlin?
            europe/berlin     | is no time zone of the IANA database; did you mean Europe/Berlin?
            Berlin            | is no time zone of the IANA database; did you mean Europe/Berlin?
            New York          | is no time zone of the IANA database; did you mean America/New_York?
            Asia/Beijing      | is no time zone of the IANA database; did you mean Asia/Shanghai?
            utc               | is an abbreviation, which does not say when the clock changes; write a place, such as UTC
            China Standard Time | is no time zone of the IANA database; write one such as Europe/Berlin, America/New_York or UTC
            """)
    void noTimeZone(String zone, String problem) {
        String spec = LEAST.replace("Europe/Berlin", "\"" + zone + "\"");
        assertThat(problems(spec)).isEqualTo("spec.timeZone: \"%s\" %s".formatted(zone, problem));
    }

    @ParameterizedTest
    @CsvSource({
        "UTC",
        "Etc/UTC",
        "Asia/Kathmandu",
        "America/Argentina/Buenos_Aires",
        "Asia/Calcutta",
        "Singapore",
        "Cuba"
    })
    void timeZone(String zone) {
        assertThat(valid(LEAST.replace("Europe/Berlin", zone)).zone()).isEqualTo(ZoneId.of(zone));
    }

    @Test
    @DisplayName("no spec, and one that is no map")
    void noSpec() {
        Manifest none = new Manifest((ObjectNode) yaml("{kind: ServingSchedule}"));
        assertThat(((Invalid) ServingSchedule.read(none)).problems())
                .containsExactly(new ScheduleProblem("spec", "is missing; write selector, timeZone and uptime"));
        assertThat(problems("[]")).isEqualTo("spec: must be a map, not a list");
    }

    private static ServingSchedule valid(String spec) {
        Reading reading = read(spec);
        assertThat(reading).as("%s", reading).isInstanceOf(Valid.class);
        return ((Valid) reading).schedule();
    }

    private static String problems(String spec) {
        Reading reading = read(spec);
        assertThat(reading).isInstanceOf(Invalid.class);
        return ((Invalid) reading)
                .problems().stream().map(ScheduleProblem::toString).collect(Collectors.joining("\n"));
    }

    private static Reading read(String spec) {
        ObjectNode object = (ObjectNode) yaml("metadata: {namespace: ml, name: office-hours, uid: u-1}");
        return ServingSchedule.read(new Manifest(object.setAll(Map.of("spec", yaml(spec)))));
    }

    private static JsonNode yaml(String text) {
        return YamlStream.read(text).get(0).content();
    }
}
