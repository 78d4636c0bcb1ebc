package dev.trimtab.cli;

import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Reads what {@code -f} names: files, folders with all below them, and {@code -} for standard input. One document is in
 * memory at a time, however many there are.
 */
final class ManifestFiles {
    private final InputStream standardInput;
    private final List<String> problems;
    private final DocumentReader reader;

    /** What is done with the documents, in order. */
    interface DocumentReader {
        void read(ManifestFile file, YamlDocument document);

        /** After the last document of a file that could be read. */
        default void end(ManifestFile file) {}
    }

    /** @param problems where a line is added for all that is wrong, file by file */
    ManifestFiles(InputStream standardInput, List<String> problems, DocumentReader reader) {
        this.standardInput = standardInput;
        this.problems = problems;
        this.reader = reader;
    }

    /** The files in the order they are named, those of a folder by their names. */
    void read(List<String> names) {
        for (String name : names) {
            if (name.equals("-")) {
                documents(
                        ManifestFile.STANDARD_INPUT,
                        new InputStreamReader(standardInput, StandardCharsets.UTF_8.newDecoder()));
            } else {
                paths(name).forEach(this::open);
            }
        }
    }

    private List<Path> paths(String name) {
        if (name.isBlank()) {
            problems.add("-f: the name of a file is empty");
            return List.of();
        }
        Path path = Path.of(name);
        if (!Files.exists(path)) {
            problems.add(name + ": no such file or folder");
            return List.of();
        }
        return Files.isDirectory(path) ? below(path) : List.of(path);
    }

    private List<Path> below(Path folder) {
        List<Path> found = new ArrayList<>();
        int before = problems.size();
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
                    problems.add(at + ": " + reason(unreadable));
                    return FileVisitResult.CONTINUE;
                }
            });
            if (found.isEmpty() && problems.size() == before) {
                problems.add(folder + ": no .yaml, .yml or .json file in this folder");
            }
        } catch (IOException unreadable) {
            problems.add(folder + ": " + reason(unreadable));
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

    private void open(Path path) {
        try (BufferedReader text = Files.newBufferedReader(path)) {
            documents(ManifestFile.at(path), text);
        } catch (IOException unreadable) {
            problems.add(path + ": " + reason(unreadable));
        }
    }

    private static String reason(IOException unreadable) {
        if (unreadable instanceof CharacterCodingException) {
            return "is no UTF-8 text";
        }
        boolean denied = unreadable instanceof AccessDeniedException;
        return "cannot be read: " + (denied ? "permission denied" : unreadable.getMessage());
    }

    private void documents(ManifestFile file, Reader text) {
        Iterator<YamlDocument> documents = YamlStream.iterate(text);
        try {
            while (documents.hasNext()) {
                next(file, documents);
            }
            reader.end(file);
        } catch (UncheckedIOException unreadable) {
            problems.add(file.name() + ": " + reason(unreadable.getCause()));
        }
    }

    private void next(ManifestFile file, Iterator<YamlDocument> documents) {
        YamlDocument document;
        try {
            document = documents.next();
        } catch (YamlProblem problem) {
            problems.add(file.name() + ": " + problem.getMessage());
            return;
        }
        if (document.isEmpty() || document.content().isObject()) {
            reader.read(file, document);
        } else {
            problems.add("%s: document %d, line %d: is no Kubernetes object: those are maps"
                    .formatted(file.name(), document.index(), document.line()));
        }
    }
}
