package dev.trimtab.snapshot;

import static dev.trimtab.lifecycle.Stoppable.INFERENCE_GRAPH;
import static dev.trimtab.lifecycle.Stoppable.INFERENCE_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kserve.DeploymentMode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.snapshot.KnownServices.KnownService;
import dev.trimtab.yaml.YamlStream;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownServiceTest {
    private static final String STOP = "serving.kserve.io/stop: \"true\"";
    private static final String STANDARD = "deploymentMode: RawDeployment";

    @Test
    @DisplayName("what is read off a service")
    void read() {
        Manifest service = service(
                "uid: abc, annotations: {serving.kserve.io/stop: \"True\"}, labels: {trimtab.dev/ignore: \"true\"}",
                STANDARD);
        assertThat(KnownService.of(INFERENCE_SERVICE, service))
                .isEqualTo(new KnownService("abc", true, Optional.of(DeploymentMode.STANDARD), false, true));
        assertThat(KnownService.of(INFERENCE_SERVICE, service("name: llama", "{}")))
                .isEqualTo(new KnownService("", false, Optional.empty(), false, false));
    }

    @ParameterizedTest
    @CsvSource({
        "true, KNATIVE, false, true",
        "true, STANDARD, false, true",
        "false, KNATIVE, false, false",
        "true, MODEL_MESH, false, false",
        "true, KNATIVE, true, false"
    })
    @DisplayName("to be down: stopped, not ModelMesh, not left alone")
    void toBeDown(boolean stopped, DeploymentMode mode, boolean ignored, boolean down) {
        assertThat(new KnownService("abc", stopped, Optional.of(mode), false, ignored).isToBeDown())
                .isEqualTo(down);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no condition (0.15.0)          | []                                                        | false",
                "others (0.15.0)                | [{type: Ready, status: 'True'}]                           | false",
                "running (0.15.1, 0.16)         | [{type: Stopped, status: 'False', severity: Info}]        | true",
                "stopped (0.15.1, 0.16)         | [{type: Stopped, status: 'True', severity: Info}]         | true",
                "stopped by Trimtab             | [{type: Stopped, status: 'True', reason: StoppedByTrimtab}]  | false",
                "started by Trimtab             | [{type: Stopped, status: 'False', reason: StoppedByTrimtab}] | false"
            })
    @DisplayName("in each mode a condition Stopped that is not ours shows a KServe with stop")
    void showsNativeStop(String what, String conditions, boolean shows) {
        Manifest service = service("name: llama", "conditions: " + conditions);
        assertThat(KnownService.of(INFERENCE_SERVICE, service).showsNativeStop())
                .isEqualTo(shows);
        assertThat(KnownService.of(
                                INFERENCE_SERVICE, service("name: llama", STANDARD + "\n  conditions: " + conditions))
                        .showsNativeStop())
                .isEqualTo(shows);
        assertThat(KnownService.of(INFERENCE_GRAPH, service).showsNativeStop()).isEqualTo(shows);
        assertThat(KnownService.of(
                                INFERENCE_GRAPH,
                                service(
                                        "annotations: {serving.kserve.io/deploymentMode: Standard}",
                                        "conditions: " + conditions))
                        .showsNativeStop())
                .isEqualTo(shows);
    }

    @Test
    @DisplayName("ModelMesh never")
    void modelMesh() {
        Manifest service = service(
                "annotations: {" + STOP + "}",
                "deploymentMode: ModelMesh\n  conditions: [{type: Stopped, status: 'True'}]");
        assertThat(KnownService.of(INFERENCE_SERVICE, service).showsNativeStop())
                .isFalse();
    }

    private static Manifest service(String metadata, String status) {
        String text = "metadata: {%s}\nstatus:\n  %s\n".formatted(metadata, status);
        return new Manifest((ObjectNode) YamlStream.read(text).get(0).content());
    }
}
