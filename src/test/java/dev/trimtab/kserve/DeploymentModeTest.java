package dev.trimtab.kserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kserve.DeployConfig.DeployConfigProblem;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.YamlStream;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentModeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-             | -             | KNATIVE  | KNATIVE",
                "-             | -             | STANDARD | STANDARD",
                "-             | Standard      | KNATIVE  | STANDARD",
                "-             | RawDeployment | KNATIVE  | STANDARD",
                "-             | Knative       | STANDARD | KNATIVE",
                "-             | Serverless    | STANDARD | KNATIVE",
                "-             | ModelMesh     | STANDARD | MODEL_MESH",
                "-             | standard      | KNATIVE  | KNATIVE",
                "-             | nonsense      | STANDARD | STANDARD",
                "Knative       | Standard      | STANDARD | KNATIVE",
                "RawDeployment | Knative       | KNATIVE  | STANDARD",
            })
    @DisplayName("the status before the annotation, the annotation before the cluster's default")
    void order(String status, String annotation, DeploymentMode byDefault, DeploymentMode expected) {
        String object = "kind: InferenceService\nmetadata: {name: a, annotations: {%s}}\nstatus: {%s}\n"
                .formatted(
                        annotation == null ? "" : "serving.kserve.io/deploymentMode: " + annotation,
                        status == null ? "" : "deploymentMode: " + status);
        Manifest manifest =
                new Manifest((ObjectNode) YamlStream.read(object).get(0).content());

        assertThat(DeploymentMode.of(manifest, byDefault)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"defaultDeploymentMode\": \"Serverless\"}    | KNATIVE",
                "{\"defaultDeploymentMode\": \"Knative\"}       | KNATIVE",
                "{\"defaultDeploymentMode\": \"RawDeployment\"} | STANDARD",
                "{\"defaultDeploymentMode\": \"Standard\", \"deploymentRolloutStrategy\": {}} | STANDARD",
                "{\"DefaultDeploymentMode\": \"ModelMesh\"}     | MODEL_MESH",
            })
    @DisplayName("KServe's ConfigMap, in the words of all its versions")
    void configMap(String deploy, DeploymentMode expected) throws DeployConfigProblem {
        assertThat(DeployConfig.defaultMode(Map.of("deploy", deploy))).contains(expected);
    }

    @Test
    @DisplayName("a ConfigMap without the key says nothing")
    void noKey() throws DeployConfigProblem {
        assertThat(DeployConfig.defaultMode(Map.of("ingress", "{}"))).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | data.deploy has no defaultDeploymentMode: write Knative, Standard or ModelMesh",
                "{\"defaultDeploymentMode\": \"raw\"} |"
                        + " data.deploy: defaultDeploymentMode \"raw\" is not one of Knative, Standard and ModelMesh",
                "[] | data.deploy is not a JSON object",
                "'' | data.deploy is not a JSON object",
                "null | data.deploy is not a JSON object",
            })
    @DisplayName("what KServe would refuse")
    void refused(String deploy, String message) {
        assertThatExceptionOfType(DeployConfigProblem.class)
                .isThrownBy(() -> DeployConfig.defaultMode(Map.of("deploy", deploy)))
                .withMessage(message);
        assertThatExceptionOfType(DeployConfigProblem.class)
                .isThrownBy(() -> DeployConfig.defaultMode(Map.of("deploy", "defaultDeploymentMode: Standard")))
                .withMessageStartingWith("data.deploy is not JSON: ");
    }
}
