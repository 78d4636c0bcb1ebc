package dev.trimtab.drift;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.YamlStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTest {
    @ParameterizedTest
    @DisplayName("a Service is up with its newest revision, as it is written now")
    @CsvSource(delimiter = '|', textBlock = """
            observedGeneration: 2, latestCreatedRevisionName: b, latestReadyRevisionName: b, conditions: [{type: Ready, status: "True"}] | ''
            observedGeneration: 1, latestCreatedRevisionName: a, latestReadyRevisionName: a, conditions: [{type: Ready, status: "True"}] | Knative has not processed the change yet
            observedGeneration: 2, latestCreatedRevisionName: b, latestReadyRevisionName: a, conditions: [{type: Ready, status: "True"}] | revision b is not ready
            observedGeneration: 2, latestCreatedRevisionName: b, latestReadyRevisionName: a, conditions: [{type: Ready, status: Unknown, reason: Deploying}] | Ready is Unknown: Deploying
            observedGeneration: 2 | no condition says whether it is Ready
            """)
    void service(String status, String missing) {
        assertMissing("serving.knative.dev/v1", "Service", "", status, missing);
    }

    @ParameterizedTest
    @DisplayName("a Deployment is up when all of its pods are new and available, and no old one is left")
    @CsvSource(delimiter = '|', textBlock = """
            observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 | ''
            observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2 | Kubernetes has not processed the change yet
            observedGeneration: 2, replicas: 3, updatedReplicas: 2, availableReplicas: 3, conditions: [{type: Progressing, status: "True"}] | 2 of 2 pods are new, 3 available
            observedGeneration: 2, replicas: 2, updatedReplicas: 1, availableReplicas: 1, conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded}] | 1 of 2 pods are new, 1 available; Progressing is False: ProgressDeadlineExceeded
            """)
    void deployment(String status, String missing) {
        assertMissing("apps/v1", "Deployment", "replicas: 2", status, missing);
    }

    @ParameterizedTest
    @DisplayName("an InferenceService is up as KServe says it")
    @CsvSource(delimiter = '|', textBlock = """
            observedGeneration: 2, conditions: [{type: Ready, status: "True"}] | ''
            observedGeneration: 1, conditions: [{type: Ready, status: "True"}] | ''
            observedGeneration: 2, conditions: [{type: Ready, status: "False", reason: PredictorNotReady}] | Ready is False: PredictorNotReady
            """)
    void inferenceService(String status, String missing) {
        assertMissing("serving.kserve.io/v1beta1", "InferenceService", "", status, missing);
    }

    private static void assertMissing(String version, String kind, String spec, String status, String missing) {
        ObjectNode object = (ObjectNode) YamlStream.read("""
                        apiVersion: %s
                        kind: %s
                        metadata: {name: llm, generation: 2, labels: {serving.kserve.io/inferenceservice: llm}}
                        spec: {%s}
                        status: {%s}
                        """.formatted(version, kind, spec, status))
                .get(0)
                .content();
        assertThat(Readiness.missing(new Manifest(object)).orElse("")).isEqualTo(missing);
    }
}
