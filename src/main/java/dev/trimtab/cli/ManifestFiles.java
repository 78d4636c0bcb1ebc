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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Reads what {@code -f} names: files, folders with all below them, and {@code -} for standard input. */
final class ManifestFiles {
    private final InputStream standardInput;
    private final List<String> problems = new ArrayList<>();

    ManifestFiles(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    /** @throws BadInput with all that is wrong in all files */
    List<ManifestFile> read(List<String> names) throws BadInput {
        List<ManifestFile> files = new ArrayList<>();
        for (String name : names) {
            if (name.equals("-")) {
                files.add(
                        documents("stdin", new InputStreamReader(standardInput, StandardCharsets.UTF_8.newDecoder())));
            } else {
                paths(name).forEach(path -> files.add(open(path)));
            }
        }
        if (!problems.isEmpty()) {
            throw new BadInput(problems);
        }
        return files;
    }

    private List<Path> paths(String name) {
        Path path = Path.of(name);
        if (!Files.exists(path)) {
            problems.add(name + ": no such file or folder");
            return List.of();
        }
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> below = Files.walk(path)) {
            List<Path> found = below.filter(Files::isRegularFile)
                    .filter(ManifestFiles::isManifest)
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                problems.add(name + ": no .yaml, .yml or .json file in this folder");
            }
            return found;
        } catch (IOException | UncheckedIOException unreadable) {
            problems.add(name + ": cannot be read: " + unreadable.getMessage());
            return List.of();
        }
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private ManifestFile open(Path path) {
        try (BufferedReader reader = Files.newBufferedReader(path)) {
            return documents(path.toString(), reader);
        } catch (IOException unreadable) {
            problems.add(path + ": cannot be read: " + unreadable.getMessage());
            return new ManifestFile(path.toString(), List.of());
        }
    }

    private ManifestFile documents(String name, Reader reader) {
        List<YamlDocument> documents = new ArrayList<>();
        Iterator<YamlDocument> iterator = YamlStream.iterate(reader);
        try {
            while (iterator.hasNext()) {
                add(name, iterator, documents);
            }
        } catch (UncheckedIOException unreadable) {
            boolean noText = unreadable.getCause() instanceof CharacterCodingException;
            problems.add(name + ": "
                    + (noText
                            ? "is no UTF-8 text"
                            : "cannot be read: " + unreadable.getCause().getMessage()));
        }
        return new ManifestFile(name, documents);
    }

    private void add(String name, Iterator<YamlDocument> iterator, List<YamlDocument> documents) {
        try {
            YamlDocument document = iterator.next();
            if (!document.isEmpty() && !document.content().isObject()) {
                problems.add("%s: document %d, line %d: is no map, so no Kubernetes object"
                        .formatted(name, document.index(), document.line()));
            }
            documents.add(document);
        } catch (YamlProblem problem) {
            problems.add(name + ": " + problem.getMessage());
        }
    }
}
