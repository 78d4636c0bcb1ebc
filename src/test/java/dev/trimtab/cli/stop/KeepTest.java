package dev.trimtab.cli.stop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.trimtab.cli.Cli;
import dev.trimtab.cli.ScriptedApiServer;
import dev.trimtab.cli.ScriptedApiServer.Answer;
import io.fabric8.zjsonpatch.JsonPatch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code trimtab keep}, and {@code stop} and {@code start} of a service that has a schedule. */
class KeepTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String GROUP = "/apis/serving.kserve.io/v1beta1/namespaces/ml/inferenceservices/";
    private static final String SCHEDULES = "/apis/trimtab.dev/v1alpha1/namespaces/ml/servingschedules";
    private static final String STOP = "serving.kserve.io/stop";
    private static final String KEEP = "trimtab.dev/keep";
    private static final String UNTIL = "trimtab.dev/keep-until";
    private static final String MARK = "trimtab.dev/stopped-by";
    private static final String MARKED =
            "{\"schedule\":\"office-hours\",\"down\":\"2026-12-23T19:00:00Z\",\"since\":\"2026-12-23T19:00:04Z\",\"gpus\":{}}";
    private static final String LLAMA = "InferenceService ml/llama: ";
    private static final String LATER = "2999-01-07T08:00:00+01:00";

    private static final String OFFICE_HOURS = """
            {"metadata": {"name": "office-hours", "namespace": "ml"},
             "spec": {"timeZone": "Asia/Shanghai", "uptime": ["Mon-Fri 08:00-20:00"],
                      "selector": {"matchLabels": {"tier": "dev"},
                                   "matchExpressions": [{"key": "team", "operator": "NotIn", "values": ["prod"]}]}},
             "status": {"phase": "Down"}}
            """;

    @TempDir
    private Path folder;

    private final Map<String, String> annotations = new TreeMap<>();
    private Answer schedules = new Answer(200, "{\"items\": [%s]}".formatted(OFFICE_HOURS));
    private String tier = "dev";
    private int patches;
    private boolean dryRun;

    @Test
    @DisplayName("up: keeps and starts in one patch, whoever stopped it")
    void up() {
        annotations.putAll(Map.of(STOP, "true", MARK, MARKED));
        assertThat(run("keep", "llama", "up", "--until", LATER))
                .isEqualTo(done(LLAMA + "kept up until " + LATER + ", start requested\n"));
        assertThat(annotations).containsExactlyInAnyOrderEntriesOf(Map.of(KEEP, "up", UNTIL, LATER));
        assertThat(patches).isEqualTo(1);

        assertThat(run("keep", "llama", "up", "--until", LATER))
                .isEqualTo(done(LLAMA + "is already kept up until " + LATER + "\n"));
        assertThat(run("keep", "llama", "up")).isEqualTo(done(LLAMA + "kept up, without an end\n"));
        assertThat(annotations).containsExactlyInAnyOrderEntriesOf(Map.of(KEEP, "up"));
    }

    @Test
    @DisplayName("up: an end in two hours, to the second; a stop of \"false\" stays, since to take it off rolls pods")
    void upFor() {
        annotations.put(STOP, "false");
        Instant before = Instant.now();
        Cli kept = run("keep", "llama", "up", "--for", "2h");
        assertThat(kept.out()).startsWith(LLAMA + "kept up until 2").doesNotContain("start");
        assertThat(annotations).containsEntry(STOP, "false");
        assertThat(Duration.between(before, Instant.parse(annotations.get(UNTIL))))
                .isBetween(Duration.ofMinutes(119), Duration.ofMinutes(121));
        assertThat(annotations.get(UNTIL)).endsWith("Z").hasSize(20);
    }

    @Test
    @DisplayName("up: says if nothing would stop it anyway, and if that is not known")
    void upWithoutSchedule() {
        tier = "prod";
        assertThat(run("keep", "llama", "up").out())
                .isEqualTo(
                        LLAMA + "kept up, without an end; no schedule in force selects it, so nothing would stop it\n");
        schedules = Answer.status(404, "the server could not find the requested resource");
        assertThat(run("keep", "llama", "up", "--until", LATER).out()).contains("; no schedule in force selects it");
        schedules = Answer.status(403, "servingschedules.trimtab.dev is forbidden");
        assertThat(run("keep", "llama", "up").out())
                .contains(
                        "; whether a schedule selects it is not known: servingschedules: servingschedules.trimtab.dev is"
                                + " forbidden");
    }

    @Test
    @DisplayName("down: leaves the stop to the schedule, which starts it again in the end")
    void down() {
        annotations.put(UNTIL, "2020-01-01T00:00:00Z");
        assertThat(run("keep", "llama", "down"))
                .isEqualTo(done(LLAMA + "kept down, without an end: the schedule office-hours stops it\n"));
        assertThat(annotations).containsExactlyInAnyOrderEntriesOf(Map.of(KEEP, "down"));

        annotations.putAll(Map.of(STOP, "true", MARK, MARKED));
        assertThat(run("keep", "llama", "down", "--until", LATER).out())
                .endsWith("kept down until " + LATER + ": the schedule office-hours has stopped it already\n");
        annotations.remove(MARK);
        assertThat(run("keep", "llama", "down").out())
                .endsWith(": it was stopped by hand, so no schedule starts it again\n");
    }

    @ParameterizedTest
    @CsvSource({
        "prod, 200, {\"items\": [OFFICE]}, no schedule in force selects it",
        "dev, 404, {}, no schedule in force selects it",
        "dev, 200, {\"items\": [SUSPENDED]}, no schedule in force selects it",
        "dev, 200, {\"items\": [INVALID]}, no schedule in force selects it",
        "dev, 200, {\"items\": [GRAPHS]}, no schedule in force selects it",
        "dev, 403, {}, schedules cannot be read (servingschedules: "
    })
    @DisplayName("down: refused if no schedule would stop it, with what to do")
    void downRefused(String tier, int code, String body, String because) {
        this.tier = tier;
        schedules = new Answer(
                code,
                body.replace("OFFICE", OFFICE_HOURS)
                        .replace("SUSPENDED", withSpec("\"suspend\": true"))
                        .replace("INVALID", withSpec("\"holidays\": [\"Christmas\"]"))
                        .replace("GRAPHS", withSpec("\"kinds\": [\"InferenceGraph\"]")));
        Cli refused = run("keep", "llama", "down");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.errors())
                .singleElement()
                .asString()
                .startsWith(LLAMA + because)
                .endsWith(", so nobody would stop it, or start it again: trimtab stop llama stops it");
        assertThat(patches).isZero();
    }

    @Test
    @DisplayName("off: the schedule alone decides")
    void off() {
        annotations.putAll(Map.of(KEEP, "up", UNTIL, LATER, MARK, MARKED));
        assertThat(run("keep", "llama", "off")).isEqualTo(done(LLAMA + "no longer kept\n"));
        assertThat(annotations).containsOnlyKeys(MARK);
        assertThat(run("keep", "llama", "off")).isEqualTo(done(LLAMA + "is not kept\n"));
    }

    @Test
    @DisplayName("--dry-run says what would be, and asks the API server without storing")
    void wouldBe() {
        annotations.putAll(Map.of(STOP, "true", MARK, MARKED));
        assertThat(run("keep", "llama", "up", "--until", LATER, "--dry-run").out())
                .isEqualTo(LLAMA + "would be kept up until " + LATER + ", and started\n");
        assertThat(annotations).containsOnlyKeys(STOP, MARK);
        assertThat(dryRun).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "keep llama | the last argument is 'llama': say up, down or off, such as trimtab keep llama up",
                "keep | the last argument is missing: say up, down or off, such as trimtab keep llama up",
                "keep up | which services? Give a NAME, -l LABELS or --all",
                "keep up llama | the last argument is 'llama': say up, down or off",
                "keep llama up --for 2h --until 2999-01-01T00:00:00Z | either --for or --until",
                "keep llama off --for 2h | off takes neither --for nor --until",
                "keep llama up --for 0s | --for 0s ends at once",
                "keep llama up --for soon | 'soon' is not a duration such as 90s or 1h30m",
                "keep llama up --until 2020-01-01T00:00:00Z | --until 2020-01-01T00:00:00Z is past: it is 2",
                "keep llama up --until tomorrow | --until 'tomorrow' is not a time like 2026-12-24T18:00:00+01:00 (RFC 3339)"
            })
    @DisplayName("what cannot be meant is refused in one line")
    void misuse(String line, String problem) {
        Cli refused = run(line.split(" "));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.errors()).singleElement().asString().contains(problem);
        assertThat(patches).isZero();
    }

    @Test
    @DisplayName("stop: what a schedule has stopped is stopped by hand then; a keep ends")
    void stop() {
        annotations.putAll(Map.of(STOP, "true", MARK, MARKED, KEEP, "up"));
        assertThat(run("stop", "llama", "--dry-run").out())
                .isEqualTo(LLAMA + "would be stopped by hand now: the schedule office-hours does not start it again\n");
        assertThat(run("stop", "llama").out())
                .isEqualTo(LLAMA + "is stopped by hand now: the schedule office-hours does not start it again\n");
        assertThat(annotations).containsOnlyKeys(STOP);
        assertThat(run("stop", "llama").out()).isEqualTo(LLAMA + "is already stopped\n");

        annotations.clear();
        annotations.putAll(Map.of(MARK, MARKED, KEEP, "up", UNTIL, LATER));
        assertThat(run("stop", "llama").out()).isEqualTo(LLAMA + "stop requested\n");
        assertThat(annotations).as("started by hand before").containsOnlyKeys(STOP);
    }

    @Test
    @DisplayName("start: the mark stays, so the schedule leaves it up until its next phase Down")
    void start() {
        annotations.putAll(Map.of(STOP, "true", MARK, MARKED, KEEP, "down"));
        assertThat(run("start", "llama").out())
                .isEqualTo(
                        LLAMA + "start requested, until the schedule office-hours stops it again; trimtab keep llama up"
                                + " --for 2h keeps it up for a time of yours\n");
        assertThat(annotations).containsOnlyKeys(MARK);

        annotations.clear();
        annotations.putAll(Map.of(STOP, "true", MARK, MARKED, KEEP, "up"));
        assertThat(run("start", "llama").out()).isEqualTo(LLAMA + "start requested\n");
        assertThat(annotations).containsOnlyKeys(MARK, KEEP);
    }

    @Test
    @DisplayName("start of what was stopped by hand: says if a schedule would stop it at once")
    void startAtNight() {
        annotations.put(STOP, "true");
        assertThat(run("start", "llama").out())
                .isEqualTo(LLAMA + "start requested, but the schedule office-hours is Down and stops it again; trimtab"
                        + " keep llama up --for 2h keeps it up\n");
        annotations.put(STOP, "true");
        schedules = new Answer(200, "{\"items\": [%s]}".formatted(OFFICE_HOURS.replace("Down", "Up")));
        assertThat(run("start", "llama").out()).isEqualTo(LLAMA + "start requested\n");
        annotations.put(STOP, "true");
        schedules = Answer.status(403, "forbidden");
        assertThat(run("start", "llama").out()).isEqualTo(LLAMA + "start requested\n");
    }

    private static String withSpec(String field) {
        return OFFICE_HOURS.replace("\"spec\": {", "\"spec\": {" + field + ", ");
    }

    private static Cli done(String out) {
        return new Cli(0, out, "");
    }

    private Cli run(String... args) {
        try (ScriptedApiServer server = new ScriptedApiServer(this::answer)) {
            return server.run(folder, args);
        }
    }

    private Answer answer(String method, String path, String body) {
        if (path.equals(SCHEDULES)) {
            return schedules;
        }
        if (!path.startsWith(GROUP + "llama")) {
            return path.contains("/pods")
                    ? new Answer(200, "{\"items\": []}")
                    : Answer.status(404, "not found: " + path);
        }
        try {
            return method.equals("PATCH")
                    ? patched(path, body)
                    : new Answer(200, service().toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer patched(String path, String body) throws JsonProcessingException {
        JsonNode after = JsonPatch.apply(JSON.readTree(body), service());
        patches++;
        dryRun = path.contains("dryRun=All");
        if (!dryRun) {
            annotations.clear();
            after.at("/metadata/annotations")
                    .properties()
                    .forEach(it -> annotations.put(it.getKey(), it.getValue().asText()));
        }
        return new Answer(200, after.toString());
    }

    private JsonNode service() throws JsonProcessingException {
        JsonNode service = JSON.readTree("""
                {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService",
                 "metadata": {"name": "llama", "namespace": "ml", "resourceVersion": "7", "labels": {"tier": "%s"}}}
                """.formatted(tier));
        service.withObject("/metadata").set("annotations", JSON.valueToTree(annotations));
        return service;
    }
}
