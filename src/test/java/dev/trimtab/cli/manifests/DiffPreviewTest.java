package dev.trimtab.cli.manifests;

import static dev.trimtab.cli.Cli.CONFIG_MAP;
import static dev.trimtab.cli.Cli.CONFLICT;
import static dev.trimtab.cli.Cli.SERVICE;
import static dev.trimtab.cli.Cli.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.trimtab.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DiffPreviewTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("a unified diff of the lines that change, with three lines around them")
    void unified() {
        assertThat(Cli.runWith(SERVICE, "preview", "-f", "-", "-o", "diff"))
                .isEqualTo(new Cli(0, """
                                --- a/stdin
                                +++ b/stdin
                                @@ -3,12 +3,20 @@
                                 kind: Service
                                 metadata:
                                   name: hello   # for everybody
                                +  annotations:
                                +    trimtab.dev/filled: '{"filled":{"/spec/template/metadata/annotations/autoscaling.knative.dev~1initial-scale":"1","/spec/template/metadata/annotations/autoscaling.knative.dev~1max-scale":"0","/spec/template/spec/containerConcurrency":0,"/spec/template/spec/idleTimeoutSeconds":0,"/spec/template/spec/responseStartTimeoutSeconds":0,"/spec/template/spec/timeoutSeconds":300}}'
                                 spec:
                                   template:
                                     metadata:
                                       annotations:
                                         autoscaling.knative.dev/min-scale: "1"
                                +        autoscaling.knative.dev/max-scale: "0"
                                +        autoscaling.knative.dev/initial-scale: "1"
                                     spec:
                                       containers:
                                       - image: registry.example/hello
                                         unknownField: [1, 2.50, yes]
                                +      timeoutSeconds: 300
                                +      containerConcurrency: 0
                                +      responseStartTimeoutSeconds: 0
                                +      idleTimeoutSeconds: 0
                                """, "Warning: trimtab: filled max-scale=0, initial-scale=1\n"));
    }

    @Test
    @DisplayName("a file in which nothing changes is not mentioned")
    void silentWhereNothingChanges() {
        String same = write(folder, "same.yaml", CONFIG_MAP);
        String other = write(folder, "other.yaml", CONFLICT);

        assertThat(Cli.run("preview", "-o", "diff", "-f", same, other).out().lines())
                .filteredOn(line -> line.startsWith("+++"))
                .containsExactly("+++ b" + other);
    }

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("service.yaml", SERVICE),
                Arguments.of("with blanks.yaml", SERVICE),
                Arguments.of("./sub/../several.yaml", SERVICE + "---\n" + CONFIG_MAP + "---\n" + CONFLICT),
                Arguments.of("crlf.yaml", SERVICE.replace("\n", "\r\n")),
                Arguments.of("no-break-at-the-end.yaml", SERVICE.stripTrailing()),
                Arguments.of(
                        "last-line-changes.yaml",
                        CONFLICT.lines().limit(5).reduce("", (a, b) -> a + b + "\n")
                                + "    spec: {containers: [{image: a}]}\n"
                                + CONFLICT.lines().skip(5).limit(3).reduce("", (a, b) -> a + b + "\n")
                                + "        autoscaling.knative.dev/initial-scale: \"7\""),
                Arguments.of(
                        "first-line.json",
                        "{\"apiVersion\": \"serving.knative.dev/v1\", \"kind\": \"Service\", "
                                + "\"metadata\": {\"name\": \"x\"}, \"spec\": "
                                + "{\"template\": {\"spec\": {\"containers\": [{\"image\": \"a\"}]}}}}"));
    }

    @ParameterizedTest
    @MethodSource("files")
    @DisplayName("patch makes of the file what the YAML output is")
    void applies(String name, String text) throws IOException, InterruptedException {
        assumeThat(isInstalled("patch"))
                .as("the program patch is not installed")
                .isTrue();
        Files.createDirectories(folder.resolve("sub"));
        String file = write(folder, name, text);
        Cli diff = Cli.run("preview", "-f", file, "-o", "diff");
        String yaml = Cli.run("preview", "-f", file).out();
        assertThat(diff.out()).startsWith("--- a/");
        assertThat(yaml).isNotEqualTo(text);

        // -p: as many names as the folder has, and the a or b before them.
        Path output = folder.resolve("patch.out");
        int names = folder.toAbsolutePath().normalize().getNameCount() + 1;
        Process patch = new ProcessBuilder("patch", "--binary", "-p" + names)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of(write(folder, "the.diff", diff.out())).toFile())
                .redirectOutput(output.toFile())
                .start();
        assertThat(patch.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(patch.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).doesNotContain("fuzz", "offset");
        assertThat(Files.readString(Path.of(file))).isEqualTo(yaml);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(at -> Files.isExecutable(Path.of(at, program)));
    }
}
