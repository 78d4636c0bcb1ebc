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

/** What {@code -f}, {@code --policy} and {@code --knative} take. */
class InputTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("a folder: all manifests below it, sorted, but none that is hidden and nothing else")
    void folders() {
        write(folder, "b.yaml", "kind: B\n");
        write(folder, "a/z.yml", "kind: Z\n");
        write(folder, "a/b/c.json", "{\"kind\": \"C\"}\n");
        write(folder, "README.md", "not YAML: [");
        write(folder, ".github/workflows/ci.yaml", "kind: Hidden\n");
        write(folder, ".hidden.yaml", "kind: Hidden\n");

        assertThat(Cli.run("preview", "-f", folder.toString()).out())
                .isEqualTo("{\"kind\": \"C\"}\n---\nkind: Z\n---\nkind: B\n");
    }

    @Test
    @DisplayName("a folder that is a link; a link in a circle is not followed")
    void links() throws IOException {
        write(folder, "real/a.yaml", "kind: A\n");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
        Files.createSymbolicLink(folder.resolve("real/circle"), folder.resolve("real"));

        assertThat(Cli.run("preview", "-f", link.toString())).isEqualTo(new Cli(0, "kind: A\n", ""));
        write(folder, "real/a.yaml", "kind: [\n");
        assertThat(Cli.run("preview", "-f", link.toString()).err())
                .as("the name that the user gave")
                .startsWith(link.resolve("a.yaml") + ":2:1: ");
    }

    @Test
    @DisplayName("the ConfigMap with the policy, as it is on the cluster")
    void policyInConfigMap() {
        String policy = write(folder, "cm.yaml", """
                kind: Namespace
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: trimtab-policy}
                data:
                  policy.yaml: |
                    apiVersion: trimtab.dev/v1alpha1
                    kind: Policy
                    mode: Audit
                """);

        assertThat(Cli.runWith(SERVICE, "preview", "-f", "-", "--policy", policy)
                        .err())
                .isEqualTo("Warning: trimtab: (audit) would fill max-scale=0, initial-scale=1\n");
    }

    @Test
    @DisplayName("Knative's ConfigMaps: several files, several documents, and a List as kubectl prints it")
    void knative() {
        String features = write(
                folder,
                "features.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config-features}\ndata: {}\n");
        String list = write(folder, "list.yaml", """
                apiVersion: v1
                kind: List
                items:
                - apiVersion: v1
                  kind: ConfigMap
                  metadata: {name: config-logging}
                  data: {loglevel: "7"}
                - apiVersion: v1
                  kind: ConfigMap
                  metadata: {name: config-autoscaler}
                  data: {max-scale: "2", max-scale-limit: "4"}
                """);
        String[] expected = {"Warning: trimtab: filled max-scale=4 (the cluster's max-scale-limit), initial-scale=1"};

        assertThat(Cli.runWith(SERVICE, "preview", "-f", "-", "--knative", features, list)
                        .errors())
                .containsExactly(expected);
        assertThat(Cli.runWith(SERVICE, "preview", "-f", "-", "--knative", list, "--knative", features)
                        .errors())
                .containsExactly(expected);
    }

    @Test
    @DisplayName("-o takes its values in any case, and an option may come before and after the files")
    void options() {
        assertThat(Cli.runWith("kind: A\n", "preview", "-o", "JSON", "-f", "-"))
                .isEqualTo(Cli.runWith("kind: A\n", "preview", "--filename=-", "--output=json"))
                .isEqualTo(new Cli(0, "{\n  \"kind\": \"A\"\n}\n", ""));
    }
}
