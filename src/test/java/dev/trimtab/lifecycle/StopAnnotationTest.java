package dev.trimtab.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.YamlStream;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopAnnotationTest {
    private static final String OURS =
            "{manager: %s, time: \"%s\", fieldsV1: {f:metadata: {f:annotations: {f:serving.kserve.io/stop: {}}}}}";
    private static final String OTHER =
            "{manager: kserve, time: \"2026-11-22T09:00:00Z\", fieldsV1: {f:metadata: {f:annotations: {f:a: {}}}}}";

    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "TRUE"})
    @DisplayName("KServe reads true in upper and lower case")
    void stops(String value) {
        assertThat(StopAnnotation.isStopped(service(value))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "1", "yes", "", " true"})
    @DisplayName("with every other value the service runs")
    void runs(String value) {
        assertThat(StopAnnotation.isStopped(service(value))).isFalse();
    }

    @Test
    @DisplayName("since the first of those who own the annotation; others and a running service tell nothing")
    void since() {
        String first = OURS.formatted("kubectl", "2026-11-22T10:00:00Z");
        String later = OURS.formatted("argocd", "2026-11-22T11:00:00Z");

        assertThat(StopAnnotation.since(service("true", later, OTHER, first)))
                .contains(Instant.parse("2026-11-22T10:00:00Z"));
        assertThat(StopAnnotation.managers(service("true", later, OTHER, first)))
                .containsExactly("argocd", "kubectl");
        assertThat(StopAnnotation.since(service("true", OTHER))).isEmpty();
        assertThat(StopAnnotation.since(service("false", first))).isEmpty();
    }

    @Test
    @DisplayName("the cascade starts only what the cascade alone stopped")
    void cascade() {
        String cascade = OURS.formatted(Cascade.FIELD_MANAGER, "2026-11-22T10:00:00Z");
        String person = OURS.formatted("kubectl", "2026-11-22T11:00:00Z");

        assertThat(Cascade.isStopOfCascade(service("true", OTHER, cascade))).isTrue();
        assertThat(Cascade.isStopOfCascade(service("true", cascade, person))).isFalse();
        assertThat(Cascade.isStopOfCascade(service("true", OTHER))).isFalse();
        assertThat(Cascade.isStopOfCascade(service("false", cascade))).isFalse();
    }

    @Test
    @DisplayName("the services of a graph, each once; a step may name another node instead")
    void services() {
        Manifest graph = manifest(
                "{metadata: {annotations: {trimtab.dev/stop-cascade: \"true\"}}, spec: {nodes: {root: {steps:"
                        + " [{serviceName: b}, {nodeName: next}, {serviceName: a}]}, next: {steps: [{serviceName: b}]}}}}");

        assertThat(Cascade.services(graph)).containsExactly("a", "b");
        assertThat(Cascade.isWanted(graph)).isTrue();
        assertThat(Cascade.isWanted(manifest("{metadata: {annotations: {trimtab.dev/stop-cascade: \"no\"}}}")))
                .isFalse();
    }

    private static Manifest service(String stop, String... managedFields) {
        return manifest("{metadata: {annotations: {serving.kserve.io/stop: \"%s\"}, managedFields: [%s]}}"
                .formatted(stop, String.join(", ", managedFields)));
    }

    private static Manifest manifest(String yaml) {
        return new Manifest((ObjectNode) YamlStream.read(yaml).get(0).content());
    }
}
