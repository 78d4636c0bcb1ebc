package dev.trimtab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Option {@code -k}: folders as kustomize renders them, by kubectl or by kustomize itself. */
final class KustomizeOption {
    private static final List<List<String>> PROGRAMS =
            List.of(List.of("kubectl", "kustomize"), List.of("kustomize", "build"));

    @Option(
            names = {"-k", "--kustomize"},
            arity = "1..*",
            paramLabel = "DIR",
            description = "Folders with a kustomization.yaml: what kubectl kustomize, or kustomize build, renders.")
    private List<String> folders = List.of();

    List<String> folders() {
        return folders;
    }

    /** Lines and columns are those of what is rendered. */
    void read(ManifestFiles files, InputLog log) {
        for (String folder : folders) {
            if (folder.isBlank() || !Files.isDirectory(Path.of(folder))) {
                log.problem("-k %s: no such folder".formatted(folder));
                continue;
            }
            try {
                render(folder, files, log);
            } catch (IOException problem) {
                log.problem("-k %s: cannot be rendered: %s".formatted(folder, problem.getMessage()));
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                log.problem("-k %s: interrupted".formatted(folder));
            }
        }
    }

    private static void render(String folder, ManifestFiles files, InputLog log)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile("trimtab", ".txt");
        try {
            for (List<String> program : PROGRAMS) {
                Process process;
                try {
                    process = new ProcessBuilder(program.get(0), program.get(1), folder)
                            .redirectError(errors.toFile())
                            .start();
                } catch (IOException absent) {
                    continue;
                }
                process.getOutputStream().close();
                byte[] rendered = process.getInputStream().readAllBytes();
                if (process.waitFor() == 0) {
                    files.read(ManifestFile.printedBy(folder), rendered);
                } else {
                    String reason = Files.readString(errors).strip().replaceAll("\\s*\\R\\s*", " ");
                    log.problem("-k %s: %s: %s".formatted(folder, String.join(" ", program), reason));
                }
                return;
            }
            log.problem("-k %s: neither kubectl nor kustomize is on the PATH".formatted(folder));
        } finally {
            Files.delete(errors);
        }
    }
}
