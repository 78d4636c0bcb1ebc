package dev.trimtab.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The scripts in {@code deploy/gitops/argocd/argocd-cm.yaml}, run. */
class ArgoScriptsTest {
    private final JsonNode data =
            Recipes.load(Recipes.FOLDER.resolve("argocd/argocd-cm.yaml")).path("data");

    @ParameterizedTest
    @EnumSource(Statuses.class)
    @DisplayName("health: stopped is Suspended, on the way there or back Progressing, and what fails says why")
    void health(Statuses status) {
        JsonNode health = script("resource.customizations.health.serving.kserve.io_InferenceService")
                .run(status.object());

        assertThat(health.path("status").asText() + ": "
                        + health.path("message").asText())
                .isEqualTo(status.health());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                      | false | true
            {annotations: {other: a}}                               | false | true
            {annotations: {serving.kserve.io/stop: "true"}}         | true  | false
            {annotations: {serving.kserve.io/stop: "TRUE"}}         | true  | false
            {annotations: {serving.kserve.io/stop: "false"}}        | false | false
            """)
    @DisplayName("the menu offers what would change something")
    void discovery(String metadata, boolean stopDisabled, boolean startDisabled) {
        JsonNode actions = new LuaScript(actions().path("discovery.lua").asText()).run(object(metadata));

        assertThat(actions)
                .isEqualTo(Recipes.yaml(
                        "{stop: {disabled: %s}, start: {disabled: %s}}".formatted(stopDisabled, startDisabled)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            stop  | {name: a}                                                           | {name: a, annotations: {serving.kserve.io/stop: "true"}}
            stop  | {name: a, annotations: {other: b}}                                  | {name: a, annotations: {other: b, serving.kserve.io/stop: "true"}}
            stop  | {name: a, annotations: {serving.kserve.io/stop: "false"}}           | {name: a, annotations: {serving.kserve.io/stop: "true"}}
            stop  | {name: a, annotations: {other: b, trimtab.dev/stopped-by: "{}"}}     | {name: a, annotations: {other: b, serving.kserve.io/stop: "true"}}
            start | {name: a, annotations: {other: b, serving.kserve.io/stop: "true"}}  | {name: a, annotations: {other: b}}
            start | {name: a, annotations: {serving.kserve.io/stop: "true"}}            | {name: a}
            start | {name: a, annotations: {serving.kserve.io/stop: "false"}}           | {name: a}
            start | {name: a}                                                           | {name: a}
            """)
    @DisplayName(
            "stop writes the annotation and takes off a schedule's mark, start takes it off, and nothing else changes")
    void actions(String action, String before, String after) {
        for (JsonNode definition : actions().path("definitions")) {
            if (definition.path("name").asText().equals(action)) {
                LuaScript script = new LuaScript(definition.path("action.lua").asText());
                assertThat(script.act(object(before))).isEqualTo(object(after));
            }
        }
        assertThat(actions().path("definitions").findValuesAsText("name")).containsExactly("stop", "start");
    }

    @Test
    @DisplayName("InferenceGraphs get the same")
    void graphs() {
        for (String what : new String[] {"health", "actions"}) {
            String key = "resource.customizations.%s.serving.kserve.io_Inference".formatted(what);
            assertThat(data.path(key + "Graph").asText())
                    .isNotEmpty()
                    .isEqualTo(data.path(key + "Service").asText());
        }
        assertThat(data).hasSize(6);
    }

    private LuaScript script(String key) {
        return new LuaScript(data.path(key).asText());
    }

    private ObjectNode actions() {
        return Recipes.parse(data.path("resource.customizations.actions.serving.kserve.io_InferenceService")
                .asText());
    }

    /** With an empty map, which a script must not turn into a list. */
    private static ObjectNode object(String metadata) {
        return Recipes.yaml(
                "{kind: InferenceService, metadata: %s, spec: {predictor: {model: {}, volumes: [{name: cache, emptyDir: {}}]}}}"
                        .formatted(metadata));
    }
}
