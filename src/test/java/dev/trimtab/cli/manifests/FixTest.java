package dev.trimtab.cli.manifests;

import static dev.trimtab.cli.Cli.CONFIG_MAP;
import static dev.trimtab.cli.Cli.CONFLICT;
import static dev.trimtab.cli.Cli.SERVICE;
import static dev.trimtab.cli.Cli.SERVICE_ADMITTED;
import static dev.trimtab.cli.Cli.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.trimtab.cli.Cli;
import dev.trimtab.cli.manifests.FixRun.FileReplacement;
import dev.trimtab.cli.print.Interruption;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trimtab fix}: the effective values in the files, and nothing else changed in them. */
class FixTest {
    private static final String FIXED = SERVICE_ADMITTED
            .lines()
            .filter(line -> !line.contains("trimtab.dev/filled") && !line.equals("  annotations:"))
            .reduce("", (text, line) -> text + line + "\n");

    private static final String LLAMA = """
            apiVersion: serving.kserve.io/v1beta1
            kind: InferenceService
            metadata:
              name: llama
              annotations:
                autoscaling.knative.dev/initial-scale: "7" # for the rush
            spec:
              predictor:
                maxReplicas: 3
                model: {modelFormat: {name: huggingface}}
              transformer:
                maxReplicas: 4
                containers: [{name: kserve-container, image: registry.example/transform}]
            """;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("what admission fills is written in, without the record; comments and order stay")
    void fills() throws IOException {
        String file = write(folder, "hello.yaml", CONFIG_MAP + "---\n" + SERVICE);

        assertThat(Cli.run("fix", "-f", file)).isEqualTo(new Cli(0, file + ": fixed\n", ""));
        assertThat(Files.readString(Path.of(file))).isEqualTo(CONFIG_MAP + "---\n" + FIXED);
        assertThat(Cli.run("preview", "-f", file)).isEqualTo(new Cli(0, CONFIG_MAP + "---\n" + FIXED, ""));
        assertThat(Cli.run("fix", "-f", file)).as("nothing is left to do").isEqualTo(new Cli(0, "", ""));
    }

    @Test
    @DisplayName("--dry-run: the diff that fix would make, and exit code 1 if there is one; no file changes")
    void dryRun() throws IOException {
        String file = write(folder, "eager.yaml", CONFIG_MAP + "---\n" + CONFLICT);

        Cli dry = Cli.run("fix", "-f", file, "--only", "clamps", "--dry-run");
        assertThat(dry.code()).isEqualTo(1);
        assertThat(dry.err()).isEmpty();
        assertThat(dry.out().lines())
                .startsWith("--- a" + file, "+++ b" + file)
                .filteredOn(it -> it.matches("[-+] .*"))
                .containsExactly(
                        "-        autoscaling.knative.dev/initial-scale: \"7\"",
                        "+        autoscaling.knative.dev/initial-scale: \"3\"");
        assertThat(Files.readString(Path.of(file))).isEqualTo(CONFIG_MAP + "---\n" + CONFLICT);
        assertThat(Cli.run("fix", "-f", file).code()).isZero();
        assertThat(Cli.run("fix", "-f", file, "--dry-run")).isEqualTo(new Cli(0, "", ""));
        assertThat(Cli.runWith(SERVICE, "fix", "-f", "-", "--dry-run").out()).startsWith("--- a/stdin\n+++ b/stdin\n");
    }

    @Test
    @DisplayName("--only clamps: what the author wrote is moved, and the rest stays the policy's to fill")
    void onlyClamps() {
        Cli fixed = Cli.runWith(CONFLICT, "fix", "-f", "-", "--only", "clamps");

        assertThat(fixed).isEqualTo(new Cli(0, CONFLICT.replace("\"7\"", "\"3\""), ""));
        assertThat(Cli.runWith(fixed.out(), "check", "-f", "-").out())
                .isEqualTo("1 object: nothing would be clamped or refused\n");
        assertThat(Cli.runWith(SERVICE, "fix", "-f", "-", "--only", "clamps").out())
                .as("nothing to clamp")
                .isEqualTo(SERVICE);
        assertThat(Cli.runWith(LLAMA, "fix", "-f", "-", "--only", "clamps").out())
                .as("what KServe renders")
                .contains(
                        "autoscaling.knative.dev/initial-scale: \"3\"", "autoscaling.knative.dev/initial-scale: \"4\"")
                .doesNotContain("timeout");
    }

    @Test
    @DisplayName("--only fills: the author's values stay, and those that would be clamped are named")
    void onlyFills() {
        Cli fixed = Cli.runWith(CONFLICT, "fix", "-f", "-", "--only", "fills");

        assertThat(fixed.code()).isEqualTo(1);
        assertThat(fixed.errors()).singleElement().asString().contains("initial-scale 7 lowered to max-scale 3");
        assertThat(fixed.out()).contains("initial-scale: \"7\"", "timeoutSeconds: 300");
        assertThat(Cli.runWith(fixed.out(), "fix", "-f", "-", "--only", "clamps")
                        .out())
                .as("one after the other is both")
                .isEqualTo(Cli.runWith(CONFLICT, "fix", "-f", "-").out());
    }

    @Test
    @DisplayName("standard input goes to standard output, also what is not changed")
    void standardInput() {
        assertThat(Cli.runWith(CONFIG_MAP + "---\n" + SERVICE, "fix", "-f", "-"))
                .isEqualTo(new Cli(0, CONFIG_MAP + "---\n" + FIXED, ""));
    }

    @Test
    @DisplayName(
            "with --old: what the service has by now, whatever a new one would get; applying it starts no revision")
    void asStored() {
        String stored = SERVICE_ADMITTED
                .replace("scale\":\"1\"", "scale\":\"2\"")
                .replace("initial-scale: \"1\"", "initial-scale: \"2\"");
        String old = write(folder, "old.yaml", stored);

        Cli fix = Cli.runWith(SERVICE, "fix", "-f", "-", "--old", old);

        assertThat(fix.code()).isZero();
        assertThat(fix.out().lines())
                .containsExactlyInAnyOrderElementsOf(FIXED.replace("initial-scale: \"1\"", "initial-scale: \"2\"")
                        .lines()
                        .toList());
        assertThat(Cli.runWith(fix.out(), "preview", "-f", "-", "--old", old, "-o", "explain")
                        .out())
                .contains("an update that changes nothing");
    }

    @Test
    @DisplayName("a clamp: the author's value is moved where it stands")
    void clamps() {
        Cli fix = Cli.runWith(CONFLICT, "fix", "-f", "-");

        assertThat(fix.code()).isZero();
        assertThat(fix.out())
                .contains("autoscaling.knative.dev/initial-scale: \"3\"")
                .doesNotContain("\"7\"");
        assertThat(Cli.runWith(fix.out(), "check", "-f", "-").code()).isZero();
    }

    @Test
    @DisplayName("what would be clamped on what KServe renders: each component gets its own")
    void rendered() {
        Cli fix = Cli.runWith(LLAMA, "fix", "-f", "-");

        assertThat(fix).isEqualTo(new Cli(0, """
                        apiVersion: serving.kserve.io/v1beta1
                        kind: InferenceService
                        metadata:
                          name: llama
                          annotations:
                            autoscaling.knative.dev/initial-scale: "7" # for the rush
                        spec:
                          predictor:
                            maxReplicas: 3
                            model: {modelFormat: {name: huggingface}}
                            annotations:
                              autoscaling.knative.dev/initial-scale: "3"
                          transformer:
                            maxReplicas: 4
                            containers: [{name: kserve-container, image: registry.example/transform}]
                            annotations:
                              autoscaling.knative.dev/initial-scale: "4"
                        """, ""));
        assertThat(Cli.runWith(fix.out(), "check", "-f", "-").code()).isZero();
    }

    @Test
    @DisplayName("with one component the annotation is moved where it is")
    void oneComponent() {
        String one = LLAMA.substring(0, LLAMA.indexOf("  transformer:"));

        assertThat(Cli.runWith(one, "fix", "-f", "-").out()).isEqualTo(one.replace("\"7\" #", "\"3\" #"));
    }

    @Test
    @DisplayName("what the policy refuses stays, is named, and the exit code is 1; the rest is fixed")
    void refused() throws IOException {
        String policy =
                write(folder, "policy.yaml", "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\nconflicts: Deny\n");
        String file = write(folder, "two.yaml", CONFLICT + "---\n" + SERVICE);

        assertThat(Cli.run("fix", "-f", file, "--policy", policy))
                .isEqualTo(new Cli(
                        1,
                        file + ": fixed\n",
                        file
                                + ":9:48: refused: Service eager: initial-scale: initial-scale 7 is above max-scale 3: "
                                + "more pods than that would start\n"));
        assertThat(Files.readString(Path.of(file))).isEqualTo(CONFLICT + "---\n" + FIXED);
    }

    @Test
    @DisplayName("what is wrong between two PodAutoscalers stays and is named, as check names it; a file counts once")
    void autoscalers() throws IOException {
        String autoscaler = """
                apiVersion: autoscaling.aibrix.ai/v1alpha1
                kind: PodAutoscaler
                metadata: {name: one}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: llama}
                  minReplicas: 1
                  maxReplicas: 2
                  scalingStrategy: APA
                  metricsSources:
                  - {metricSourceType: resource, targetMetric: cpu, targetValue: "50"}
                """;
        String first = write(folder, "one.yaml", autoscaler);
        String second = write(folder, "two.yaml", autoscaler.replace("name: one", "name: two"));

        Cli check = Cli.run("check", "-f", first, second);
        Cli fix = Cli.run("fix", "-f", first, second, first);

        assertThat(check.code()).isEqualTo(1);
        assertThat(fix.code()).as("%s", fix).isEqualTo(1);
        assertThat(fix.errors())
                .hasSize(2)
                .allMatch(line -> check.out().contains(line + "\n"))
                .anyMatch(line -> line.contains("is scaled by PodAutoscaler default/two too"));
    }

    @Test
    @DisplayName("a policy in Audit mode: what it will write in Enforce, so that Git is ready for it")
    void audit() {
        String policy = write(folder, "policy.yaml", "apiVersion: trimtab.dev/v1alpha1\nkind: Policy\nmode: Audit\n");

        assertThat(Cli.runWith(SERVICE, "fix", "-f", "-", "--policy", policy)).isEqualTo(new Cli(0, FIXED, ""));
    }

    @Test
    @DisplayName("a policy that is not valid: no file is changed")
    void badPolicy() throws IOException {
        String good = write(folder, "good.yaml", SERVICE);
        String policy = write(folder, "policy.yml", "mode: Enforced\n");

        assertThat(Cli.run("fix", "-f", good, "--policy", policy).code()).isEqualTo(2);
        assertThat(Files.readString(Path.of(good))).isEqualTo(SERVICE);
    }

    @Test
    @DisplayName("a link stays a link, permissions stay, and no other file is left beside it")
    void files() throws IOException {
        Path real = Path.of(write(folder, "real/hello.yaml", SERVICE));
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), real);

        assertThat(Cli.run("fix", "-f", link.toString(), real.toString()).out()).isEqualTo(link + ": fixed\n");

        assertThat(link).isSymbolicLink();
        assertThat(Files.readString(real)).isEqualTo(FIXED);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-r-----");
        try (Stream<Path> left = Files.list(real.getParent())) {
            assertThat(left).containsExactly(real);
        }
    }

    @Test
    @DisplayName("a file that was changed since it was read is not written over, nor any other file")
    void changedMeanwhile() throws IOException {
        Path first = Path.of(write(folder, "a.yaml", "a: 1\n"));
        Path second = Path.of(write(folder, "b.yaml", "b: edited since\n"));
        FileReplacement replacement = new FileReplacement(new Interruption(new PrintWriter(new StringWriter())));

        replacement.prepare(first, "a: 1\n", "a: 2\n");
        assertThat(catchThrowable(() -> replacement.prepare(second, "b: 1\n", "b: 2\n")))
                .hasMessage("it changed in the meantime: try again");
        replacement.discard();

        assertThat(Files.readString(first)).isEqualTo("a: 1\n");
        assertThat(Files.readString(second)).isEqualTo("b: edited since\n");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(first, second);
        }
    }

    @Test
    @DisplayName("a place that cannot be written: exit code 2, one line, every file as it was")
    void cannotBeWritten() throws IOException {
        Path gone = folder.resolve("gone");
        Path file = Path.of(write(gone, "a.yaml", "a: 1\n"));
        FileReplacement replacement = new FileReplacement(new Interruption(new PrintWriter(new StringWriter())));
        replacement.prepare(file, "a: 1\n", "a: 2\n");
        // What is in the way of the rename: a folder that is not empty.
        Files.delete(file);
        Files.createDirectories(file.resolve("sub"));

        String real = file.toRealPath().toString();
        assertThat(replacement.commit())
                .hasValueSatisfying(it -> assertThat(it).startsWith(real + ": cannot be replaced: "));
        try (Stream<Path> left = Files.list(gone)) {
            assertThat(left).containsExactly(file);
        }
    }
}
