package dev.trimtab.cli.manifests;

import static dev.trimtab.cli.Cli.CONFIG_MAP;
import static dev.trimtab.cli.Cli.INFERENCE_SERVICE;
import static dev.trimtab.cli.Cli.SERVICE;
import static dev.trimtab.cli.Cli.SERVICE_ADMITTED;
import static dev.trimtab.cli.Cli.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in {@code --old} is updated. */
class UpdatePreviewTest {
    @TempDir
    private Path folder;

    private String old;
    private String laterPolicy;

    @BeforeEach
    void stored() {
        old = write(folder, "old.yaml", CONFIG_MAP + "---\n" + SERVICE_ADMITTED);
        laterPolicy = write(folder, "policy.yaml", """
                apiVersion: trimtab.dev/v1alpha1
                kind: Policy
                scaling:
                  maxScale: {whenUnset: Inherit}
                """);
        write(folder, "knative.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: config-autoscaler}
                data: {max-scale: "9"}
                """);
    }

    @Test
    @DisplayName("the author's template is as stored: it comes out as stored, whatever the policy says by now")
    void replays() {
        Cli preview = Cli.runWith(SERVICE, withLaterPolicy());

        // In the order of the record, which is that of the alphabet.
        String inOrder = SERVICE_ADMITTED.substring(0, SERVICE_ADMITTED.indexOf("        autoscaling")) + """
                        autoscaling.knative.dev/min-scale: "1"
                        autoscaling.knative.dev/initial-scale: "1"
                        autoscaling.knative.dev/max-scale: "0"
                    spec:
                      containers:
                      - image: registry.example/hello
                        unknownField: [1, 2.50, yes]
                      containerConcurrency: 0
                      idleTimeoutSeconds: 0
                      responseStartTimeoutSeconds: 0
                      timeoutSeconds: 300
                """;
        assertThat(preview).isEqualTo(new Cli(0, inOrder, ""));
    }

    @Test
    @DisplayName("without --old the same manifest gets what the policy says by now")
    void withoutOld() {
        Cli preview = Cli.runWith(
                SERVICE,
                "preview",
                "-f",
                "-",
                "--policy",
                laterPolicy,
                "--knative",
                folder.resolve("knative.yaml").toString());

        assertThat(preview.err()).isEqualTo("Warning: trimtab: filled max-scale=9, initial-scale=1\n");
    }

    @Test
    @DisplayName("the author changed the template: what it lacks is filled by the policy of now")
    void changed() {
        Cli preview = Cli.runWith(SERVICE.replace("min-scale: \"1\"", "min-scale: \"2\""), withLaterPolicy());

        assertThat(preview.code()).isZero();
        assertThat(preview.out()).contains("max-scale: \"9\"", "initial-scale: \"2\"");
    }

    @Test
    @DisplayName("explain says what kind of update it is")
    void explained() {
        assertThat(Cli.runWith(SERVICE, "preview", "-f", "-", "--old", old, "-o", "explain")
                        .out())
                .startsWith("Service hello (stdin, document 1): mutated, "
                        + "an update that does not change the author's template\n"
                        + "  replayed  replay  ");
        assertThat(Cli.runWith(SERVICE_ADMITTED, "preview", "-f", "-", "--old", old, "-o", "explain"))
                .isEqualTo(new Cli(0, """
                                Service hello (stdin, document 1): unchanged, an update that changes nothing

                                1 object: 1 unchanged
                                """, ""));
    }

    @Test
    @DisplayName("an InferenceService that is as stored: nothing new comes of it")
    void inferenceService() {
        String stored = write(folder, "isvc.yaml", INFERENCE_SERVICE);

        assertThat(Cli.run("preview", "-f", stored, "--old", stored)).isEqualTo(new Cli(0, INFERENCE_SERVICE, ""));
        assertThat(Cli.run("preview", "-f", stored, "--old", stored, "-o", "explain")
                        .out())
                .contains("\n  no change to the Services that KServe renders: they keep the stored values\n");
    }

    @Test
    @DisplayName("-n says the namespace on both sides; an object of another namespace is another object")
    void namespaces() {
        String prod = write(
                folder, "prod.yaml", SERVICE_ADMITTED.replace("metadata:\n  n", "metadata:\n  namespace: prod\n  n"));

        assertThat(Cli.runWith(SERVICE, "preview", "-f", "-", "--old", prod, "-n", "prod")
                        .code())
                .isZero();
        assertThat(Cli.runWith(SERVICE, "preview", "-f", "-", "--old", prod))
                .isEqualTo(new Cli(
                        2, "", prod + ": holds no Service hello of namespace default, nor any other object of -f\n"));
    }

    @Test
    @DisplayName("an object beside it that is not stored is a new one")
    void newBesideOld() {
        String two = SERVICE + "---\n" + SERVICE.replace("name: hello", "name: second");

        assertThat(Cli.runWith(two, "preview", "-f", "-", "--old", old).err()).isEqualTo("""
                        Service second (stdin, document 2):
                        Warning: trimtab: filled max-scale=0, initial-scale=1
                        """);
    }

    private String[] withLaterPolicy() {
        String knative = folder.resolve("knative.yaml").toString();
        return new String[] {"preview", "-f", "-", "--old", old, "--policy", laterPolicy, "--knative", knative};
    }
}
