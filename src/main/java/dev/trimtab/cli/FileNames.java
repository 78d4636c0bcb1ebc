package dev.trimtab.cli;

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

/** The files that a name stands for: itself, or all manifests below a folder. */
final class FileNames {
    private final InputLog log;

    /** @param log where it is said what is not there, or may not be read */
    FileNames(InputLog log) {
        this.log = log;
    }

    /** The file itself, or those of a folder by their names. */
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
            // The folder itself may be a link; links to folders below it are not followed, so there is no circle.
            Path start = Files.isSymbolicLink(folder) ? folder.toRealPath() : folder;
            Files.walkFileTree(start, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
                    return !at.equals(start) && isHidden(at) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
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

    /** Such as {@code .git}, {@code .github} and the links of a mounted ConfigMap. */
    private static boolean isHidden(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") && !name.equals(".") && !name.equals("..");
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    /** Why a file cannot be read, for people. */
    static String reason(IOException unreadable) {
        if (unreadable instanceof CharacterCodingException) {
            return "is no UTF-8 text";
        }
        boolean denied = unreadable instanceof AccessDeniedException;
        return "cannot be read: " + (denied ? "permission denied" : unreadable.getMessage());
    }
}
