package dev.trimtab.cli.stop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import dev.trimtab.cli.ScriptedApiServer;
import dev.trimtab.cli.ScriptedApiServer.Answer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trimtab status}: what it makes of Events, and of what may not be read. */
class StatusTest {
    private static final String GROUP = "/apis/serving.kserve.io/";
    private static final String SERVICES = GROUP + "v1beta1/namespaces/ml/inferenceservices";
    private static final String LLMS = GROUP + "v1alpha1/namespaces/ml/llminferenceservices";
    private static final String EVENTS = "/api/v1/namespaces/ml/events";
    private static final String LIMITS = "/api/v1/namespaces/knative-serving/configmaps/config-autoscaler";
    private static final String REVISIONS = "/apis/serving.knative.dev/v1/namespaces/ml/revisions";
    private static final String HEADER =
            "NAMESPACE   KIND               NAME    STOPPED SINCE          HOLDS    RELEASED            BLOCKED BY\n";
    private static final String ROW = "ml          InferenceService   llama   2026-11-22T10:00:00Z   0 pods   ";

    /** Stopped at 09:59:50, and by KServe ten seconds later. */
    private static final String LLAMA = """
            {"metadata": {"name": "llama", "namespace": "ml", "uid": "u1",
             "annotations": {"serving.kserve.io/stop": "true"},
             "managedFields": [{"manager": "kubectl", "time": "2026-11-22T09:59:50Z",
              "fieldsV1": {"f:metadata": {"f:annotations": {"f:serving.kserve.io/stop": {}}}}}]},
             "status": {"conditions": [{"type": "Stopped", "status": "True", "lastTransitionTime": "2026-11-22T10:00:00Z"}]}}
            """;

    @TempDir
    private Path folder;

    private final Map<String, Answer> answers = new HashMap<>(Map.of(
            SERVICES, list(LLAMA), LIMITS, new Answer(200, "{\"data\": {}}"), REVISIONS, list(), EVENTS, list()));

    @Test
    @DisplayName("what was released is the controller's count of this stop, not of an earlier one or another service's")
    void released() {
        String other = event("u2", "Released", "10:00:30", "", "{\"nvidia.com/gpu\":\"1\"}");
        String earlier = event("u1", "Released", "09:30:00", "", "{\"nvidia.com/gpu\":\"4\"}");
        String started = event("u1", "Starting", "09:40:00", "", "");
        answers.put(EVENTS, list(other, earlier, started));
        assertThat(status().out()).isEqualTo("""
                NAMESPACE   KIND               NAME    STOPPED SINCE          HOLDS    RELEASED   BLOCKED BY
                ml          InferenceService   llama   2026-11-22T10:00:00Z   0 pods   yes        -

                1 stopped: 1 released
                """);

        answers.put(
                EVENTS,
                list(other, earlier, started, event("u1", "Released", "10:00:20", "", "{\"nvidia.com/gpu\":\"16\"}")));
        assertThat(status().out())
                .isEqualTo(HEADER + ROW + "16 nvidia.com/gpu   -\n\n" + "1 stopped: 1 released (16 nvidia.com/gpu)\n");
        assertThat(json())
                .contains("\"gpusReleased\":{\"nvidia.com/gpu\":16},\"blockedBy\"", "\"revisionsRefused\":[]");

        answers.put(EVENTS, list(event("u1", "Released", "10:00:20", "", "{}")));
        assertThat(status().out()).contains("0 pods   no GPU     -\n", "1 stopped: 1 released\n");

        String again = event("u1", "Stopping", "09:59:50", "", "");
        answers.put(EVENTS, list(earlier, again));
        assertThat(status().out()).as("nobody saw the start").contains("0 pods   yes        -\n");

        String later = event("u1", "Released", "09:59:50", "", "{\"nvidia.com/gpu\":\"2\"}")
                .replace("\"lastTimestamp\": \"2026-11-22T09:59:50Z\"", "\"lastTimestamp\": \"2026-11-22T10:07:00Z\"");
        answers.put(EVENTS, list(again, later));
        assertThat(status().out()).as("by the moment of the stop").contains("0 pods   2 nvidia.com/gpu   -\n");
    }

    @Test
    @DisplayName("what the controller said blocks it stands there, once, until it is released")
    void blocked() {
        String blocked = event(
                "u1",
                "StopBlocked",
                "10:00:10",
                "KServe has not set Stopped; pod llama-1 has finalizers, which another controller must remove",
                "");
        answers.put(EVENTS, list(event("u1", "StopBlocked", "10:00:05", "older", ""), blocked));
        assertThat(status().out())
                .contains("   0 pods   yes        pod llama-1 has finalizers, which another controller must remove\n");

        answers.put(EVENTS, list(blocked, event("u1", "Released", "10:00:20", "", "{}")));
        assertThat(status().out()).contains("0 pods   no GPU     -\n");

        answers.put(SERVICES, list(LLAMA.replace("\"status\": {", "\"status\": {\"deploymentMode\": \"ModelMesh\", ")));
        answers.put(
                EVENTS,
                list(event("u1", "NotSupported", "10:00:05", "ModelMesh has no stop: the model keeps running", "")));
        assertThat(status().out()).contains("unknown   -          ModelMesh has no stop\n");
    }

    @Test
    @DisplayName("an LLMInferenceService is stopped by a reason, not by a condition of its own")
    void llm() {
        String stopped = LLAMA.replace(
                "\"type\": \"Stopped\", \"status\": \"True\"",
                "\"type\": \"MainWorkloadReady\", \"status\": \"False\", \"reason\": \"Stopped\"");
        answers.put(SERVICES, list());
        answers.put(LLMS, list(stopped, LLAMA.replace("\"True\"", "\"False\"").replace("llama", "slow")));
        assertThat(status().out())
                .contains("LLMInferenceService   llama   2026-11-22T10:00:00Z   0 pods   yes        -\n")
                .contains("LLMInferenceService   slow    -                      0 pods   -          "
                        + "KServe has not set MainWorkloadReady to False with reason Stopped\n");
    }

    @Test
    @DisplayName("without the right to read Events, Revisions or LLMInferenceServices it works as before")
    void forbidden() {
        for (String path : new String[] {EVENTS, LIMITS, REVISIONS}) {
            answers.put(path, Answer.status(403, "is forbidden"));
        }
        answers.put(LLMS, Answer.status(403, "llminferenceservices is forbidden"));
        Cli status = status();
        assertThat(status.code()).isZero();
        assertThat(status.out()).contains(ROW + "yes        -\n").endsWith("1 stopped: 1 released\n");
        assertThat(status.err())
                .isEqualTo("Warning: not listed: llminferenceservices: llminferenceservices is forbidden\n");
        assertThat(json()).contains("\"gpusReleased\":null", "\"revisionsRefused\":null");
    }

    @Test
    @DisplayName("a cluster that fails to answer is said: it may not pass for one where nothing is to be said")
    void failing() {
        for (String path : new String[] {EVENTS, LIMITS, REVISIONS}) {
            Answer before = answers.put(path, Answer.status(500, "etcdserver: request timed out"));
            Cli status = status();
            assertThat(status.code()).as("%s: %s", path, status).isEqualTo(2);
            assertThat(status.out()).isEmpty();
            assertThat(status.errors()).singleElement().asString().contains("etcdserver: request timed out");
            answers.put(path, before);
        }
    }

    @Test
    @DisplayName("Knative in another namespace: its limits are read there")
    void knativeNamespace() {
        answers.remove(LIMITS);
        answers.put(
                "/api/v1/namespaces/serving/configmaps/config-autoscaler",
                new Answer(200, "{\"data\": {\"max-scale-limit\": \"10\", \"max-scale\": \"6\"}}"));
        answers.put(
                REVISIONS,
                list("{\"metadata\": {\"name\": \"a\", \"namespace\": \"ml\", "
                        + "\"annotations\": {\"autoscaling.knative.dev/max-scale\": \"50\"}}}"));

        assertThat(status("--knative-namespace", "serving").out())
                .contains("Revisions that Knative refuses to write: 1 (ml/a)");
        assertThat(status().out()).doesNotContain("refuses");
    }

    @Test
    @DisplayName("who stopped it, where a schedule has; and what somebody keeps up or down, running or not")
    void schedules() {
        String mark = """
                "trimtab.dev/stopped-by": "{\\\"schedule\\\":\\\"nights\\\",\\\"down\\\":\\\"2026-11-22T09:00:00Z\\\",\\\"since\\\":\\\"2026-11-22T09:00:04Z\\\",\\\"gpus\\\":{}}",
                """;
        String scheduled =
                LLAMA.replace("kubectl", "trimtab-schedule").replace("\"serving.kserve.io/stop\"", mark + """
                "trimtab.dev/keep": "down", "trimtab.dev/keep-until": "2999-01-01T00:00:00Z", "serving.kserve.io/stop"
                """);
        // An old mark, and a stop by another manager.
        String byHand = LLAMA.replace("llama", "qwen")
                .replace("\"serving.kserve.io/stop\"", mark + "\"serving.kserve.io/stop\"");
        String running = LLAMA.replace("llama", "busy")
                .replace("\"serving.kserve.io/stop\": \"true\"", "\"trimtab.dev/keep\": \"up\"");
        String over = running.replace("busy", "over")
                .replace("\"up\"", "\"up\", \"trimtab.dev/keep-until\": \"2020-01-01T00:00:00Z\"");
        answers.put(SERVICES, list(scheduled, running, over, byHand));
        assertThat(status().out()).isEqualTo("""
                NAMESPACE   KIND               NAME    STOPPED SINCE          STOPPED BY        HOLDS    RELEASED   BLOCKED BY
                ml          InferenceService   llama   2026-11-22T10:00:00Z   schedule nights   0 pods   yes        -
                ml          InferenceService   qwen    2026-11-22T10:00:00Z   hand              0 pods   yes        -

                2 stopped: 2 released
                kept down until 2999-01-01T00:00:00Z: InferenceService ml/llama
                kept up, without an end: InferenceService ml/busy
                """);
        assertThat(json())
                .contains(
                        "\"stoppedBy\":{\"schedule\":\"nights\",\"since\":\"2026-11-22T09:00:04Z\"}",
                        "\"stoppedBy\":null")
                .contains(
                        "\"kept\":[{\"kind\":\"InferenceService\",\"namespace\":\"ml\",\"name\":\"llama\",\"keep\":\"down\"");
    }

    @Test
    @DisplayName("Revisions that config-autoscaler no longer allows are listed, also where nothing is stopped")
    void revisions() {
        answers.put(SERVICES, list());
        answers.put(LIMITS, new Answer(200, "{\"data\": {\"max-scale\": \"6\", \"max-scale-limit\": \"10\"}}"));
        String revision = """
                {"metadata": {"name": "%s", "namespace": "ml", "annotations": {"autoscaling.knative.dev/max-scale": "%s"}}}
                """;
        answers.put(
                REVISIONS,
                list(revision.formatted("b", "0"), revision.formatted("a", "50"), revision.formatted("c", "3")));
        assertThat(status()).isEqualTo(new Cli(0, """
                Nothing is stopped in namespace ml.
                Revisions that Knative refuses to write: 2 (ml/a, ml/b)
                """, ""));
        assertThat(json())
                .contains(
                        "\"revisionsRefused\":[{\"namespace\":\"ml\",\"name\":\"a\"},{\"namespace\":\"ml\",\"name\":\"b\"}]");

        answers.put(LIMITS, new Answer(200, "{\"data\": {\"max-scale-limit\": \"-1\"}}"));
        assertThat(status().out()).isEqualTo("Nothing is stopped in namespace ml.\n");
    }

    private String json() {
        return status("-o", "json").out().replaceAll("\\s+", "");
    }

    private Cli status(String... more) {
        try (ScriptedApiServer server = new ScriptedApiServer((method, path, body) ->
                answers.getOrDefault(path.replaceAll("\\?.*", ""), path.contains("/pods") ? list() : NONE))) {
            String[] args = new String[more.length + 3];
            System.arraycopy(more, 0, args, 3, more.length);
            args[0] = "status";
            args[1] = "--kubeconfig";
            args[2] = server.kubeconfig(folder);
            return Cli.run(args);
        }
    }

    private static final Answer NONE = Answer.status(404, "not found");

    private static String event(String uid, String reason, String time, String message, String gpus) {
        return """
                {"metadata": {"annotations": {"trimtab.dev/gpus": "%s", "trimtab.dev/moment": "2026-11-22T%sZ"}}, "involvedObject": {"uid": "%s"},
                 "reason": "%s", "message": "%s", "lastTimestamp": "2026-11-22T%sZ"}
                """.formatted(gpus.replace("\"", "\\\""), time, uid, reason, message, time);
    }

    private static Answer list(String... items) {
        return new Answer(200, "{\"items\": [" + String.join(",", items) + "]}");
    }
}
