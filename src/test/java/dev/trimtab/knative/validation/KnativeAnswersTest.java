package dev.trimtab.knative.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.Corpus;
import dev.trimtab.knative.KnativeDefaulting;
import dev.trimtab.knative.config.AutoscalerConfig;
import dev.trimtab.knative.config.ConfigMapProblem;
import dev.trimtab.knative.config.KnativeConfig;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Our verdicts and defaults against those of a real Knative webhook, case by case. */
class KnativeAnswersTest {
    private static final String ANSWERS = "knative-answers.json";

    @TestFactory
    @DisplayName("a created Service: accepted or refused, with which words")
    Stream<DynamicTest> verdicts() {
        return cases("services")
                .map(answer -> dynamicTest(answer.path("case").asText(), () -> {
                    List<String> problems = ServiceRules.onCreate(
                            (ObjectNode) answer.path("input"), Corpus.config(answer.path("config")));
                    assertThat(String.join("\n", problems))
                            .isEqualTo(answer.path("message").asText());
                    assertThat(problems.isEmpty())
                            .isEqualTo(answer.path("accepted").asBoolean());
                }));
    }

    @TestFactory
    @DisplayName("a created Service: as it is stored")
    Stream<DynamicTest> stored() {
        return cases("services")
                .filter(answer -> answer.path("accepted").asBoolean())
                .map(answer -> dynamicTest(answer.path("case").asText(), () -> {
                    KnativeConfig config = Corpus.config(answer.path("config"));
                    ObjectNode stored = KnativeDefaulting.apply((ObjectNode) answer.path("input"), null, config);
                    assertThat(recorded(stored)).isEqualTo(answer.path("stored"));
                    assertThat(ServiceRules.onCreate(stored, config)).isEmpty();
                    assertThat(KnativeDefaulting.apply(stored, stored, config)).isEqualTo(stored);
                }));
    }

    @TestFactory
    @DisplayName("an updated Service as KServe updates it: verdict, dry run, result, whether a revision comes of it")
    Stream<DynamicTest> updates() {
        return cases("updates")
                .map(answer -> dynamicTest(answer.path("case").asText(), () -> {
                    ObjectNode created = (ObjectNode) answer.path("created");
                    ObjectNode stored = KnativeDefaulting.apply(created, null, KnativeConfig.DEFAULTS);
                    assertThat(recorded(stored)).isEqualTo(answer.path("stored"));
                    KnativeConfig config = Corpus.config(answer.path("configAfter"));
                    ObjectNode update = stored.deepCopy();
                    update.set("spec", answer.path("dryRunUpdate"));

                    ObjectNode dryRun = KnativeDefaulting.apply(update, stored, config);
                    String problems = String.join("\n", ServiceRules.onUpdate(dryRun, stored, config));
                    // Knative adds a diff of its Go structs to the reason; we stop after the path.
                    assertThat(problems)
                            .isEqualTo(withoutDiff(answer.path("message").asText()));
                    assertThat(problems.isEmpty())
                            .isEqualTo(answer.path("accepted").asBoolean());
                    assertThat(String.join("\n", ServiceRules.onUpdate(update, stored, config)))
                            .as("before Knative's defaulting")
                            .isEqualTo(problems);
                    if (problems.isEmpty()) {
                        realUpdate(answer, dryRun, stored, config);
                    }
                }));
    }

    private static void realUpdate(JsonNode answer, ObjectNode dryRun, ObjectNode stored, KnativeConfig config) {
        assertThat(dryRun.get("spec")).isEqualTo(answer.path("dryRunResult"));
        // KServe's work-around: what Knative fills in on CREATE only is taken over.
        ObjectNode update = dryRun.deepCopy();
        update.withObject("/spec/template/spec")
                .set("enableServiceLinks", stored.at("/spec/template/spec/enableServiceLinks"));
        boolean same = update.at("/spec/template").equals(stored.at("/spec/template"));
        assertThat(same).isEqualTo(answer.path("templateEqualsStored").asBoolean());
        assertThat(ServiceRules.onUpdate(update, stored, config).isEmpty())
                .isEqualTo(answer.path("realAccepted").asBoolean());
        ObjectNode result = KnativeDefaulting.apply(update, stored, config);
        assertThat(result.get("spec")).isEqualTo(answer.path("realResult"));
        assertThat(result.get("spec").equals(stored.get("spec")) ? 1 : 2)
                .isEqualTo(answer.path("generation").asInt());
    }

    @TestFactory
    @DisplayName("an edited config-autoscaler")
    Stream<DynamicTest> configAutoscaler() {
        return cases("configAutoscaler").map(answer -> {
            JsonNode data = answer.path("config-autoscaler");
            return dynamicTest(data.toString(), () -> {
                if (answer.path("accepted").asBoolean()) {
                    assertThat(AutoscalerConfig.parse(Corpus.data(data))).isNotNull();
                } else {
                    assertThatThrownBy(() -> AutoscalerConfig.parse(Corpus.data(data)))
                            .isInstanceOfSatisfying(ConfigMapProblem.class, it -> assertThat(
                                            answer.path("message").asText())
                                    .contains(it.key()));
                }
            });
        });
    }

    @Test
    @DisplayName("annotations that were fine when written, and no longer are since the cluster has a limit")
    void revisionStatus() {
        JsonNode answer = Corpus.json(ANSWERS).path("revisionStatus");
        AutoscalerConfig then = autoscaler(answer.path("configThen"));
        AutoscalerConfig now = autoscaler(answer.path("configNow"));

        assertThat(AnnotationRules.check(answer.path("revisionAnnotations"), then))
                .isEmpty();
        assertThat(AnnotationRules.check(answer.path("revisionAnnotations"), now))
                .hasSize(2);
        assertThat(AnnotationRules.check(answer.path("annotationPatchTo"), now)).isEmpty();
    }

    private static AutoscalerConfig autoscaler(JsonNode data) {
        ObjectNode configMaps = JsonNodeFactory.instance.objectNode();
        configMaps.set(KnativeConfig.CONFIG_AUTOSCALER, data);
        return Corpus.config(configMaps).autoscaler();
    }

    private static Stream<JsonNode> cases(String kind) {
        return StreamSupport.stream(Corpus.json(ANSWERS).path(kind).spliterator(), false);
    }

    /** What the recording kept of a stored Service. */
    private static JsonNode recorded(ObjectNode service) {
        ObjectNode kept = JsonNodeFactory.instance.objectNode();
        ObjectNode annotations = kept.putObject("metadata").putObject("annotations");
        annotations.setAll(
                service.at("/metadata/annotations") instanceof ObjectNode map
                        ? map
                        : JsonNodeFactory.instance.objectNode());
        kept.set("spec", service.get("spec"));
        return kept;
    }

    private static String withoutDiff(String message) {
        int diff = message.indexOf("\n{*v1.RevisionTemplateSpec}");
        return diff < 0 ? message : message.substring(0, diff);
    }
}
