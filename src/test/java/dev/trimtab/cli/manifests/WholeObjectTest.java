package dev.trimtab.cli.manifests;

import static dev.trimtab.cli.Cli.SERVICE;
import static dev.trimtab.cli.Cli.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patches, values, templates and what would be refused: none of it is changed, and each is named. */
class WholeObjectTest {
    private static final String KSVC = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: a}
            """;

    private static final String ISVC = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata: {name: a}
            """;

    private static final String GRAPH = """
            apiVersion: serving.kserve.io/v1alpha1
            kind: InferenceGraph
            metadata: {name: a}
            """;

    private static final String SCALER = """
            apiVersion: autoscaling.aibrix.ai/v1alpha1
            kind: PodAutoscaler
            metadata: {name: a}
            """;

    private static final String PATCH = """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata: {name: hello}
            spec: {template: {metadata: {annotations: {autoscaling.knative.dev/min-scale: "2"}}}}
            """;

    private static final String POLICY = """
            apiVersion: trimtab.dev/v1alpha1
            kind: Policy
            profiles:
            - name: all
              maxResponseSeconds: 60
              rolloutDuration: 5m
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                PATCH,
                KSVC + "spec: {template: {spec: {containers: [{name: user-container, env: [{name: A, value: b}]}]}}}\n",
                ISVC + "spec: {predictor: {minReplicas: 2}}\n",
                ISVC + "spec: {predictor: {model: {resources: {limits: {nvidia.com/gpu: 2}}}}}\n",
                ISVC + "spec: {predictor: {model: {storageUri: 'gs://b/m2'}}}\n",
                ISVC + "spec: {predictor: {sklearn: {resources: {limits: {cpu: 2}}}}}\n",
                ISVC + "spec: {predictor: {containers: [{name: kserve-container, args: [a]}]}}\n",
                ISVC + "spec: {transformer: {minReplicas: 2}}\n",
                GRAPH + "spec: {minReplicas: 2}\n",
                SCALER + "spec: {maxReplicas: 2}\n",
                "replicaCount: 2\nautoscaling: {minReplicas: 1}\n",
                "- {op: replace, path: /spec/predictor/minReplicas, value: 2}\n"
            })
    @DisplayName("fix and preview leave it as it is, whatever the policy says, and say so once for a file")
    void left(String text) throws IOException {
        String file = write(folder, "part.yaml", text + "---\n" + text);
        String policy = write(folder, "policy.yaml", POLICY);

        for (String verb : new String[] {"preview", "fix", "check"}) {
            Cli run = Cli.run(verb, "-f", file, "--policy", policy);
            assertThat(run.errors())
                    .as(verb)
                    .filteredOn(line -> line.contains(", left unchanged"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith(file + ": ");
        }
        assertThat(Files.readString(Path.of(file))).isEqualTo(text + "---\n" + text);
        assertThat(Cli.run("preview", "-f", file, "--policy", policy).out()).isEqualTo(text + "---\n" + text);
    }

    @Test
    @DisplayName("check: what lacks its containers would be refused")
    void refused() {
        Cli check = Cli.runWith(ISVC + "spec:\n  predictor: {minReplicas: 2}\n", "check", "-f", "-");

        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out())
                .startsWith("stdin:5:3: refused: InferenceService a: whole-object: spec.predictor has neither model nor"
                        + " containers, so it would be refused\n");
        assertThat(Cli.runWith(PATCH, "check", "-f", "-").out())
                .contains("Knative refuses it: missing field(s): spec.template.spec.containers");
    }

    @Test
    @DisplayName("fix leaves what Knative refuses, and fixes the rest of the file")
    void refusedByKnative() {
        String bad = SERVICE.replace("min-scale: \"1\"", "min-scale: \"-1\"");
        Cli fix = Cli.runWith(bad + "---\n" + SERVICE, "fix", "-f", "-");

        assertThat(fix.code()).isEqualTo(1);
        assertThat(fix.out()).startsWith(bad + "---\n").contains("autoscaling.knative.dev/max-scale: \"0\"");
        assertThat(fix.errors())
                .singleElement()
                .asString()
                .startsWith("stdin:10:")
                .contains(": refused: ");
    }

    @Test
    @DisplayName(
            "a kustomization knows its patches, whole ones too, in its folder and below; base and resources are objects")
    void kustomization() throws IOException {
        String base = write(folder, "base/ksvc.yaml", SERVICE);
        write(folder, "base/kustomization.yaml", "resources: [ksvc.yaml]\n");
        String overlay = write(folder, "prod/kustomization.yaml", """
                resources: [../base]
                patches:
                - path: scale.yaml
                - path: patches/whole.yaml
                  target: {kind: Service}
                - path: json.yaml
                  target: {kind: Service}
                helmCharts: [{name: c, valuesFile: values.yaml}]
                """);
        String scale = write(folder, "prod/scale.yaml", PATCH);
        String whole = write(folder, "prod/patches/whole.yaml", SERVICE.replace("\"1\"", "\"-1\""));
        String json = write(folder, "prod/json.yaml", "- {op: remove, path: /spec/x}\n");
        String values = write(folder, "prod/values.yaml", "a: 1\n");

        Cli check = Cli.run("check", "-f", folder.toString());
        assertThat(check.out()).isEqualTo("1 object: nothing would be clamped or refused; 2 of other kinds\n");
        assertThat(check.code()).isZero();
        assertThat(check.errors())
                .hasSize(4)
                .allMatch(line -> line.contains(overlay))
                .anyMatch(line -> line.startsWith(scale + ": a patch of "))
                .anyMatch(line -> line.startsWith(whole + ": a patch of "))
                .anyMatch(line -> line.startsWith(json + ": a patch of "))
                .anyMatch(line -> line.startsWith(values + ": a part of "));

        Cli fix = Cli.run("fix", "-f", folder.toString());
        assertThat(fix.out()).isEqualTo(base + ": fixed\n");
        assertThat(fix.code()).isZero();
        assertThat(Files.readString(Path.of(scale))).isEqualTo(PATCH);
    }

    @Test
    @DisplayName("-k: what kustomize renders, at its place there; without the program, or a kustomization, the reason")
    void render() {
        write(folder, "base/kustomization.yaml", "resources: [ksvc.yaml]\n");
        write(folder, "base/ksvc.yaml", Cli.CONFLICT);
        write(folder, "prod/kustomization.yaml", "resources: [../base]\nnamePrefix: prod-\n");
        String prod = folder.resolve("prod").toString();

        Cli check = Cli.run("check", "-k", prod);
        org.assertj.core.api.Assumptions.assumeThat(check.err()).doesNotContain("is on the PATH");
        assertThat(check.out())
                .startsWith(prod + ":9:48: clamped: Service prod-eager: initial-scale: initial-scale 7 lowered")
                .endsWith("1 object: 1 clamped\n");
        assertThat(check.code()).isEqualTo(1);
        assertThat(Cli.run("preview", "-k", prod).out()).contains("autoscaling.knative.dev/initial-scale: \"3\"");

        String none = folder.resolve("none").toString();
        assertThat(Cli.run("check", "-k", none))
                .extracting(Cli::code, Cli::err)
                .containsExactly(2, "-k " + none + ": no such folder\n");
        write(folder, "broken/kustomization.yaml", "resources: [none.yaml]\n");
        Cli broken = Cli.run("check", "-k", folder.resolve("broken").toString());
        assertThat(broken.code()).isEqualTo(2);
        assertThat(broken.errors()).singleElement().asString().startsWith("-k ").contains("none.yaml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metadata:\n  name: {{ .Release.Name }}\n | a Helm template",
                "{{- if .Values.on }}\na: 1\n{{- end }}\n | a Helm template",
                "{% if gpu %}\na: 1\n{% endif %}\n | a Jinja template",
                "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: \"{{ name }}\"}\n | a template ({{ }})",
                "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: '${name}'}\n | a template (${ })",
                ISVC + "spec: {predictor: {maxReplicas: '${max}', sklearn: {storageUri: x}}}\n | a template (${ })",
                "#@ load(\"@ytt:data\", \"data\")\n---\napiVersion: serving.knative.dev/v1\nkind: Service\n"
                        + "metadata:\n  name: #@ data.values.name\n | a ytt template"
            })
    @DisplayName("a template: render it first, whether it is YAML by chance or not")
    void templates(String line) throws IOException {
        String text = line.substring(0, line.lastIndexOf(" | "));
        String file = write(folder, "template.yaml", text);

        for (String verb : new String[] {"preview", "fix", "check"}) {
            Cli run = Cli.run(verb, "-f", file);
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.errors())
                    .singleElement()
                    .asString()
                    .startsWith(file + ":")
                    .contains("looks like " + line.substring(line.lastIndexOf(" | ") + 3) + ": render it first");
        }
        assertThat(Files.readString(Path.of(file))).isEqualTo(text);
    }

    @Test
    @DisplayName("a container's own templates and variables are none of ours")
    void containersText() {
        String chat = SERVICE + "        args: [\"--chat-template={% for m in messages %}{{ m }}{% endfor %}\"]\n"
                + "        command: [sh, -c, 'echo ${HOME}']\n        env: [{name: A, value: '{{ .x }}'}]\n";

        assertThat(Cli.runWith(chat, "check", "-f", "-"))
                .isEqualTo(new Cli(0, "1 object: nothing would be clamped or refused\n", ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serving.knative.dev/v1alpha1 Service | was removed in Knative 0.19: write serving.knative.dev/v1",
                "serving.knative.dev/v1beta1 Service | was removed in Knative 0.19: write serving.knative.dev/v1",
                "serving.knative.dev/v1beta1 Route | was removed in Knative 0.19: write serving.knative.dev/v1",
                "serving.kubeflow.org/v1beta1 InferenceService | was removed in KServe 0.7: write serving.kserve.io/v1beta1",
                "serving.kubeflow.org/v1alpha2 InferenceService | was removed in KServe 0.7: write serving.kserve.io/v1beta1",
                "serving.kserve.io/v1alpha2 InferenceService | : write serving.kserve.io/v1beta1",
                "serving.kserve.io/v1beta1 InferenceGraph | : write serving.kserve.io/v1alpha1",
                "kserve.io/v1beta1 InferenceService | : write serving.kserve.io/v1beta1",
                "knative.dev/v1 Service | : write serving.knative.dev/v1",
                "autoscaling.aibrix.ai/v1 PodAutoscaler | : write autoscaling.aibrix.ai/v1alpha1"
            })
    @DisplayName("a group or version that is gone: since when, and what to write")
    void oldVersions(String line) {
        String[] parts = line.split(" ", 2);
        String kind = parts[1].substring(0, parts[1].indexOf(" | "));
        String says = line.substring(line.indexOf(" | ") + 3);
        String text = "apiVersion: %s\nkind: %s\nmetadata: {name: a}\n".formatted(parts[0], kind);

        Cli check = Cli.runWith(text, "check", "-f", "-");
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out())
                .startsWith("stdin:1:13: refused: " + kind + " a: api-version: ")
                .contains(parts[0], says);
        assertThat(Cli.runWith(text, "preview", "-f", "-")).satisfies(preview -> {
            assertThat(preview.out()).isEqualTo(text);
            assertThat(preview.err()).contains(says);
        });
    }
}
