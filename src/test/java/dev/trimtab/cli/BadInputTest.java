package dev.trimtab.cli;

import static dev.trimtab.cli.Cli.SERVICE;
import static dev.trimtab.cli.Cli.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

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

/** Exit code 2, one line a problem with file, document and place, and nothing on standard output. */
class BadInputTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("all that is wrong in all files is said at once, and the good files are not printed")
    void manifests() throws IOException {
        String good = write(folder, "good.yaml", SERVICE);
        String missing = folder.resolve("missing.yaml").toString();
        String binary = folder.resolve("binary.yaml").toString();
        Files.write(Path.of(binary), new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xfe});
        String second = write(folder, "second.yaml", "kind: A\n---\nspec: [1,\n---\nkind: C\n---\na: 1\na: 2\n");
        String scalar = write(folder, "scalar.yaml", "hello\n---\n- kind: A\n");
        String deep = write(folder, "deep.yaml", "[".repeat(100_000));
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertProblems(
                Cli.run("preview", "-f", good, missing, binary, second, scalar, deep, empty.toString(), ""),
                missing + ": no such file or folder",
                binary + ": is no UTF-8 text",
                second + ": document 2, line 4, column 1: expected the node content, but found '<stream end>' "
                        + "(while parsing a flow node)",
                second + ": document 4, line 8, column 1: the key \"a\" is there twice",
                scalar + ": document 1, line 1: is no Kubernetes object: those are maps",
                scalar + ": document 2, line 2: is no Kubernetes object: those are maps",
                deep + ": document 1, line 1, column 502: nested deeper than 500 levels",
                empty + ": no .yaml, .yml or .json file in this folder",
                "-f: the name of a file is empty");
    }

    @Test
    @DisplayName("standard input: the same, under its name; it cannot be read twice")
    void standardInput() {
        assertProblems(Cli.runWith(new byte[] {(byte) 0xc3}, "preview", "-f", "-"), "stdin: is no UTF-8 text");
        assertProblems(
                Cli.runWith("a: b: c\n", "preview", "-f", "-"),
                "stdin: document 1, line 1, column 5: mapping values are not allowed here");
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
                policy + ":3:1 " + messages[0],
                policy + ":4:12 " + messages[1]);
        assertProblems(
                Cli.runWith(SERVICE, "preview", "-f", "-", "--policy", configMap),
                configMap + ":10:5 " + messages[0],
                configMap + ":11:16 " + messages[1]);
        assertProblems(
                Cli.runWith(SERVICE, "preview", "-f", "-", "--policy", folder + "/none"),
                folder + "/none: no such file");
    }

    static Stream<Arguments> configurations() {
        return Stream.of(
                Arguments.of(
                        "a: [",
                        "document 1, line 1, column 5: expected the node content, but found '<stream end>' "
                                + "(while parsing a flow node)"),
                Arguments.of(
                        "kind: ConfigMap\nmetadata: {name: config-br}\n",
                        "holds none of Knative's ConfigMaps [config-autoscaler, config-defaults, config-features, config-deployment]"),
                Arguments.of(
                        "kind: ConfigMap\nmetadata: {name: config-autoscaler}\ndata: {max-scale: 3}\n",
                        "ConfigMap config-autoscaler: data.max-scale is no text: put it in quotes"),
                Arguments.of(
                        "kind: ConfigMap\nmetadata: {name: config-autoscaler}\ndata: {max-scale: many}\n",
                        "ConfigMap config-autoscaler: failed to parse data: failed to parse \"max-scale\": "
                                + "strconv.ParseInt: parsing \"many\": invalid syntax"));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    @DisplayName("Knative's configuration: the reason is Knative's own where it would refuse the ConfigMap")
    void knative(String text, String problem) {
        String file = write(folder, "knative.yaml", text);
        String missing = folder + "/missing.yaml";

        assertProblems(
                Cli.runWith(SERVICE, "preview", "-f", "-", "--knative", missing, file),
                missing + ": no such file",
                file + ": " + problem);
    }

    static Stream<Arguments> misuses() {
        return Stream.of(
                Arguments.of("serve now", "trimtab serve: unexpected argument 'now' (see trimtab serve --help)"),
                Arguments.of(
                        "prevew", "trimtab: unexpected argument 'prevew', did you mean preview? (see trimtab --help)"),
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
                        "trimtab preview: Invalid value for option '--output': 'xml' is none of yaml, json, diff, explain (see trimtab preview --help)"),
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
