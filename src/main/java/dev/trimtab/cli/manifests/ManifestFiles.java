package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.manifests.ManifestFile.FileNames;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.Position;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Reads what {@code -f} names: files, folders with all below them, and {@code -} for standard input. One document is in
 * memory at a time, however many there are.
 */
final class ManifestFiles {
    private final InputStream standardInput;
    private final InputLog log;
    private final DocumentReader reader;
    private final Kustomizations kustomizations = new Kustomizations();
    private boolean isWhole;

    /** Receives the documents in order. */
    interface DocumentReader {
        void read(ManifestFile file, YamlDocument document);

        /**
         * After the last document of a file.
         *
         * @param isWhole whether all of it could be read
         */
        default void end(ManifestFile file, boolean isWhole) {}
    }

    /** @param log gets a line for each problem */
    ManifestFiles(InputStream standardInput, InputLog log, DocumentReader reader) {
        this.standardInput = standardInput;
        this.log = log;
        this.reader = reader;
    }

    void read(List<String> names) {
        for (String name : names) {
            if (name.equals("-")) {
                documents(
                        ManifestFile.STANDARD_INPUT,
                        new InputStreamReader(standardInput, StandardCharsets.UTF_8.newDecoder()));
            } else {
                new FileNames(log).of(name).forEach(this::open);
            }
        }
    }

    void read(ManifestFile file, byte[] text) {
        documents(file, new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8.newDecoder()));
    }

    private void open(Path path) {
        try (BufferedReader text = Files.newBufferedReader(path)) {
            Optional<String> part = kustomizations.partOf(path);
            ManifestFile file = ManifestFile.at(path, part.isPresent());
            part.ifPresent(it -> log.note(file, it));
            documents(file, text);
        } catch (IOException unreadable) {
            log.problem(path + ": " + FileNames.reason(unreadable));
        }
    }

    private void documents(ManifestFile file, Reader text) {
        isWhole = true;
        Iterator<YamlDocument> documents = YamlStream.iterate(text);
        try {
            while (documents.hasNext()) {
                next(file, documents);
            }
        } catch (UncheckedIOException unreadable) {
            unreadable(file.name() + ": " + FileNames.reason(unreadable.getCause()));
        }
        reader.end(file, isWhole);
    }

    private void next(ManifestFile file, Iterator<YamlDocument> documents) {
        YamlDocument document;
        try {
            document = documents.next();
        } catch (YamlProblem problem) {
            log.document();
            isWhole = false;
            Optional<TemplateText> template = TemplateText.of(problem.text());
            String place = file.place(problem.position());
            if (template.isPresent()) {
                log.problemOnce(
                        file,
                        "%s: looks like %s; as YAML: %s"
                                .formatted(place, template.get().says(), problem.reason()));
            } else {
                log.problem(place + ": " + problem.reason());
            }
            return;
        }
        if (document.isEmpty()) {
            reader.read(file, document);
            return;
        }
        log.document();
        if (document.content() instanceof ObjectNode object) {
            object(file, document, new Manifest(object));
        } else if (isJsonPatch(document.content()) || file.isPart()) {
            log.note(file, "a JSON patch, left unchanged");
            reader.read(file, document);
        } else {
            unreadable(file.place(start(document)) + ": not a Kubernetes object (expected a mapping)");
        }
    }

    private void object(ManifestFile file, YamlDocument document, Manifest object) {
        Optional<TemplateText.Found> template = object.kind() == Kind.OTHER || file.isPart()
                ? Optional.empty()
                : TemplateText.in(object, document.text());
        if (template.isPresent()) {
            isWhole = false;
            Position at = document.positionOf(template.get().at()).orElseGet(() -> start(document));
            log.problemOnce(
                    file,
                    "%s: looks like %s"
                            .formatted(file.place(at), template.get().kind().says()));
            return;
        }
        boolean isKustomization = file.path().filter(Kustomizations::isOne).isPresent();
        if (object.apiVersion().isEmpty() && object.kindName().isEmpty() && !isKustomization && !file.isPart()) {
            log.note(file, "not a Kubernetes object (it has neither apiVersion nor kind), left unchanged");
        }
        reader.read(file, document);
    }

    private void unreadable(String line) {
        isWhole = false;
        log.problem(line);
    }

    private static Position start(YamlDocument document) {
        return document.positionOf("").orElseGet(() -> new Position(document.line(), 1));
    }

    /** RFC 6902, as kustomize takes it. */
    private static boolean isJsonPatch(JsonNode content) {
        return content.isArray()
                && !content.isEmpty()
                && content.valueStream()
                        .allMatch(it ->
                                it.path("op").isTextual() && it.path("path").isTextual());
    }
}
