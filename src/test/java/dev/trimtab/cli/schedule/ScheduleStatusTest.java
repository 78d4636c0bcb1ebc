package dev.trimtab.cli.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import dev.trimtab.cli.ScriptedApiServer;
import dev.trimtab.cli.ScriptedApiServer.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trimtab schedule status}: the status that the controller writes, as people read it. */
class ScheduleStatusTest {
    private static final String SCHEDULES = "/apis/trimtab.dev/v1alpha1/namespaces/ml/servingschedules";

    private static final String OFFICE_HOURS = """
            {"metadata": {"name": "office-hours", "namespace": "ml", "generation": 2},
             "status": {"phase": "Up", "observedGeneration": 2,
              "nextTransition": "2026-12-24T19:00:00Z", "nextPhase": "Down",
              "servicesUp": 5, "servicesDown": 1, "servicesStarting": 2, "gpusStarting": 12, "gpusReleased": 4,
              "gpuHoursReleased": "1312.5",
              "starting": [{"kind": "InferenceService", "name": "llama", "since": "2026-12-24T06:50:03Z", "gpus": 8},
                           {"kind": "InferenceGraph", "name": "route", "since": "2026-12-24T06:51:00Z", "gpus": 0}],
              "conditions": [{"type": "Ready", "status": "True", "reason": "Valid", "message": "Works."}]}}
            """;

    private static final String NEW = "{\"metadata\": {\"name\": \"new\", \"namespace\": \"ml\", \"generation\": 1}}";

    private static final String INVALID = """
            {"metadata": {"name": "nights", "namespace": "ml", "generation": 3},
             "status": {"observedGeneration": 2,
              "conditions": [{"type": "Ready", "status": "False", "reason": "Invalid",
                              "message": "spec.uptime[0]: Mon-Fry is no range of days"}]}}
            """;

    @TempDir
    private Path folder;

    private Answer answer = items(OFFICE_HOURS, NEW, INVALID);
    private String path = SCHEDULES;

    @Test
    @DisplayName("a row each, by name, and below it what is on its way up")
    void table() {
        assertThat(run("-o", "wide")).isEqualTo(new Cli(0, """
                NAMESPACE   NAME           PHASE   NEXT                           UP   DOWN   STARTING      RELEASED   GPU-HOURS   STATE
                ml          new            -       -                              -    -      -             -          -           no controller has seen it
                ml          nights         -       -                              -    -      -             -          -           Invalid: spec.uptime[0]: Mon-Fry is no range of days (before its last change)
                ml          office-hours   Up      Down at 2026-12-24T19:00:00Z   5    1      2 (12 GPUs)   4          1312.5      Valid
                starting since 2026-12-24T06:50:03Z: InferenceService ml/llama, 8 GPUs
                starting since 2026-12-24T06:51:00Z: InferenceGraph ml/route, no GPU
                """, ""));
    }

    @Test
    @DisplayName("one of them by its name; none of that name is a mistake")
    void one() {
        assertThat(run("new", "-o", "wide").out().lines()).hasSize(2);
        assertThat(run("other")).isEqualTo(new Cli(2, "", "no schedule other in namespace ml\n"));
    }

    @Test
    @DisplayName("all namespaces; none at all is no mistake; without the CRD it is")
    void none() {
        path = "/apis/trimtab.dev/v1alpha1/servingschedules";
        answer = items();
        assertThat(run("-A")).isEqualTo(new Cli(0, "No schedule in any namespace.\n", ""));
        answer = Answer.status(404, "the server could not find the requested resource");
        assertThat(run("-A"))
                .isEqualTo(new Cli(
                        2, "", "the cluster knows no ServingSchedule: Trimtab is not installed there, or too old\n"));
        answer = Answer.status(403, "is forbidden");
        assertThat(run("-A")).isEqualTo(new Cli(2, "", "servingschedules: is forbidden\n"));
    }

    @Test
    @DisplayName("JSON: the status as it is, null where no controller has written one")
    void json() {
        answer = items(NEW, OFFICE_HOURS);
        String json = run("-o", "json").out().replaceAll("\\s+", "");
        assertThat(json)
                .startsWith("{\"schedules\":[{\"namespace\":\"ml\",\"name\":\"new\","
                        + "\"state\":\"nocontrollerhasseenit\",\"status\":null}")
                .contains("\"name\":\"office-hours\",\"state\":\"Valid\",\"status\":{\"phase\":\"Up\"")
                .contains("\"gpuHoursReleased\":\"1312.5\"");
    }

    private static Answer items(String... schedules) {
        return new Answer(200, "{\"items\": [%s]}".formatted(String.join(",", schedules)));
    }

    private Cli run(String... more) {
        try (ScriptedApiServer server = new ScriptedApiServer(
                (method, asked, body) -> asked.equals(path) ? answer : Answer.status(404, "not found: " + asked))) {
            String[] args = new String[more.length + 2];
            args[0] = "schedule";
            args[1] = "status";
            System.arraycopy(more, 0, args, 2, more.length);
            return server.run(folder, args);
        }
    }
}
