package dev.trimtab.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.YamlStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoppedServiceTest {
    private static final HeldPods NONE = new HeldPods(List.of());

    @ParameterizedTest
    @CsvSource({"true,true", "True,true", "TRUE,true", "false,false", "yes,false", "'',false"})
    @DisplayName("stopped is what KServe takes for it")
    void annotation(String value, boolean stopped) {
        assertThat(StopAnnotation.isStopped(service("annotations: {serving.kserve.io/stop: \"%s\"}".formatted(value))))
                .isEqualTo(stopped);
    }

    @Test
    @DisplayName("the patches hold for one version, make the map where there is none, and take the key away")
    void patches() {
        assertThat(StopAnnotation.set(service("resourceVersion: \"7\"")))
                .hasToString(
                        "[{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\"7\"},"
                                + "{\"op\":\"add\",\"path\":\"/metadata/annotations\",\"value\":{}},"
                                + "{\"op\":\"add\",\"path\":\"/metadata/annotations/serving.kserve.io~1stop\",\"value\":\"true\"}]");
        assertThat(StopAnnotation.set(service("annotations: {a: b}"))).hasSize(2);
        assertThat(StopAnnotation.remove(
                        service("resourceVersion: \"7\", annotations: {serving.kserve.io/stop: \"true\"}")))
                .hasToString("[{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\"7\"},"
                        + "{\"op\":\"remove\",\"path\":\"/metadata/annotations/serving.kserve.io~1stop\"}]");
    }

    @Test
    @DisplayName("several annotations in one patch: only what is there is taken away, and what is set as well stays")
    void severalAtOnce() {
        Manifest kept = service("resourceVersion: \"7\", annotations: {a: \"1\", b: \"2\"}");
        assertThat(AnnotationPatch.change(kept, Map.of("d", "4", "b", "3"), List.of("a", "b", "c")))
                .hasToString("[{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\"7\"},"
                        + "{\"op\":\"add\",\"path\":\"/metadata/annotations/b\",\"value\":\"3\"},"
                        + "{\"op\":\"add\",\"path\":\"/metadata/annotations/d\",\"value\":\"4\"},"
                        + "{\"op\":\"remove\",\"path\":\"/metadata/annotations/a\"}]");
        assertThat(AnnotationPatch.change(service("resourceVersion: \"7\""), Map.of(), List.of("a")))
                .hasSize(1);
    }

    @Test
    @DisplayName("what blocks: ModelMesh, a component's own annotation, what keeps KServe from acting")
    void blocks() {
        assertThat(stopped("{}", "status: {deploymentMode: ModelMesh}")).satisfies(it -> {
            assertThat(it.blocks()).containsExactly("ModelMesh has no stop");
            assertThat(it.isReleased()).isFalse();
        });
        assertThat(stopped("{}", STOPPED).blocks()).isEmpty();
        assertThat(stopped("{}", STOPPED).isReleased()).isTrue();
        assertThat(stopped("{}", STOPPED).since()).map(Object::toString).contains("2026-11-22T10:00:00Z");
        assertThat(stopped("{}", STOPPED + "\nspec: {predictor: {annotations: {serving.kserve.io/stop: \"false\"}}}")
                        .blocks())
                .containsExactly("spec.predictor.annotations says serving.kserve.io/stop: \"false\"");
        assertThat(stopped(
                                "serving.kserve.io/disable-auto-update: \"true\","
                                        + " serving.kserve.io/deploymentMode: Serverless",
                                "status: {}")
                        .blocks())
                .containsExactly(
                        "KServe has not set Stopped",
                        "serving.kserve.io/disable-auto-update keeps KServe from acting",
                        "KServe 0.16.0 refuses to write deploymentMode Serverless");
    }

    @Test
    @DisplayName("an LLMInferenceService says by a reason that it is stopped; disable-auto-update is not for it")
    void llm() {
        Manifest service = service("annotations: {serving.kserve.io/disable-auto-update: \"true\"}");
        assertThat(new StoppedService(Stoppable.LLM_INFERENCE_SERVICE, service, NONE).blocks())
                .containsExactly("KServe has not set MainWorkloadReady to False with reason Stopped");
        Manifest stopped = read("metadata: {}\nstatus: {conditions: [{type: MainWorkloadReady, status: \"False\","
                + " reason: Stopped, lastTransitionTime: \"2026-11-22T10:00:00Z\"}]}");
        assertThat(new StoppedService(Stoppable.LLM_INFERENCE_SERVICE, stopped, NONE))
                .satisfies(it -> {
                    assertThat(it.blocks()).isEmpty();
                    assertThat(it.since()).map(Object::toString).contains("2026-11-22T10:00:00Z");
                });
    }

    @Test
    @DisplayName("ready, whatever generation of its child KServe observed, and not while KServe has it as stopped")
    void running() {
        String ready = "status: {observedGeneration: 1, conditions: [{type: Ready, status: \"True\"}%s]}";
        assertThat(conditions(ready.formatted("")).isRunning())
                .as("generation 2; its Knative Service is a new one since the start")
                .isTrue();
        assertThat(conditions(ready.formatted(", {type: Stopped, status: \"True\"}"))
                        .isRunning())
                .isFalse();
        assertThat(conditions("status: {}").notReady()).isEqualTo("KServe has not said whether it is ready");
        assertThat(conditions("""
                        status:
                          conditions:
                          - {type: Stopped, status: "False"}
                          - {type: Ready, status: "False", reason: RevisionFailed, message: "no\\n  image"}
                        """).notReady()).isEqualTo("Ready is False: RevisionFailed: no image");
    }

    private static final String STOPPED =
            "status: {conditions: [{type: Stopped, status: \"True\", lastTransitionTime: \"2026-11-22T10:00:00Z\"}]}";

    private static StoppedService stopped(String annotations, String more) {
        String inner = annotations.equals("{}") ? "" : annotations;
        return new StoppedService(
                Stoppable.INFERENCE_SERVICE, read("metadata: {annotations: {%s}}\n%s".formatted(inner, more)), NONE);
    }

    private static Conditions conditions(String status) {
        return new Conditions(read("metadata: {generation: 2}\n" + status));
    }

    private static Manifest service(String metadata) {
        return read("metadata: {%s}".formatted(metadata));
    }

    private static Manifest read(String yaml) {
        return new Manifest((ObjectNode) YamlStream.read(yaml).get(0).content());
    }
}
