package dev.trimtab.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that was run to its end: what it printed, both streams together, and its exit code. */
public record Command(int exitCode, String output) {
    private static final long DEADLINE_SECONDS = 120;

    /** Where a program is: on the PATH, or in KUBEBUILDER_ASSETS. */
    public static Optional<Path> find(String program) {
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        var assets = Optional.ofNullable(System.getenv("KUBEBUILDER_ASSETS")).orElse("");
        return Stream.of((path + File.pathSeparator + assets).split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public static Command run(List<String> command) {
        try {
            // Through a file: a pipe that nobody empties would stop the program.
            var output = Files.createTempFile("command", ".out");
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end within " + DEADLINE_SECONDS + " seconds");
            }
            var text = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return new Command(process.exitValue(), text);
        } catch (IOException e) {
            throw new AssertionError(command + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
