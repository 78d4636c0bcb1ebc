package dev.trimtab.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.yaml.YamlStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RevisionDefaultsTest {
    /** From Knative 1.23, revision_defaults.go 172-204. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            readinessProbe | {periodSeconds: 5}                       | {"periodSeconds":5,"successThreshold":1,"failureThreshold":3,"timeoutSeconds":1}
            readinessProbe | {httpGet: {port: 1}}                     | {"httpGet":{"port":1},"successThreshold":1}
            readinessProbe | {periodSeconds: 0, successThreshold: 0}  | {"periodSeconds":0,"successThreshold":1}
            readinessProbe | {periodSeconds: 5, failureThreshold: 7, timeoutSeconds: 2, successThreshold: 4} | {"periodSeconds":5,"failureThreshold":7,"timeoutSeconds":2,"successThreshold":4}
            readinessProbe | {grpc: {port: 1}}                        | {"grpc":{"port":1,"service":""},"successThreshold":1}
            livenessProbe  | {periodSeconds: 5}                       | {"periodSeconds":5}
            livenessProbe  | {grpc: {port: 1}}                        | {"grpc":{"port":1,"service":""}}
            startupProbe   | {grpc: {port: 1, service: s}}            | {"grpc":{"port":1,"service":"s"}}
            livenessProbe  | {}                                       | {}
            """)
    @DisplayName("the numbers that Knative gives an incomplete readiness probe, and no other")
    void probes(String name, String written, String stored) {
        ObjectNode service = (ObjectNode)
                YamlStream.read("""
                        apiVersion: serving.knative.dev/v1
                        kind: Service
                        metadata: {name: s}
                        spec: {template: {spec: {containers: [{image: i, %s: %s}]}}}
                        """.formatted(name, written)).get(0).content();
        ObjectNode before = service.deepCopy();

        JsonNode filled = RevisionDefaults.filledIn(service, DefaultsConfig.DEFAULTS);

        assertThat(filled.at("/spec/template/spec/containers/0/" + name)).hasToString(stored);
        assertThat(service).as("the Service itself").isEqualTo(before);
    }
}
