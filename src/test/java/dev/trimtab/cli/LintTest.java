package dev.trimtab.cli;

import static org.assertj.core.api.Assertions.assertThat;

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

        assertThat(Cli.run("lint", policy, "docs/examples/built-in-policy.yaml"))
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
                        line -> assertThat(line).startsWith(one + ":3:1 mod: ").contains("mode"),
                        line -> assertThat(line).startsWith(one + ":4:21 stop.gracePeriod: "),
                        line -> assertThat(line)
                                .startsWith(two + ":8:16 conflicts: ")
                                .contains("Clamp"));
    }

    @Test
    @DisplayName("the profiles of a namespace hold nothing else")
    void profiles() {
        String own = Cli.write(folder, "own.yaml", HEAD + "mode: Audit\nprofiles: []\n");

        assertThat(Cli.run("lint", own).code()).isZero();
        Cli asProfiles = Cli.run("lint", "--profiles", own);
        assertThat(asProfiles.code()).isEqualTo(1);
        assertThat(asProfiles.out()).startsWith(own + ":3:1 mode: ").hasLineCount(1);
    }

    @Test
    @DisplayName("a file that is not there: exit code 2, one line, and nothing on standard output")
    void unreadable() {
        String good = Cli.write(folder, "good.yaml", HEAD + "mod: x\n");
        String missing = folder.resolve("missing.yaml").toString();

        assertThat(Cli.run("lint", good, missing)).isEqualTo(new Cli(2, "", missing + ": no such file\n"));
    }
}
