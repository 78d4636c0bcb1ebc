package dev.trimtab.cli.schedule;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.Cli;
import dev.trimtab.cli.print.Paint;
import dev.trimtab.cli.schedule.WeekPicture.Glyphs;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.schedule.ServingSchedule;
import dev.trimtab.yaml.YamlStream;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SchedulePreviewTest {
    private static final String OFFICE = "docs/examples/schedules/office-hours.yaml";

    private static final String DAYS_OFF = "docs/examples/schedules/holidays.ics";

    private static final String BERLIN = """
            apiVersion: trimtab.dev/v1alpha1
            kind: ServingSchedule
            metadata: {name: dev, namespace: ml}
            spec:
              selector: {matchLabels: {tier: dev}}
              timeZone: Europe/Berlin
              uptime: ["01:30-02:30", "Mon-Fri 08:00-20:00"]
              holidays: ["2026-10-23"]
            """;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("the table: holidays and the change of the clock are marked where they make a period longer")
    void table() {
        Cli preview = Cli.runWith(
                BERLIN, "schedule", "preview", "-f", "-", "--from", "2026-10-22T12:00:00+02:00", "--days", "5");
        assertThat(preview).isEqualTo(new Cli(0, """
                dev in namespace ml: Thu 2026-10-22 to Tue 2026-10-27, Europe/Berlin

                TIME                          PHASE   FOR         WITH
                Thu 2026-10-22 12:00 +02:00   Up      8h
                Thu 2026-10-22 20:00 +02:00   Down    1d 5h 30m   holiday (Fri 2026-10-23)
                Sat 2026-10-24 01:30 +02:00   Up      1h
                Sat 2026-10-24 02:30 +02:00   Down    23h
                Sun 2026-10-25 01:30 +02:00   Up      1h
                Sun 2026-10-25 02:30 +02:00   Down    1d          clock goes back 1h (Sun 2026-10-25 03:00)
                Mon 2026-10-26 01:30 +01:00   Up      1h
                Mon 2026-10-26 02:30 +01:00   Down    5h 30m
                Mon 2026-10-26 08:00 +01:00   Up      12h
                Mon 2026-10-26 20:00 +01:00   Down    5h 30m
                Tue 2026-10-27 01:30 +01:00   Up      1h
                Tue 2026-10-27 02:30 +01:00   Down    5h 30m
                Tue 2026-10-27 08:00 +01:00   Up      12h

                          0     3     6     9     12    15    18    21    24
                Thu 10-22 ...##...........########################........
                Fri 10-23 ................................................  holiday
                Sat 10-24 ...##...........................................
                Sun 10-25 ...#+...........................................  clock -1h
                Mon 10-26 ...##...........########################........
                Tue 10-27 ...##...........########################........
                          # up   . down   + changes
                """, ""));
    }

    @Test
    @DisplayName("the picture leaves out what the clock leaves out, and has blocks and colours where they are seen")
    void picture() throws Exception {
        StringWriter text = new StringWriter();
        SchedulePreview preview = preview("2026-03-29T00:00:00+01:00");
        new WeekPicture(new Paint(true), Glyphs.BLOCKS).print(preview, new PrintWriter(text));
        assertThat(text.toString().replace("\u001b[32m", "<").replace("\u001b[0m", ">"))
                .isEqualTo("""
                          0     3     6     9     12    15    18    21    24
                Sun 03-29 ···<█>  ··········································  clock +1h
                Mon 03-30 ···<██>···········<████████████████████████>········
                          █ up   · down   ▒ changes
                """);
    }

    private static SchedulePreview preview(String from) {
        ServingSchedule schedule = ((ServingSchedule.Valid) ServingSchedule.read(
                        new Manifest((ObjectNode) YamlStream.read(BERLIN).get(0).content())))
                .schedule();
        Instant begin = OffsetDateTime.parse(from).toInstant();
        return new SchedulePreview(schedule, schedule.upTime(List.of()), begin, begin.plus(Duration.ofHours(47)));
    }

    @Test
    @DisplayName("JSON: RFC 3339 with the offset of the place, holidays by name")
    void json() {
        String arguments = "schedule preview -f %s --calendar %s --from 2026-12-24T21:00:00Z --days 4 -o json"
                .formatted(OFFICE, DAYS_OFF);
        Cli preview = Cli.run(arguments.split(" "));
        assertThat(preview.err()).isEmpty();
        assertThat(preview.code()).isZero();
        assertThatJson(preview.out()).isEqualTo("""
                {"schedules": [{
                  "namespace": "", "name": "office-hours", "timeZone": "Europe/Berlin",
                  "from": "2026-12-24T22:00:00+01:00", "to": "2026-12-28T22:00:00+01:00",
                  "periods": [
                    {"from": "2026-12-24T22:00:00+01:00", "until": "2026-12-28T07:50:00+01:00", "phase": "Down",
                     "holidays": [{"date": "2026-12-24", "name": ""}, {"date": "2026-12-25", "name": "Christmas"},
                                  {"date": "2026-12-26", "name": "Christmas"}],
                     "clockChanges": []},
                    {"from": "2026-12-28T07:50:00+01:00", "until": "2026-12-28T20:00:00+01:00", "phase": "Up",
                     "holidays": [], "clockChanges": []},
                    {"from": "2026-12-28T20:00:00+01:00", "until": "2026-12-29T07:50:00+01:00", "phase": "Down",
                     "holidays": [], "clockChanges": []}
                  ]}]}
                """);
    }

    @Test
    @DisplayName("without --from it begins at the minute of the clock")
    void now() {
        StringWriter out = new StringWriter();
        Clock clock = Clock.fixed(Instant.parse("2026-12-01T11:12:13Z"), ZoneOffset.UTC);
        CommandLine line = ScheduleCommand.line(
                        new ByteArrayInputStream(BERLIN.getBytes(StandardCharsets.UTF_8)), clock)
                .setOut(new PrintWriter(out))
                .setCaseInsensitiveEnumValuesAllowed(true);
        assertThat(line.execute("preview", "-f", "-", "--days", "1")).isZero();
        assertThat(out.toString()).contains("\nTue 2026-12-01 12:12 +01:00   Up      7h 48m\n");
    }

    @Test
    @DisplayName("a calendar in a file, in a ConfigMap, or not there")
    void calendars() throws Exception {
        String schedule = Files.readString(Path.of(OFFICE));
        String text = schedule + """
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: trimtab-holidays}
                data:
                  de.ics: |
                """ + Files.readString(Path.of(DAYS_OFF)).indent(4);
        String calendar = Cli.write(folder, "own.ics", """
                BEGIN:VCALENDAR
                VERSION:2.0
                PRODID:-//test//EN
                BEGIN:VEVENT
                DTSTART;VALUE=DATE:20261222
                SUMMARY:Moving
                END:VEVENT
                BEGIN:VEVENT
                DTSTART:20261223T100000Z
                SUMMARY:Party
                END:VEVENT
                END:VCALENDAR
                """);
        Cli fromFile = week(schedule, "--calendar", calendar);
        assertThat(fromFile.out()).contains("holiday Moving (Tue 2026-12-22)");
        assertThat(fromFile.errors())
                .containsExactly(calendar + ": 1 event with a time of day left out: a holiday is a whole day");
        assertThat(week(text).out()).contains("holiday Christmas (Fri 2026-12-25, Sat 2026-12-26)");
        assertThat(week(text).err()).isEmpty();
        Cli without = week(schedule);
        assertThat(without.code()).isZero();
        assertThat(without.errors())
                .containsExactly(
                        "office-hours: the holidays of ConfigMap trimtab-holidays, key de.ics are not in this preview:"
                                + " name the file by --calendar, or add the ConfigMap to -f");
        assertThat(week(text.replace("de.ics: |", "fr.ics: |")).errors())
                .containsExactly("office-hours: ConfigMap trimtab-holidays, key de.ics: the ConfigMap has no such key");
        assertThat(week(text.replace("END:VCALENDAR", "")).errors())
                .containsExactly(
                        "ConfigMap trimtab-holidays, key de.ics: is cut off: END:VCALENDAR is not the last line");
        assertThat(week(BERLIN, "--calendar", calendar).errors())
                .containsExactly("--calendar: no schedule has a holidayCalendar, so " + calendar + " is not read");
        assertThat(week(BERLIN, "--calendar", "none.ics").errors())
                .containsExactly("--calendar: none.ics: no such file");
    }

    @Test
    @DisplayName("problems have their place, and the other schedules are printed")
    void problems() {
        String bad = BERLIN.replace("\"01:30-02:30\"", "\"Mon-Fri\"").replace("Europe/Berlin", "Berlin")
                + "  dryrun: true\n";
        Cli preview = week(BERLIN + "---\n" + bad);
        assertThat(preview.code()).isEqualTo(2);
        assertThat(preview.out()).startsWith("dev in namespace ml: ");
        assertThat(preview.errors())
                .containsExactly(
                        "stdin:18:11: spec.dryrun: is not known; did you mean dryRun?",
                        "stdin:15:13: spec.timeZone: \"Berlin\" is no time zone of the IANA database; did you mean"
                                + " Europe/Berlin?",
                        "stdin:16:12: spec.uptime[0]: \"Mon-Fri\" has no times; add 00:00-24:00 for whole days");
    }

    @Test
    @DisplayName("another version, or a kind in other letters, is named: the API server knows neither")
    void unknown() {
        String version = BERLIN.replace("v1alpha1", "v1");
        String kind = BERLIN.replace("kind: ServingSchedule", "kind: Servingschedule");
        String group = BERLIN.replace("trimtab.dev/", "trimtab.io/");
        Cli preview = week(BERLIN + "---\n" + version + "---\n" + kind + "---\n" + group);
        assertThat(preview.code()).isEqualTo(2);
        assertThat(preview.out()).isEqualTo(week(BERLIN).out());
        int lines = (int) BERLIN.lines().count() + 1;
        assertThat(preview.errors())
                .containsExactly(
                        "stdin:%d:13: apiVersion: \"trimtab.dev/v1\" is not known to the API server: write trimtab.dev/v1alpha1"
                                .formatted(lines + 1),
                        "stdin:%d:7: kind: \"Servingschedule\" is not known to the API server: write ServingSchedule"
                                .formatted(2 * lines + 2),
                        "stdin:%d:13: apiVersion: \"trimtab.io/v1alpha1\" is not known to the API server: write trimtab.dev/v1alpha1"
                                .formatted(3 * lines + 1));
        String policy = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\nmode: Audit\n";
        assertThat(week(BERLIN + "---\n" + policy)).isEqualTo(week(BERLIN));
    }

    @Test
    @DisplayName("a ServingScheduleList of the API server, and a List in a List")
    void lists() {
        String body = BERLIN.substring(BERLIN.indexOf("metadata:")).replace("\n", "\n  ");
        String typed = "apiVersion: trimtab.dev/v1alpha1\nkind: ServingScheduleList\nitems:\n- " + body;
        String nested =
                "apiVersion: v1\nkind: List\nitems:\n- " + typed.stripTrailing().replace("\n", "\n  ") + "\n";
        assertThat(week(typed)).isEqualTo(week(BERLIN));
        assertThat(week(nested)).isEqualTo(week(BERLIN));
        assertThat(week(typed.replace("v1alpha1", "v1")).errors())
                .containsExactly(
                        "stdin:4:3: apiVersion: \"trimtab.dev/v1\" is not known to the API server: write trimtab.dev/v1alpha1");
    }

    @Test
    @DisplayName("kubectl's list, files of other kinds, and no schedule at all")
    void others() {
        String list = "kind: List\napiVersion: v1\nitems:\n- " + BERLIN.replace("\n", "\n  ");
        assertThat(week(list).out()).isEqualTo(week(BERLIN).out());
        assertThat(week(list.replace("\"01:30-02:30\"", "8")).errors())
                .containsExactly("stdin:10:14: spec.uptime[0]: must be a text, not 8");
        assertThat(week(Cli.CONFIG_MAP + "---\n" + BERLIN).out())
                .isEqualTo(week(BERLIN).out());
        Cli none = week(Cli.CONFIG_MAP);
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.errors()).containsExactly("-: no ServingSchedule (trimtab.dev/v1alpha1)");
        assertThat(week("").errors()).containsExactly("stdin: no document: did the command before the pipe fail?");
    }

    @Test
    @DisplayName("a schedule that never changes, and ones that do nothing")
    void quiet() {
        String always = BERLIN.replace("\"01:30-02:30\", \"Mon-Fri 08:00-20:00\"", "24/7")
                .replace("\"2026-10-23\"", "");
        assertThat(week(always).out()).contains("Mon 2026-12-21 00:00 +01:00   Up      over 400d");
        assertThat(week(BERLIN + "  suspend: true\n").out())
                .contains("\nsuspend: true, so nothing is started or stopped\n");
        assertThat(week(BERLIN + "  dryRun: true\n").out())
                .contains("\ndryRun: true, so nothing is started or stopped\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --from soon  | --from: 'soon' is neither a day such as 2026-12-21 nor a time such as 2026-12-21T08:00:00Z
            --days 0     | --days: write 1 to 400
            --days 401   | --days: write 1 to 400
            -o yaml      | Invalid value for option '--output': 'yaml' is not one of table, json
            """)
    void misuse(String option, String problem) {
        Cli preview =
                Cli.run("schedule preview -f %s %s".formatted(OFFICE, option).split(" "));
        assertThat(preview.code()).isEqualTo(2);
        assertThat(preview.errors())
                .containsExactly("trimtab schedule preview: " + problem + " (see trimtab schedule preview --help)");
    }

    @ParameterizedTest
    @CsvSource({"office-hours", "nights", "weekends-off", "demo-day"})
    @DisplayName("the examples are valid, and their pictures fit 80 columns")
    void examples(String name) {
        Cli preview = Cli.run(
                "schedule", "preview", "-f", "docs/examples/schedules/" + name + ".yaml", "--from", "2026-12-21");
        assertThat(preview.code()).isZero();
        assertThat(preview.out()).startsWith(name + ": ");
        assertThat(preview.out().lines().dropWhile(it -> !it.startsWith("     ")))
                .hasSize(9)
                .allSatisfy(it -> assertThat(it).hasSizeLessThanOrEqualTo(80));
    }

    private static Cli week(String manifests, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("schedule", "preview", "-f", "-", "--from", "2026-12-21", "--days", "7"));
        arguments.addAll(List.of(more));
        return Cli.runWith(manifests, arguments.toArray(String[]::new));
    }
}
