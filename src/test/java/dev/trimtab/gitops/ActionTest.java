package dev.trimtab.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The GitHub Action: its scripts run with stand-ins for Maven and for Trimtab, which say with what they were called. */
class ActionTest {
    private static final String STAND_IN = """
            #!/bin/sh
            printf '%s' "$(basename "$0")" >> "$CALLS"
            printf ' [%s]' "$@" >> "$CALLS"
            echo >> "$CALLS"
            case " $* " in
              *" sarif "*) echo '{}' ;;
              *" package "*) ;;
              *) exit "$ANSWER" ;;
            esac
            """;

    @TempDir
    private Path folder;

    private final ObjectNode action = Recipes.load(Path.of("action.yml"));

    @BeforeEach
    void standIns() throws Exception {
        for (String program : List.of("bin/mvn", "action/plugin/kubectl-trimtab")) {
            Path file = folder.resolve(program);
            Files.createDirectories(file.getParent());
            Files.writeString(file, STAND_IN);
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Files.copy(Path.of("plugin", "github-action"), folder.resolve("action/plugin/github-action"));
    }

    @Test
    @DisplayName("each input gets into a script by the environment, and no expression is part of one")
    void inputs() {
        List<String> used = new ArrayList<>();
        for (JsonNode step : action.at("/runs/steps")) {
            assertThat(step.path("run").asText()).doesNotContain("${{");
            step.path("env").forEach(it -> used.add(it.asText()));
            assertThat(step.has("run")).isEqualTo(step.path("shell").asText().equals("bash"));
        }
        action.path("inputs").fieldNames().forEachRemaining(it -> assertThat(used)
                .contains("${{ inputs.%s }}".formatted(it)));
        action.path("inputs").forEach(it -> assertThat(it.has("default"))
                .isNotEqualTo(it.path("required").asBoolean()));
        assertThat(action.at("/runs/using").asText()).isEqualTo("composite");
    }

    @Test
    @DisplayName("builds from its own checkout, checks the files with annotations, and writes SARIF besides")
    void check() throws Exception {
        assertThat(run(Map.of(
                        "files", "models\nlegacy/a b.yaml\r\n\n-x.yaml\n",
                        "policy", "policy.yaml",
                        "knative", "config-autoscaler.yaml",
                        "sarif-file", folder.resolve("trimtab.sarif").toString())))
                .isZero();

        String arguments = " [-f] [models] [-f] [legacy/a b.yaml] [-f] [./-x.yaml] [--policy] [policy.yaml]"
                + " [--knative] [config-autoscaler.yaml]";
        assertThat(calls())
                .containsExactly(
                        "mvn [-B] [-ntp] [-q] [-DskipTests] [-Dspotless.check.skip=true] [-f] ["
                                + folder.resolve("action/pom.xml") + "] [package]",
                        "kubectl-trimtab [check]" + arguments + " [-o] [sarif]",
                        "kubectl-trimtab [check]" + arguments + " [-o] [github]");
        assertThat(folder.resolve("trimtab.sarif")).hasContent("{}");
        assertThat(folder.resolve("output")).hasContent("sarif-file=" + folder.resolve("trimtab.sarif"));
    }

    @Test
    @DisplayName("patterns stand for names, with blanks in them too; one that matches nothing is left to Trimtab")
    void patterns() throws Exception {
        for (String name : List.of("models/a.yaml", "models/b c.yaml", "models/deep/d.yaml", "models/[x].yaml")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "");
        }
        assertThat(run(Map.of("files", "models/[abc]*.yaml\nmodels/**/d.yaml\nnone/*.yaml\nmodels/[x].yaml")))
                .isZero();
        assertThat(calls())
                .last()
                .isEqualTo("kubectl-trimtab [check] [-f] [models/a.yaml] [-f] [models/b c.yaml] [-f]"
                        + " [models/deep/d.yaml] [-f] [none/*.yaml] [-f] [models/[x].yaml] [-o] [github]");
    }

    @Test
    @DisplayName("policies are linted, and warnings may fail")
    void lintAndStrict() throws Exception {
        assertThat(run(Map.of("files", "policy.yaml", "verb", "lint", "policy", "x", "ANSWER", "1")))
                .isEqualTo(1);
        assertThat(calls()).last().isEqualTo("kubectl-trimtab [lint] [-f] [policy.yaml]");
        assertThat(run(Map.of("files", "a", "strict", "true"))).isZero();
        assertThat(calls()).last().isEqualTo("kubectl-trimtab [check] [-f] [a] [--strict] [-o] [github]");
        assertThat(run(Map.of("files", "a", "strict", "yes"))).isEqualTo(2);
    }

    @Test
    @DisplayName("a SARIF file that cannot be written is said, and is no output")
    void sarifThatCannotBeWritten() throws Exception {
        assertThat(run(Map.of("files", "a", "sarif-file", "no/such/folder/x.sarif")))
                .isEqualTo(2);
        assertThat(folder.resolve("log")).content().contains("sarif-file cannot be written: no/such/folder/x.sarif");
        assertThat(folder.resolve("output")).doesNotExist();
    }

    @Test
    @DisplayName("the exit code is Trimtab's")
    void exitCode() throws Exception {
        assertThat(run(Map.of("files", "models", "verb", "fix", "ANSWER", "1"))).isEqualTo(1);
        assertThat(calls()).last().isEqualTo("kubectl-trimtab [fix] [-f] [models]");
    }

    @Test
    @DisplayName("what an input holds is never run")
    void injection() throws Exception {
        assertThat(run(Map.of("files", "$(touch hacked);`touch hacked`", "verb", "check")))
                .isZero();
        assertThat(calls())
                .last()
                .isEqualTo("kubectl-trimtab [check] [-f] [$(touch hacked);`touch hacked`] [-o] [github]");
        assertThat(run(Map.of("files", "a", "verb", "stop; touch hacked"))).isEqualTo(2);
        assertThat(run(Map.of("files", "a", "sarif-file", "a\nother=b"))).isEqualTo(2);
        assertThat(run(Map.of("files", "\n"))).isEqualTo(2);
        assertThat(folder.resolve("hacked")).doesNotExist();
    }

    private List<String> calls() throws Exception {
        return Files.readAllLines(folder.resolve("calls"));
    }

    /** As the runner does: expressions become environment variables, each script is one bash. */
    private int run(Map<String, String> inputs) throws Exception {
        for (JsonNode step : action.at("/runs/steps")) {
            if (!step.has("run")) {
                continue;
            }
            ProcessBuilder bash = new ProcessBuilder(
                            "bash",
                            "--noprofile",
                            "--norc",
                            "-eo",
                            "pipefail",
                            "-c",
                            step.path("run").asText())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile());
            Map<String, String> environment = new HashMap<>();
            step.path("env").properties().forEach(it -> environment.put(it.getKey(), value(it.getValue(), inputs)));
            bash.environment().putAll(environment);
            bash.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
            bash.environment().put("CALLS", folder.resolve("calls").toString());
            bash.environment().put("ANSWER", inputs.getOrDefault("ANSWER", "0"));
            bash.environment().put("GITHUB_OUTPUT", folder.resolve("output").toString());
            Process process = bash.start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            if (process.exitValue() != 0 || step.path("id").asText().equals("trimtab")) {
                return process.exitValue();
            }
        }
        throw new AssertionError("no step with id trimtab");
    }

    private String value(JsonNode expression, Map<String, String> inputs) {
        String name = expression.asText().replaceAll("\\$\\{\\{ (?:inputs|github)\\.(\\S+) }}", "$1");
        return name.equals("action_path")
                ? folder.resolve("action").toString()
                : inputs.getOrDefault(
                        name, action.path("inputs").path(name).path("default").asText());
    }
}
