package dev.trimtab.cli.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LintTest {
    private static final String HEAD = "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\n";

    @TempDir
    Path folder;

    @Test
    @DisplayName("a valid policy, and the shipped ConfigMap: not a word")
    void valid() {
        String policy = Cli.write(folder, "policy.yaml", HEAD + "mode: Audit\n");

        assertThat(Cli.run("lint", policy, "docs/examples/policies/built-in-policy.yaml"))
                .isEqualTo(new Cli(0, "", ""));
    }

    @Test
    @DisplayName("every problem of every file, with its place and what to write, and exit code 1")
    void problems() {
        String one = Cli.write(folder, "one.yaml", HEAD + "mod: Audit\nstop: {gracePeriod: 2h}\n");
        String two = Cli.write(folder, "two.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: trimtab-policy, namespace: trimtab}
                data:
                  policy.yaml: |
                    apiVersion: trimtab.dev/v1alpha1
                    kind: Policy
                    conflicts: clamp
                """);

        Cli lint = Cli.run("lint", one, two);

        assertThat(lint.code()).isEqualTo(1);
        assertThat(lint.err()).isEmpty();
        assertThat(lint.out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith(one + ":3:1: mod: ").contains("mode"),
                        line -> assertThat(line).startsWith(one + ":4:21: stop.gracePeriod: "),
                        line -> assertThat(line)
                                .startsWith(two + ":8:16: conflicts: ")
                                .contains("Clamp"));
    }

    @Test
    @DisplayName("a format in other capitals than its runtimes write matches, and is said")
    void capitals() {
        String policy = Cli.write(folder, "policy.yaml", HEAD + """
                profiles:
                  - name: fleet
                    match: {modelFormats: [vllm, sklearn, mine]}
                """);
        String map = Cli.write(folder, "map.yaml", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: trimtab-policy, namespace: trimtab}
                data:
                  policy.yaml: |
                    apiVersion: trimtab.dev/v1alpha1
                    kind: Policy
                    profiles:
                      - name: fleet
                        match:
                          modelFormats:
                            - HuggingFace
                """);

        assertThat(Cli.run("lint", policy, map)).isEqualTo(new Cli(0, "", """
                %s:5:28: profiles[0].match.modelFormats[0]: warning: runtimes call it vLLM; "vllm" matches that too
                %s:12:15: profiles[0].match.modelFormats[0]: warning: runtimes call it huggingface; "HuggingFace" matches that too
                """.formatted(policy, map)));
    }

    @Test
    @DisplayName("the profiles of a namespace hold nothing else")
    void profiles() {
        String own = Cli.write(folder, "own.yaml", HEAD + "mode: Audit\nprofiles: []\n");

        assertThat(Cli.run("lint", own).code()).isZero();
        Cli asProfiles = Cli.run("lint", "--profiles", own);
        assertThat(asProfiles.code()).isEqualTo(1);
        assertThat(asProfiles.out()).startsWith(own + ":3:1: mode: ").hasLineCount(1);
    }

    @Test
    @DisplayName("files, -f, standard input and folders, in which only policies are looked at")
    void sources() {
        String bad = HEAD + "mod: x\n";
        Cli.write(folder, "d/models/isvc.yaml", Cli.INFERENCE_SERVICE);
        Cli.write(folder, "d/charts/templates/a.yaml", "{{- if .Values.on }}\na: 1\n{{- end }}\n");
        String policy = Cli.write(folder, "d/policies/p.yaml", "kind: Namespace\n---\n" + bad);
        String dir = folder.resolve("d").toString();

        assertThat(Cli.run("lint", "-f", policy, dir).out().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith(policy + ":5:1: mod: "));
        assertThat(Cli.runWith(bad, "lint", "-").out()).startsWith("stdin:3:1: mod: ");
        assertThat(Cli.runWith(bad, "lint", "-f", "-").code()).isEqualTo(1);
        assertThat(Cli.run("lint", "-f", folder.resolve("d/models").toString()))
                .isEqualTo(new Cli(2, "", folder.resolve("d/models") + ": no policy in this folder\n"));
        assertThat(Cli.runWith(new byte[] {(byte) 0xc3}, "lint", "-"))
                .isEqualTo(new Cli(2, "", "stdin: not valid UTF-8\n"));
        assertThat(Cli.runWith("a: [", "lint", "-").out()).startsWith("stdin:1:");
        assertThat(Cli.runWith("", "lint", "-"))
                .isEqualTo(new Cli(2, "", "stdin: no document: did the command before the pipe fail?\n"));
        assertThat(Cli.run("lint"))
                .isEqualTo(new Cli(
                        2, "", "trimtab lint: Missing required parameter: 'POLICY' (see trimtab lint --help)\n"));
    }

    @Test
    @DisplayName("a ConfigMap that is not read: another key, name or namespace")
    void notRead() {
        String text = """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: trimtab-policy, namespace: trimtab}
                data:
                  policy.yaml: |
                    apiVersion: trimtab.dev/v1alpha1
                    kind: Policy
                """;
        String[][] cases = {
            {"policy.yaml:", "policy.yml:", "5:3: data: no key \"policy.yaml\": put the policy there"},
            {
                "trimtab-policy",
                "trimtab-polciy",
                "3:18: metadata.name: \"trimtab-polciy\" is not read: name it trimtab-policy"
            },
            {
                "namespace: trimtab",
                "namespace: ml",
                "3:45: metadata.namespace: \"ml\" is not where the policy is read: that is trimtab; lint the profiles of a"
                        + " namespace with --profiles"
            }
        };

        assertThat(Cli.runWith(text, "lint", "-")).isEqualTo(new Cli(0, "", ""));
        for (String[] it : cases) {
            assertThat(Cli.runWith(text.replace(it[0], it[1]), "lint", "-"))
                    .isEqualTo(new Cli(1, "stdin:" + it[2] + "\n", ""));
        }
        assertThat(Cli.runWith(text.replace("namespace: trimtab", "namespace: ml"), "lint", "-", "--profiles")
                        .code())
                .isZero();
        assertThat(Cli.runWith(
                                text.replace("namespace: trimtab", "namespace: ml"),
                                "lint",
                                "-",
                                "--trimtab-namespace",
                                "ml")
                        .code())
                .isZero();
    }

    @Test
    @DisplayName("a file that is not there: exit code 2, one line, and the others are checked all the same")
    void unreadable() {
        String good = Cli.write(folder, "good.yaml", HEAD + "mod: x\n");
        String missing = folder.resolve("missing.yaml").toString();

        Cli lint = Cli.run("lint", good, missing);
        assertThat(lint.code()).isEqualTo(2);
        assertThat(lint.out()).startsWith(good + ":3:1: mod: ").hasLineCount(1);
        assertThat(lint.err()).isEqualTo(missing + ": no such file or folder\n");
    }

    @Test
    @DisplayName("what is valid and has no effect, or a bad one, is a warning with its place, and no failure")
    void advice() {
        String policy = """
                apiVersion: trimtab.dev/v1alpha1
                kind: Policy
                %sprofiles:
                - name: shared
                  gpuMemory: 12Gi
                - name: watched
                  probes:
                    liveness: {httpGet: {path: /health, port: 8080}}
                - name: patient
                  startupSeconds: 300
                  probes:
                    liveness: {httpGet: {path: /health, port: 8080}}
                """;

        assertThat(Cli.runWith(policy.formatted(""), "lint", "-")).isEqualTo(new Cli(0, "", """
                        stdin:5:14: profiles[0].gpuMemory: warning: does nothing as long as gpu.dialect is none
                        stdin:8:15: profiles[1].probes.liveness: warning: without startupSeconds Kubernetes may kill a model while it loads: set it here too
                        """));
        assertThat(Cli.runWith(policy.formatted("gpu: {dialect: hami}\n"), "lint", "-")
                        .errors())
                .singleElement()
                .asString()
                .contains("probes.liveness");
    }
}
