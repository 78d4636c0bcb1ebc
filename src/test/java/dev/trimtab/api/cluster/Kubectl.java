package dev.trimtab.api.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The real kubectl, as an admin.
 *
 * @param folder holds the kubeconfig, and keeps what kubectl caches
 */
public record Kubectl(Path folder) {
    private static final long DEADLINE_SECONDS = 60;

    /** What kubectl printed, and whether it was content. */
    public record Printed(int exitCode, String out, String err) {
        /** Trimtab's, without {@code Warning: }, which only kubectl writes. */
        public List<String> warnings() {
            return err.lines()
                    .filter(it -> it.startsWith("Warning: trimtab: "))
                    .map(it -> it.substring("Warning: ".length()))
                    .toList();
        }
    }

    /** {@code kubectl apply -f -}. */
    public Printed apply(String manifest, String... arguments) {
        List<String> all = new ArrayList<>(List.of("apply", "-f", "-"));
        all.addAll(List.of(arguments));
        return run(manifest, all);
    }

    public Printed run(String input, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Installation.kubectl().toString(),
                "--kubeconfig=" + folder.resolve("kubeconfig"),
                "--cache-dir=" + folder.resolve("kubectl-cache")));
        command.addAll(arguments);
        try {
            // Through files: a pipe that nobody empties would stop the program.
            Path in = Files.writeString(Files.createTempFile(folder, "kubectl", ".in"), input);
            Path out = Files.createTempFile(folder, "kubectl", ".out");
            Path err = Files.createTempFile(folder, "kubectl", ".err");
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end");
            }
            return new Printed(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
