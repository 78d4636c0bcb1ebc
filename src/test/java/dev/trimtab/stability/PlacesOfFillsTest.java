package dev.trimtab.stability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.stability.Replay.PlacesOfFills;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesOfFillsTest {
    /** The fill is at the place; the incoming object has these containers and volumes. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            timeoutSeconds                | [{name: a}, {name: b}] | [{name: own}, {name: ours}] | true
            timeoutSeconds                | []                     | []                          | true
            containers/1/name             | [{name: a}, {name: b}] | []                          | true
            containers/1/name             | [{name: a}]            | []                          | false
            containers/0/name             | [{name: a}]            | []                          | true
            containers/0/name             | []                     | []                          | false
            containers/1/readinessProbe   | []                     | []                          | true
            volumes/1                     | []                     | [{name: own}, {name: ours}] | true
            volumes/1                     | []                     | [{name: own}]               | true
            volumes/1                     | []                     | []                          | false
            volumes/1                     | []                     | {}                          | false
            volumes                       | []                     | []                          | true
            """)
    @DisplayName("each list on the way to a fill is long enough; a fill that is not stored any more needs no place")
    void lists(String fill, String containers, String volumes, boolean there) {
        ObjectNode stored = service("[{name: a}, {name: b}]", "[{name: own}, {name: ours}]");
        JsonPointer at = JsonPointer.compile("/spec/template/spec/" + fill);
        FillRecord record = new FillRecord(Map.of(at, stored.at(at)), Map.of());

        assertThat(new PlacesOfFills(stored, record).areIn(service(containers, volumes)))
                .isEqualTo(there);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            predictor: {}, transformer: {}                | true
            predictor: {}, transformer: {}, explainer: {} | true
            predictor: {}                                 | false
            """)
    @DisplayName("a component that is gone is a change of its author's, whether it has a fill or none")
    void components(String spec, boolean there) {
        ObjectNode stored = inferenceService("predictor: {}, transformer: {}");
        JsonPointer at = JsonPointer.compile("/metadata/annotations/a");

        assertThat(new PlacesOfFills(stored, new FillRecord(Map.of(at, stored.at(at)), Map.of()))
                        .areIn(inferenceService(spec)))
                .isEqualTo(there);
    }

    private static ObjectNode service(String containers, String volumes) {
        return Services.yaml("""
                apiVersion: serving.knative.dev/v1
                kind: Service
                spec: {template: {spec: {timeoutSeconds: 7, containers: %s, volumes: %s}}}
                """.formatted(containers, volumes));
    }

    private static ObjectNode inferenceService(String spec) {
        return Services.yaml("""
                apiVersion: serving.kserve.io/v1beta1
                kind: InferenceService
                metadata: {annotations: {a: "1"}}
                spec: {%s}
                """.formatted(spec));
    }
}
