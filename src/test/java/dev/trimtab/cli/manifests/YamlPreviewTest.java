package dev.trimtab.cli.manifests;

import static dev.trimtab.cli.Cli.CONFIG_MAP;
import static dev.trimtab.cli.Cli.CONFLICT;
import static dev.trimtab.cli.Cli.INFERENCE_SERVICE;
import static dev.trimtab.cli.Cli.SERVICE;
import static dev.trimtab.cli.Cli.SERVICE_ADMITTED;
import static dev.trimtab.cli.Cli.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlPreviewTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("lines are added, and none is changed: comments, order, quotes and unknown fields stay")
    void addsLines() {
        Cli preview = Cli.runWith(SERVICE, "preview", "-f", "-");

        assertThat(preview.code()).isZero();
        assertThat(preview.out()).isEqualTo(SERVICE_ADMITTED);
        assertThat(preview.err()).isEqualTo("Warning: trimtab: filled max-scale=0, initial-scale=1\n");
    }

    @Test
    @DisplayName("a preview of a preview is the preview")
    void idempotent() {
        assertThat(Cli.runWith(SERVICE_ADMITTED, "preview", "-f", "-")).isEqualTo(new Cli(0, SERVICE_ADMITTED, ""));
    }

    @Test
    @DisplayName("a value that cannot stay is replaced where it stands, with a warning")
    void clamps() {
        Cli preview = Cli.runWith(CONFLICT, "preview", "-f", "-");

        assertThat(preview.out())
                .contains("        autoscaling.knative.dev/initial-scale: \"3\"\n")
                .contains("{name: eager, annotations: {trimtab.dev/filled: '{\"filled\":{"
                        + "\"/spec/template/spec/containerConcurrency\":0,\"/spec/template/spec/idleTimeoutSeconds\":0,"
                        + "\"/spec/template/spec/responseStartTimeoutSeconds\":0,"
                        + "\"/spec/template/spec/timeoutSeconds\":300},"
                        + "\"clamped\":{\"/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale\":"
                        + "[\"7\",\"3\"]}}'}}\n")
                .endsWith("spec: {containers: [{image: registry.example/eager}], timeoutSeconds: 300, "
                        + "containerConcurrency: 0, responseStartTimeoutSeconds: 0, idleTimeoutSeconds: 0}\n");
        assertThat(preview.err()).isEqualTo("Warning: trimtab: initial-scale 7 lowered to max-scale 3\n");
    }

    @Test
    @DisplayName("an InferenceService stays as it is; its author is told what its Services will get")
    void inferenceService() {
        assertThat(Cli.runWith(INFERENCE_SERVICE, "preview", "-f", "-")).isEqualTo(new Cli(0, INFERENCE_SERVICE, """
                                Warning: trimtab: predictor: will get initial-scale=2
                                Warning: trimtab: transformer: will get max-scale=0, initial-scale=1
                                """));
    }

    @Test
    @DisplayName(
            "with conflicts: Deny the document stays, and standard error says why; that is no failure of a preview")
    void deny() {
        String policy = write(folder, "policy.yaml", """
                apiVersion: trimtab.dev/v1alpha1
                kind: Policy
                conflicts: Deny
                """);

        assertThat(Cli.runWith(CONFLICT, "preview", "-f", "-", "--policy", policy))
                .isEqualTo(new Cli(
                        0,
                        CONFLICT,
                        "Error: trimtab: initial-scale 7 is above max-scale 3: more pods than that would start\n"));
    }

    @Test
    @DisplayName("with mode: Audit nothing is written, and the warning says what would be")
    void audit() {
        String policy = write(folder, "policy.yaml", """
                apiVersion: trimtab.dev/v1alpha1
                kind: Policy
                mode: Audit
                """);

        assertThat(Cli.runWith(SERVICE, "preview", "-f", "-", "--policy", policy))
                .isEqualTo(new Cli(0, SERVICE, "Warning: trimtab: (audit) would fill max-scale=0, initial-scale=1\n"));
    }

    @Test
    @DisplayName("several documents: each is reviewed, others pass; with several objects it is said whose a warning is")
    void severalDocuments() {
        String text = SERVICE + "---\n" + CONFIG_MAP + "--- # third\n" + CONFLICT;
        Cli preview = Cli.runWith(text, "preview", "-f", "-");

        assertThat(preview.out()).startsWith(SERVICE_ADMITTED + "---\n" + CONFIG_MAP + "--- # third\napiVersion: ");
        assertThat(preview.err()).isEqualTo("""
                        Service hello (stdin, document 1):
                        Warning: trimtab: filled max-scale=0, initial-scale=1
                        Service eager (stdin, document 3):
                        Warning: trimtab: initial-scale 7 lowered to max-scale 3
                        """);
    }

    @Test
    @DisplayName("the items of a List are reviewed where they stand")
    void list() {
        String item = SERVICE.substring(SERVICE.indexOf('\n') + 1).indent(2).strip();
        String text = "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n- " + item + "\n";

        Cli preview = Cli.runWith(text, "preview", "-f", "-");

        assertThat(preview.out().lines())
                .containsSubsequence(text.lines().toList())
                .contains("        autoscaling.knative.dev/max-scale: \"0\""
                        .indent(2)
                        .stripTrailing());
        assertThat(Cli.runWith(text, "preview", "-f", "-", "-o", "explain").out())
                .startsWith("Service hello (stdin, document 1, items[1]): mutated, a new object\n")
                .endsWith("1 object: 1 mutated; 1 of another kind passed through\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind: Deployment\nweird:   [a,  b]   # spaces\n\n\n",
                "{\"kind\": \"Secret\", \"a\":   1.0}",
                "kind: Pod\r\nspec:\r\n  x: |\r\n    text\r\n",
                "\uFEFFkind: Pod\n",
                "%YAML 1.1\n---\nkind: Pod\n",
                "kind: no line break at the end",
                "kind: ConfigMap\ndata:\n  ä: \"\\u00e9 é 🚀\"\n"
            })
    @DisplayName("what is not Trimtab's passes through, byte for byte")
    void passesThrough(String text) {
        assertThat(Cli.runWith(text, "preview", "-f", "-")).isEqualTo(new Cli(0, text, ""));
        assertThat(Cli.runWith(text, "preview", "-f", "-", "-o", "diff")).isEqualTo(new Cli(0, "", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "---\n", "# nothing\n---\n---\n# here\n...\n", "null\n"})
    @DisplayName("nothing passes through too, and the exit code says that it is nothing")
    void nothing(String text) {
        assertThat(Cli.runWith(text, "preview", "-f", "-"))
                .isEqualTo(new Cli(2, text, "stdin: no document: did the command before the pipe fail?\n"));
    }

    @Test
    @DisplayName("lines that are added end like the author's lines; a last line without its break stays so")
    void lineBreaks() {
        String text = SERVICE.stripTrailing().replace("\n", "\r\n");

        assertThat(Cli.runWith(text, "preview", "-f", "-").out())
                .isEqualTo(SERVICE_ADMITTED.stripTrailing().replace("\n", "\r\n"));
    }

    @Test
    @DisplayName("JSON stays JSON")
    void json() {
        String text = """
                {
                  "apiVersion": "serving.knative.dev/v1",
                  "kind": "Service",
                  "metadata": {"name": "hello"},
                  "spec": {"template": {"metadata": {"annotations": {"autoscaling.knative.dev/max-scale": "2"}}, "spec": {"containers": [{"image": "a"}]}}}
                }
                """;

        assertThat(Cli.runWith(text, "preview", "-f", "-").out())
                .contains(
                        "{\"autoscaling.knative.dev/max-scale\": \"2\", \"autoscaling.knative.dev/initial-scale\": \"1\"}")
                .contains("\"metadata\": {\"name\": \"hello\", \"annotations\": {\"trimtab.dev/filled\": \"{");
    }

    @Test
    @DisplayName("several files come out as one stream, with what must stand between them and no more")
    void severalFiles() {
        String first = write(folder, "1.yaml", "kind: A");
        String empty = write(folder, "2.yaml", "");
        String marked = write(folder, "3.yaml", "---\nkind: B\n");
        String directive = write(folder, "4.yaml", "# version\n%YAML 1.1\n---\nkind: C\n");
        String last = write(folder, "5.json", "{\"kind\": \"D\"}");

        assertThat(Cli.run("preview", "-f", first, empty, marked, directive, "-f", last))
                .isEqualTo(new Cli(0, """
                                kind: A
                                ---
                                kind: B
                                ...
                                # version
                                %YAML 1.1
                                ---
                                kind: C
                                ---
                                {"kind": "D"}""", ""));
    }
}
