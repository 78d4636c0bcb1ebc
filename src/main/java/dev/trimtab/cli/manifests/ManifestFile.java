package dev.trimtab.cli.manifests;

import dev.trimtab.yaml.YamlDocument.Position;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * @param name as the user gave it; {@code stdin} for standard input
 * @param path empty for standard input and for the output of a program
 * @param isPart whether a kustomization uses the file as a patch or as another part of an object
 */
public record ManifestFile(String name, Optional<Path> path, boolean isPart) {
    public static final ManifestFile STANDARD_INPUT = printedBy("stdin");

    public String place(Position at) {
        return name + ":" + at.line() + ":" + at.column();
    }

    static ManifestFile at(Path path, boolean isPart) {
        return new ManifestFile(path.toString(), Optional.of(path), isPart);
    }

    static ManifestFile printedBy(String name) {
        return new ManifestFile(name, Optional.empty(), false);
    }

    /** Resolves a name to files: the file itself, or all manifests below a folder. */
    public static final class FileNames {
        private final InputLog log;

        FileNames(InputLog log) {
            this.log = log;
        }

        List<Path> of(String name) {
            if (name.isBlank()) {
                log.problem("-f: the name of a file is empty");
                return List.of();
            }
            Path path = Path.of(name);
            if (!Files.exists(path)) {
                log.problem(name + ": no such file or folder");
                return List.of();
            }
            return Files.isDirectory(path) ? below(path) : List.of(path);
        }

        private List<Path> below(Path folder) {
            List<Path> found = new ArrayList<>();
            int before = log.problems().size();
            try {
                // The folder itself may be a link. Links below it are not followed, so there is no cycle.
                Path start = Files.isSymbolicLink(folder) ? folder.toRealPath() : folder;
                Files.walkFileTree(start, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
                        return !at.equals(start) && isHidden(at)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path at, BasicFileAttributes attributes) {
                        if (!isHidden(at) && isManifest(at) && Files.isRegularFile(at)) {
                            found.add(folder.resolve(start.relativize(at)));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path at, IOException unreadable) {
                        log.problem(at + ": " + reason(unreadable));
                        return FileVisitResult.CONTINUE;
                    }
                });
                if (found.isEmpty() && log.problems().size() == before) {
                    log.problem(folder + ": no .yaml, .yml or .json file in this folder");
                }
            } catch (IOException unreadable) {
                log.problem(folder + ": " + reason(unreadable));
            }
            found.sort(null);
            return found;
        }

        /** For example {@code .git} and the links of a mounted ConfigMap. */
        private static boolean isHidden(Path path) {
            String name = path.getFileName().toString();
            return name.startsWith(".") && !name.equals(".") && !name.equals("..");
        }

        private static boolean isManifest(Path file) {
            String name = file.getFileName().toString();
            return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
        }

        public static String reason(IOException unreadable) {
            if (unreadable instanceof CharacterCodingException) {
                return "not valid UTF-8";
            }
            boolean denied = unreadable instanceof AccessDeniedException;
            return "cannot be read: " + (denied ? "permission denied" : unreadable.getMessage());
        }
    }
}
