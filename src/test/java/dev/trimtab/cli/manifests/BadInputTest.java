package dev.trimtab.cli.manifests;

import static dev.trimtab.cli.Cli.CONFLICT;
import static dev.trimtab.cli.Cli.SERVICE;
import static dev.trimtab.cli.Cli.SERVICE_ADMITTED;
import static dev.trimtab.cli.Cli.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.trimtab.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Exit code 2, and one line a problem with file and place. */
class BadInputTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("all that is wrong in all files is said at once; of the files only those are printed that are whole")
    void manifests() throws IOException {
        String good = write(folder, "good.yaml", SERVICE);
        String missing = folder.resolve("missing.yaml").toString();
        String binary = folder.resolve("binary.yaml").toString();
        Files.write(Path.of(binary), new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xfe});
        String second = write(folder, "second.yaml", "kind: A\n---\nspec: [1,\n---\nkind: C\n---\na: 1\na: 2\n");
        String scalar = write(folder, "scalar.yaml", "hello\n---\n- kind: A\n");
        String deep = write(folder, "deep.yaml", "[".repeat(100_000));
        Path empty = Files.createDirectory(folder.resolve("empty"));

        Cli preview = Cli.run("preview", "-f", good, missing, binary, second, scalar, deep, empty.toString(), "", good);

        assertThat(preview.code()).isEqualTo(2);
        assertThat(preview.out()).isEqualTo(SERVICE_ADMITTED + "---\n" + SERVICE_ADMITTED);
        assertThat(preview.errors().subList(4, preview.errors().size()))
                .containsExactly(
                        missing + ": no such file or folder",
                        binary + ": not valid UTF-8",
                        second + ":4:1: expected the node content, but found '<stream end>' "
                                + "(while parsing a flow node)",
                        second + ":8:1: the key \"a\" appears twice",
                        scalar + ":1:1: not a Kubernetes object (expected a mapping)",
                        scalar + ":3:1: not a Kubernetes object (expected a mapping)",
                        deep + ":1:502: nested deeper than 500 levels",
                        empty + ": no .yaml, .yml or .json file in this folder",
                        "-f: the name of a file is empty");
    }

    @Test
    @DisplayName("what can be read is checked all the same, and a file that cannot be is not fixed")
    void readableFiles() throws IOException {
        String good = write(folder, "good.yaml", SERVICE);
        String half = write(folder, "half.yaml", CONFLICT + "---\nb: [\n");
        String found = half + ":9:48: clamped: Service eager: initial-scale: initial-scale 7 lowered to max-scale 3\n"
                + "2 objects: 1 clamped\n";
        String problem =
                half + ":13:1: expected the node content, but found '<stream end>' (while parsing a flow node)\n";

        assertThat(Cli.run("check", "-f", half, good)).isEqualTo(new Cli(2, found, problem));
        assertThat(Cli.run("fix", "-f", half, good)).isEqualTo(new Cli(2, good + ": fixed\n", problem));
        assertThat(Files.readString(Path.of(half))).isEqualTo(CONFLICT + "---\nb: [\n");
        assertThat(Cli.runWith(CONFLICT + "---\nb: [\n", "fix", "-f", "-").out())
                .as("half a stream would be taken for all of it")
                .isEmpty();
        assertThat(Cli.runWith("a: [", "check", "-f", "-").out()).isEqualTo("0 objects: nothing could be checked\n");
    }

    @Test
    @DisplayName("no document at all: a pipe whose first command failed looks like that")
    void nothing() {
        String empty = write(folder, "empty.yaml", "# nothing yet\n---\n");

        for (String verb : List.of("check", "preview", "fix")) {
            for (String input : List.of("", "\n", "---\n# c\n---\n")) {
                assertThat(Cli.runWith(input, verb, "-f", "-"))
                        .extracting(Cli::code, Cli::err)
                        .containsExactly(2, "stdin: no document: did the command before the pipe fail?\n");
            }
            assertThat(Cli.run(verb, "-f", empty).errors()).containsExactly(empty + ": no document");
        }
        assertThat(Cli.run("check", "-f", empty, write(folder, "some.yaml", SERVICE))
                        .code())
                .isZero();
    }

    @Test
    @DisplayName("standard input: the same, under its name; it cannot be read twice")
    void standardInput() {
        assertProblems(Cli.runWith(new byte[] {(byte) 0xc3}, "preview", "-f", "-"), "stdin: not valid UTF-8");
        assertProblems(
                Cli.runWith("a: b: c\n", "preview", "-f", "-"), "stdin:1:5: mapping values are not allowed here");
        assertProblems(
                Cli.runWith(SERVICE, "preview", "-f", "-", "--old", "-"), "-: standard input can be read once only");
    }

    @Test
    @DisplayName("what may not be read")
    void permissions() throws IOException {
        Path secret = Path.of(write(folder, "secret.yaml", SERVICE));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Path locked = Files.createDirectory(folder.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(secret)).as("root reads every file").isFalse();

        assertProblems(
                Cli.run("preview", "-f", secret.toString(), locked.toString(), "--policy", secret.toString()),
                secret + ": cannot be read: permission denied",
                secret + ": cannot be read: permission denied",
                locked + ": cannot be read: permission denied");
    }

    @Test
    @DisplayName("a policy: every problem where it stands, also inside of a ConfigMap")
    void policies() {
        String policy = write(folder, "policy.yaml", """
                apiVersion: trimtab.dev/v1alpha1
                kind: Policy
                mod: Audit
                conflicts: Deni
                """);
        String configMap = write(folder, "cm.yaml", """
                kind: Namespace
                ---
                apiVersion: v1
                kind: ConfigMap
                data:
                  policy.yaml: |
                    apiVersion: trimtab.dev/v1alpha1
                    kind: Policy

                    mod: Audit
                    conflicts: Deni
                """);
        String[] messages = {
            "mod: unknown key; did you mean mode?",
            "conflicts: \"Deni\" is not one of Clamp, Warn, Deny; did you mean Deny?"
        };

        assertProblems(
                Cli.runWith(SERVICE, "preview", "-f", "-", "--policy", policy),
                policy + ":3:1: " + messages[0],
                policy + ":4:12: " + messages[1]);
        assertProblems(
                Cli.runWith(SERVICE, "preview", "-f", "-", "--policy", configMap),
                configMap + ":10:5: " + messages[0],
                configMap + ":11:16: " + messages[1]);
        assertProblems(
                Cli.runWith(SERVICE, "preview", "-f", "-", "--policy", folder + "/none"),
                folder + "/none: no such file");
        assertProblems(
                Cli.runWith(SERVICE, "preview", "-f", "-", "--policy", "", "--knative", "", "--kserve-config", ""),
                "--policy: the name of a file is empty",
                "--knative: the name of a file is empty",
                "--kserve-config: the name of a file is empty");
        assertProblems(
                Cli.runWith(SERVICE, "preview", "-f", "-", "--policy", folder.toString()),
                folder + ": is a folder: name a file in it");
    }

    static Stream<Arguments> configurations() {
        String none = "holds none of Knative's ConfigMaps"
                + " [config-autoscaler, config-defaults, config-features, config-deployment]";
        String line = ": give what kubectl -n knative-serving get configmap -o yaml prints";
        return Stream.of(
                Arguments.of(
                        "a: [",
                        List.of(":1:5: expected the node content, but found '<stream end>' "
                                + "(while parsing a flow node)")),
                Arguments.of("kind: ConfigMap\nmetadata: {name: config-br}\n", List.of(": " + none + line)),
                Arguments.of(
                        "kind: KnativeServing\nmetadata: {name: a, namespace: own}\nspec: {config: {}}\n",
                        List.of(": is a KnativeServing, and not the ConfigMaps that the operator makes of it"
                                + ": give what kubectl -n own get configmap -o yaml prints")),
                Arguments.of(
                        "kind: ConfigMap\nmetadata: {name: config-autoscaler}\ndata: {max-scale: 3}\n",
                        List.of(":3:19: ConfigMap config-autoscaler: data.max-scale is not text: put it in quotes")),
                Arguments.of(
                        "kind: ConfigMap\nmetadata: {name: config-autoscaler}\ndata: {max-scale: many}\n",
                        List.of(":3:19: ConfigMap config-autoscaler: max-scale is \"many\", it must be a"
                                + " whole number of 32 bits")),
                Arguments.of(
                        """
                        kind: List
                        items:
                        - kind: ConfigMap
                          metadata: {name: config-autoscaler}
                          data:
                            max-scale: "12"
                            max-scale-limit: 9
                            stable-window: 1s
                            initial-scale: some
                            allow-zero-initial-scale: true
                        - kind: ConfigMap
                          metadata: {name: config-deployment}
                          data: {progress-deadline: 0s}
                        """,
                        List.of(
                                ":7:22: ConfigMap config-autoscaler: data.max-scale-limit is not text: put it in quotes",
                                ":10:31: ConfigMap config-autoscaler: data.allow-zero-initial-scale is not text: put it in"
                                        + " quotes",
                                ":9:20: ConfigMap config-autoscaler: initial-scale is \"some\", it must be a"
                                        + " whole number of 32 bits",
                                ":8:20: ConfigMap config-autoscaler: stable-window is \"1s\", it must be from 6s to 1h",
                                ":6:16: ConfigMap config-autoscaler: max-scale is \"12\", it must be from 1 to"
                                        + " max-scale-limit 9",
                                ":13:29: ConfigMap config-deployment: progress-deadline is \"0s\", it must be above"
                                        + " 0s")));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    @DisplayName("Knative's configuration: each bad value in its place, with the reason")
    void knative(String text, List<String> problems) {
        String file = write(folder, "knative.yaml", text);
        String missing = folder + "/missing.yaml";

        assertProblems(
                Cli.runWith(SERVICE, "preview", "-f", "-", "--knative", missing, file),
                Stream.concat(
                                Stream.of(missing + ": no such file"),
                                problems.stream().map(it -> file + it))
                        .toArray(String[]::new));
    }

    static Stream<Arguments> misuses() {
        return Stream.of(
                Arguments.of("serve now", "trimtab serve: unexpected argument 'now' (see trimtab serve --help)"),
                Arguments.of(
                        "prevew", "trimtab: unexpected argument 'prevew', did you mean preview? (see trimtab --help)"),
                Arguments.of(
                        "check llama.yaml",
                        "trimtab check: unexpected argument 'llama.yaml': write -f llama.yaml (see trimtab check --help)"),
                Arguments.of("--bogus", "trimtab: Unknown option: '--bogus' (see trimtab --help)"),
                Arguments.of(
                        "preview",
                        "trimtab preview: Missing required option: '--filename=FILE' (see trimtab preview --help)"),
                Arguments.of(
                        "preview -f",
                        "trimtab preview: Missing required parameter for option '--filename' at index 0 (FILE) (see trimtab preview --help)"),
                Arguments.of(
                        "preview -f x --bogus",
                        "trimtab preview: Unknown option: '--bogus' (see trimtab preview --help)"),
                Arguments.of(
                        "preview -f x -o diff y",
                        "trimtab preview: unexpected argument 'y' (see trimtab preview --help)"),
                Arguments.of(
                        "preview -f x -o xml",
                        "trimtab preview: Invalid value for option '--output': 'xml' is not one of yaml, json, diff, explain (see trimtab preview --help)"),
                Arguments.of(
                        "preview -f x --old a --old b",
                        "trimtab preview: option '--old' (FILE) should be specified only once (see trimtab preview --help)"));
    }

    @ParameterizedTest
    @MethodSource("misuses")
    @DisplayName("a verb or an option that is not there: one line, and where there is help")
    void misuse(String args, String problem) {
        assertProblems(Cli.run(args.split(" ")), problem);
    }

    private static void assertProblems(Cli result, String... lines) {
        assertThat(result.errors()).isEqualTo(List.of(lines));
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(2);
    }
}
