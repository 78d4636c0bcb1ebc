package dev.trimtab.cli.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Option {@code --kserve-config}, and what counts before what. */
class KserveConfigTest {
    private static final String SERVICE = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: slow, annotations: {trimtab.dev/max-response-seconds: "900"}}
            spec:
              predictor:
                model: {modelFormat: {name: sklearn}, storageUri: "gs://m"}
            """;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("the ConfigMap alone, in a List as kubectl prints it, and beside the policy, which it wins over")
    void standard() throws IOException {
        String alone = config("one.yaml", "RawDeployment");
        Path list = folder.resolve("list.yaml");
        Files.writeString(
                list,
                "apiVersion: v1\nkind: List\nitems:\n- " + text("Standard").replace("\n", "\n  "));

        assertThat(timeout("--kserve-config", alone)).isEqualTo("1080");
        assertThat(timeout("--kserve-config", list.toString())).isEqualTo("1080");
        assertThat(timeout("--policy", policy("Knative"), "--kserve-config", alone))
                .isEqualTo("1080");
        assertThat(timeout("--policy", policy("RawDeployment"))).isEqualTo("1080");
        assertThat(timeout("--policy", policy("Standard"), "--kserve-config", config("two.yaml", "Serverless")))
                .isEqualTo("600");
        assertThat(timeout()).isEqualTo("600");
    }

    @Test
    @DisplayName("a default of ModelMesh: such objects are left alone")
    void modelMesh() throws IOException {
        Cli preview = Cli.runWith(
                SERVICE, "preview", "-f", "-", "--kserve-config", config("mesh.yaml", "ModelMesh"), "-o", "explain");

        assertThat(preview.out()).contains("ModelMesh serves it");
    }

    @Test
    @DisplayName("what is no such ConfigMap is refused, with its place and the command that gets one")
    void refused() throws IOException {
        String wrong = config("wrong.yaml", "Raw");
        assertThat(Cli.runWith(SERVICE, "check", "-f", "-", "--kserve-config", wrong))
                .isEqualTo(new Cli(
                        2,
                        "",
                        "%s:4:16: ConfigMap inferenceservice-config: data.deploy: defaultDeploymentMode \"Raw\" is not one of Knative, Standard and ModelMesh\n"
                                .formatted(wrong)));
        Path other = folder.resolve("other.yaml");
        Files.writeString(other, "kind: ConfigMap\nmetadata: {name: config-autoscaler}\n");
        assertThat(Cli.runWith(SERVICE, "fix", "-f", "-", "--kserve-config", other.toString())
                        .err())
                .contains(
                        other
                                + ": holds no ConfigMap inferenceservice-config: get it by kubectl get configmap inferenceservice-config -n kserve -o yaml");
    }

    private static String timeout(String... options) {
        String[] arguments = new String[options.length + 5];
        System.arraycopy(new String[] {"preview", "-f", "-", "-o", "json"}, 0, arguments, 0, 5);
        System.arraycopy(options, 0, arguments, 5, options.length);
        Cli preview = Cli.runWith(SERVICE, arguments);
        assertThat(preview.code()).as(preview.err()).isZero();
        return preview.out().replaceAll("(?s).*\"timeout\"\\s*:\\s*(\\d+).*", "$1");
    }

    private String config(String name, String mode) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text(mode));
        return file.toString();
    }

    private static String text(String mode) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: inferenceservice-config, namespace: kserve}
                data: {deploy: '{"defaultDeploymentMode": "%s"}'}
                """.formatted(mode);
    }

    private String policy(String mode) throws IOException {
        Path file = folder.resolve(mode + ".yaml");
        Files.writeString(
                file,
                "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\nkserve: {defaultDeploymentMode: %s}\n"
                        .formatted(mode));
        return file.toString();
    }
}
