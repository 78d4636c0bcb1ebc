package dev.trimtab.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What can be known of the image without an engine to build it. */
class DockerfileTest {
    private static final String APPLICATION = "target/quarkus-app/";

    /** The instructions, without comments, each on one line. */
    private final List<String> instructions = Manifests.read(Path.of("Dockerfile"))
            .replaceAll("(?m)^#.*\\R", "")
            .replaceAll("\\\\\\R\\s*", "")
            .lines()
            .filter(line -> !line.isBlank())
            .toList();

    @Test
    @DisplayName("built with Maven on Java 17, run on a JRE of Java 25")
    void stages() {
        assertThat(instructions.stream().filter(line -> line.startsWith("FROM ")))
                .containsExactly("FROM maven:3.9-eclipse-temurin-17 AS build", "FROM eclipse-temurin:25-jre");
    }

    @Test
    @DisplayName("what is copied in exists, and .dockerignore lets it through")
    void sources() {
        var sources = copies("COPY ").filter(words -> !words.get(1).startsWith("--"));
        var kept = Manifests.read(Path.of(".dockerignore")).lines().toList();

        assertThat(sources.map(words -> Path.of(words.get(1)))).hasSize(3).allSatisfy(source -> {
            assertThat(source).exists();
            assertThat(kept).contains("*").containsAnyOf("!" + source.getName(0), "!" + source);
            assertThat(kept).doesNotContain(source.toString());
        });
    }

    @Test
    @DisplayName("every folder that pom.xml puts into the jar is copied in")
    void resources() {
        var pom = Manifests.read(Path.of("pom.xml"));
        var folders = Pattern.compile("<resource>\\s*<directory>([^<]+)</directory>")
                .matcher(pom)
                .results()
                .map(found -> found.group(1))
                .toList();
        var copied = copies("COPY ").map(words -> words.get(1)).toList();

        assertThat(folders).contains("src/main/resources", "deploy/webhook").allSatisfy(folder -> assertThat(copied)
                .anyMatch(folder::startsWith));
    }

    @Test
    @DisplayName("the layers: libraries first, the application last")
    void layers() {
        assertThat(copies("COPY --from=build ").map(words -> words.get(2)))
                .containsExactly(
                        "/build/" + APPLICATION + "lib/",
                        "/build/" + APPLICATION + "*.jar",
                        "/build/" + APPLICATION + "quarkus/",
                        "/build/" + APPLICATION + "app/");
    }

    @Test
    @DisplayName("the layers are what the build produces, and all that the start needs")
    void layersAreBuilt() {
        var application = Path.of(APPLICATION);
        assumeTrue(
                Files.exists(application.resolve("quarkus-run.jar")),
                "nothing is packaged yet (mvn -DskipTests package): the layers cannot be compared");

        for (var folder : List.of("lib", "quarkus", "app")) {
            assertThat(application.resolve(folder)).isNotEmptyDirectory();
        }
        assertThat(application)
                .isDirectoryNotContaining(file -> Files.isDirectory(file)
                        && !"lib quarkus app".contains(file.getFileName().toString()));
    }

    @Test
    @DisplayName("no shell in between, so that verbs and SIGTERM arrive; the user is the one of the Deployment")
    void start() {
        var user = Manifests.ofFolder().get("Deployment", "trimtab").at("/spec/template/spec/securityContext");

        assertThat(instructions)
                .contains(
                        "ENTRYPOINT [\"java\", \"-jar\", \"/opt/trimtab/quarkus-run.jar\"]",
                        "WORKDIR /opt/trimtab",
                        "EXPOSE 8443 9000",
                        "USER " + user.path("runAsUser").asText() + ":"
                                + user.path("runAsGroup").asText())
                .noneMatch(line -> line.startsWith("CMD"))
                .filteredOn(line -> line.startsWith("ENV JDK_JAVA_OPTIONS="))
                .hasSize(2)
                .first()
                .asString()
                .contains("-XX:MaxRAMPercentage=45");
        assertThat(instructions.stream().filter(line -> line.startsWith("LABEL ")))
                .singleElement()
                .asString()
                .contains("org.opencontainers.image.title=", "org.opencontainers.image.version=");
    }

    @Test
    @DisplayName(
            "the archive is written with the options and the path that it is read with; else the JVM leaves it aside")
    void archive() {
        String training = instructions.stream()
                .filter(line -> line.startsWith("RUN TRIMTAB_CLUSTER=off java"))
                .findFirst()
                .orElseThrow();

        assertThat(training)
                .contains("-XX:AOTCacheOutput=/opt/trimtab/trimtab.aot", "-jar /opt/trimtab/quarkus-run.jar serve");
        assertThat(instructions.indexOf(training))
                .isBetween(
                        position("ENV JDK_JAVA_OPTIONS=\"-XX:MaxRAMPercentage"),
                        position("ENV JDK_JAVA_OPTIONS=\"$JDK_JAVA_OPTIONS -XX:AOTCache=/opt/trimtab/trimtab.aot"));
    }

    @Test
    @DisplayName("the JVM takes the options of the image: an unknown one would end the container at its start")
    void options() {
        String options = instructions.get(position("ENV JDK_JAVA_OPTIONS=\"-XX:MaxRAMPercentage"));
        List<String> command =
                new ArrayList<>(Arrays.asList(options.substring(options.indexOf('"') + 1, options.lastIndexOf('"'))
                        .split(" +", -1)));
        // Known from Java 24 on, and the tests run on 17.
        assertThat(command.remove("-XX:+UseCompactObjectHeaders")).isTrue();
        command.add(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-version");

        assertThat(Command.run(command)).returns(0, Command::exitCode);
    }

    private int position(String start) {
        return IntStream.range(0, instructions.size())
                .filter(i -> instructions.get(i).startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private Stream<List<String>> copies(String prefix) {
        return instructions.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> Arrays.asList(line.split(" ")));
    }
}
