package dev.trimtab.cli.manifests;

import static dev.trimtab.cli.Cli.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists, as kubectl and kustomize take them apart: in each other, without kinds, and of any kind. */
class ListsTest {
    /** An item whose initial-scale cannot stay. */
    private static final String BODY = """
            metadata: {name: eager}
            spec:
              template:
                metadata:
                  annotations:
                    autoscaling.knative.dev/max-scale: "1"
                    autoscaling.knative.dev/initial-scale: "9"
                spec:
                  containers: [{image: registry.example/eager}]
            """;

    private static final String ITEM = "apiVersion: serving.knative.dev/v1\nkind: Service\n" + BODY;

    private static final String NESTED =
            "apiVersion: v1\nkind: List\nitems:\n- null\n- apiVersion: v1\n  kind: List\n  items:\n  - "
                    + ITEM.replace("\n", "\n    ").stripTrailing() + "\n";

    /** As the API server answers. */
    private static final String TYPED = "apiVersion: serving.knative.dev/v1\nkind: ServiceList\nitems:\n- "
            + BODY.replace("\n", "\n  ").stripTrailing() + "\n";

    @TempDir
    private Path folder;

    @Test
    @DisplayName("check: a List in a List, a ServiceList without kinds, and a list of no known kind")
    void check() {
        String other = TYPED.replace("ServiceList", "Services").replace("- metadata", "- " + """
                apiVersion: serving.knative.dev/v1
                  kind: Service
                  metadata""");

        assertThat(Cli.runWith(NESTED, "check", "-f", "-").out())
                .startsWith("stdin:16:52: clamped: Service eager: initial-scale: ");
        assertThat(Cli.runWith(TYPED, "check", "-f", "-").out())
                .startsWith("stdin:10:50: clamped: Service eager: initial-scale: ");
        assertThat(Cli.runWith(other, "check", "-f", "-").out())
                .startsWith("stdin:12:50: clamped: Service eager: initial-scale: ");
    }

    @Test
    @DisplayName(
            "an item with a kind but no apiVersion, and one in a List without either, are nobody's, as for kubectl")
    void nobodys() {
        String half = TYPED.replace("- metadata", "- kind: Service\n  metadata");
        String none = TYPED.replace("serving.knative.dev/v1", "v1").replace("ServiceList", "List");

        assertThat(Cli.runWith(half, "check", "-f", "-").out()).doesNotContain("eager");
        assertThat(Cli.runWith(none, "check", "-f", "-").out()).doesNotContain("eager");
    }

    @Test
    @DisplayName("explain names the place in both lists")
    void explain() {
        assertThat(Cli.runWith(NESTED, "preview", "-f", "-", "-o", "explain").out())
                .startsWith("Service eager (stdin, document 1, items[1].items[0]): mutated, a new object\n");
        assertThat(Cli.runWith(TYPED, "preview", "-f", "-", "-o", "explain").out())
                .startsWith("Service eager (stdin, document 1, items[0]): mutated, a new object\n")
                .doesNotContain("/kind", "/apiVersion");
    }

    @Test
    @DisplayName("preview and fix change the items in their places, and write no kind that the list says already")
    void fix() throws IOException {
        for (String list : new String[] {NESTED, TYPED}) {
            String file = write(folder, "list.yaml", list);

            assertThat(Cli.run("fix", "-f", file).code()).isZero();

            String fixed = Files.readString(Path.of(file));
            String indent = list.equals(NESTED) ? "          " : "        ";
            assertThat(fixed)
                    .isEqualTo(list.replace("initial-scale: \"9\"", "initial-scale: \"1\"")
                            + indent + "timeoutSeconds: 300\n"
                            + indent + "containerConcurrency: 0\n"
                            + indent + "responseStartTimeoutSeconds: 0\n"
                            + indent + "idleTimeoutSeconds: 0\n");
            assertThat(Cli.run("check", "-f", file).code()).isZero();
            String previewed = Cli.runWith(list, "preview", "-f", "-").out();
            assertThat(previewed.replaceFirst(", annotations: [{]trimtab.dev/filled: .*", "}"))
                    .isEqualTo(fixed);
        }
    }

    @Test
    @DisplayName("a stored object may be in a list of its kind")
    void stored() {
        String old = write(folder, "old.yaml", TYPED);

        assertThat(Cli.runWith(ITEM, "preview", "-f", "-", "--old", old, "-o", "explain")
                        .out())
                .startsWith("Service eager (stdin, document 1): ")
                .contains("an update");
    }

    @Test
    @DisplayName("Knative's and KServe's ConfigMaps may be in a list of their kind")
    void settings() {
        String knative = write(folder, "knative.yaml", """
                apiVersion: v1
                kind: ConfigMapList
                items:
                - metadata: {name: config-autoscaler}
                  data: {max-scale: "2", max-scale-limit: "4"}
                """);
        String kserve = write(folder, "kserve.yaml", """
                apiVersion: v1
                kind: ConfigMapList
                items:
                - metadata: {name: inferenceservice-config}
                  data: {deploy: '{"defaultDeploymentMode": "Standard"}'}
                """);

        assertThat(Cli.runWith(Cli.SERVICE, "preview", "-f", "-", "--knative", knative, "--kserve-config", kserve)
                        .errors())
                .containsExactly(
                        "Warning: trimtab: filled max-scale=4 (the cluster's max-scale-limit), initial-scale=1");
    }
}
