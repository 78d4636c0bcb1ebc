package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.doctor.DoctorCommand;
import dev.trimtab.cli.help.CompletionCommand;
import dev.trimtab.cli.help.ManCommand;
import dev.trimtab.cli.help.VersionCommand;
import dev.trimtab.cli.live.LeaveCommand;
import dev.trimtab.cli.live.RefreshCommand;
import dev.trimtab.cli.live.ScanCommand;
import dev.trimtab.cli.manifests.CheckCommand;
import dev.trimtab.cli.manifests.FixCommand;
import dev.trimtab.cli.manifests.LintCommand;
import dev.trimtab.cli.manifests.PreviewCommand;
import dev.trimtab.cli.print.Interruption;
import dev.trimtab.cli.print.StandardOutput;
import dev.trimtab.cli.schedule.ScheduleCommand;
import dev.trimtab.cli.schedule.SchedulePreviewCommand;
import dev.trimtab.cli.schedule.ScheduleStatusCommand;
import dev.trimtab.cli.stop.KeepCommand;
import dev.trimtab.cli.stop.StartCommand;
import dev.trimtab.cli.stop.StatusCommand;
import dev.trimtab.cli.stop.StopCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {
    @Test
    @DisplayName("picocli reads only the class of the verb that is named: all of them take longer than a preview")
    void namedVerb() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        TrimtabCommand.verbs(
                        InputStream.nullInputStream(), new Interruption(new PrintWriter(Writer.nullWriter())), () -> 0)
                .keySet()
                .forEach(verb -> verbs.put(verb, () -> {
                    throw new AssertionError(verb + " is read");
                }));
        verbs.put("preview", () -> new PreviewCommand(InputStream.nullInputStream()));

        assertThat(TrimtabCommand.line("preview", verbs).getSubcommands()).containsOnlyKeys("preview");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "help",
                "serve --help",
                "preview --help",
                "preview -h",
                "help preview",
                "lint --help",
                "check --help",
                "fix -h",
                "scan --help",
                "refresh -h",
                "leave --help",
                "stop --help",
                "start --help",
                "status -h",
                "keep --help",
                "schedule",
                "schedule --help",
                "schedule preview --help",
                "schedule status -h",
                "doctor --help",
                "completion -h",
                "man -h",
                "version -h"
            })
    @DisplayName("help goes to standard output, fits 80 columns, and is no failure")
    void help(String args) {
        Cli help = Cli.run(args.split(" "));

        assertThat(help.code()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out()).startsWith("Usage: trimtab").contains("Exit codes: 0");
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    @DisplayName("without a verb nothing starts: the help is printed")
    void noVerb() {
        assertThat(Cli.run()).isEqualTo(Cli.run("--help"));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                PreviewCommand.class,
                CheckCommand.class,
                FixCommand.class,
                LintCommand.class,
                ScanCommand.class,
                RefreshCommand.class,
                LeaveCommand.class,
                StopCommand.class,
                StartCommand.class,
                StatusCommand.class,
                KeepCommand.class,
                ScheduleCommand.class,
                ScheduleStatusCommand.class,
                ScheduleCommand.class,
                SchedulePreviewCommand.class,
                DoctorCommand.class,
                CompletionCommand.class,
                ManCommand.class,
                VersionCommand.class,
                ServeCommand.class
            })
    @DisplayName("no line of a help's end is so long that it is broken once more, with one word below it")
    void footers(Class<?> verb) {
        assertThat(verb.getAnnotation(CommandLine.Command.class).footer())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    @DisplayName("the help of preview names its options and outputs")
    void preview() {
        assertThat(Cli.run("preview", "--help").out())
                .contains(
                        "-f FILE...",
                        "-f, --filename",
                        "-o, --output",
                        "--policy",
                        "--knative",
                        "--old",
                        "-n, --namespace")
                .contains("yaml:", "json;", "diff:", "explain:", "Default: yaml.");
    }

    @Test
    @DisplayName("the help of stop, start and status names their options, and what --wait waits for")
    void lifecycle() {
        assertThat(Cli.run("stop", "--help").out())
                .contains("NAME", "-n, --namespace", "--kind", "--wait", "--timeout", "--kubeconfig", "--context")
                .contains(
                        "inferencegraph or",
                        "llminferenceservice. Default:",
                        "Default: 10m.",
                        "the service has no pod");
        assertThat(Cli.run("start", "--help").out()).contains("--wait", "--timeout", "Ready");
        assertThat(Cli.run("status", "--help").out()).contains("-A, --all-namespaces", "Default: table.");
    }

    @Test
    @DisplayName("the help of scan and refresh names their options, and that differences are no failure")
    void drift() {
        assertThat(Cli.run("scan", "--help").out())
                .contains("-A, --all-namespaces", "--policy", "--trimtab-namespace", "--knative-namespace")
                .contains("Exit codes: 0, also with differences", "does not roll anything");
        assertThat(Cli.run("refresh", "--help").out())
                .contains("--all", "--max-gpus", "--wait", "--timeout", "--dry-run", "--kind", "Default: 30m.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"preview", "check", "fix"})
    @DisplayName("verbs that read no cluster say which policy they take without --policy")
    void policyWithoutCluster(String verb) {
        String help = Cli.run(verb, "--help").out().replaceAll("\\s+", " ");
        assertThat(help).contains("A policy, or a ConfigMap with one. Default: the built-in one.");
        assertThat(Cli.run("scan", "--help").out().replaceAll("\\s+", " "))
                .contains("A policy, or a ConfigMap with one. Default: that of the cluster.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "preview --version"})
    @DisplayName("the version is one line; the jar has it from the build")
    void version(String args) {
        Cli version = Cli.run(args.split(" "));
        assertThat(version.code()).isZero();
        assertThat(version.out()).matches("trimtab of a working tree, not packaged(, commit [0-9a-f]{40})?\n");
        assertThat(version.err()).isEmpty();
    }

    @Test
    @DisplayName("a full disk is said, and so is a reader that closes early")
    void output() {
        assertThat(failing("No space left on device"))
                .isEqualTo("standard output cannot be written: No space left on device\n");
        assertThat(failing("Broken pipe")).isEqualTo("standard output was closed before the end\n");
        assertThat(new StandardOutput(new ByteArrayOutputStream()).isCut(new PrintWriter(new StringWriter())))
                .isFalse();
    }

    private static String failing(String reason) {
        StandardOutput output = new StandardOutput(new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                throw new IOException(reason);
            }
        });
        StringWriter err = new StringWriter();
        int code = TrimtabCommand.run(
                new String[] {"--help"},
                InputStream.nullInputStream(),
                new PrintWriter(output, false, StandardCharsets.UTF_8),
                new PrintWriter(err));
        assertThat(code).isZero();
        assertThat(output.isCut(new PrintWriter(err, true)))
                .isEqualTo(!err.toString().isEmpty());
        return err.toString();
    }
}
