package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.manifests.ManifestFile.FileNames;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlDocument.Position;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Reads the arguments of {@code -f}: files, folders with everything below them, and {@code -} for standard input. Only
 * one document is in memory at a time.
 */
public final class ManifestFiles {
    private final InputStream standardInput;
    private final InputLog log;
    private final DocumentReader reader;
    private final Kustomizations kustomizations = new Kustomizations();
    private boolean isWhole;

    public interface DocumentReader {
        void read(ManifestFile file, YamlDocument document);

        default void end(ManifestFile file, boolean isWhole) {}
    }

    public ManifestFiles(InputStream standardInput, InputLog log, DocumentReader reader) {
        this.standardInput = standardInput;
        this.log = log;
        this.reader = reader;
    }

    public void read(List<String> names) {
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

    private static boolean isJsonPatch(JsonNode content) {
        return content.isArray()
                && !content.isEmpty()
                && content.valueStream()
                        .allMatch(it ->
                                it.path("op").isTextual() && it.path("path").isTextual());
    }

    /**
     * Recognizes templates of Helm, Jinja, Terraform, ytt and others. The text of a template is not what will be
     * applied, so nothing true can be said about it before it is rendered.
     */
    enum TemplateText {
        YTT("a ytt template: render it first (ytt -f FILE | trimtab check -f -)", "(?:^|\\s)#@"),
        JINJA("a Jinja template: render it first", "\\{%-?\\s*[a-z]"),
        HELM(
                "a Helm template: render it first (helm template CHART | trimtab check -f -)",
                "\\{\\{-?\\s*(?:[.$(]|/\\*|(?:if|with|range|end|else|include|template|define|block|toYaml|required|tpl|printf"
                        + "|quote|default|lookup|fail|eq|ne|and|or|not)\\b)"),
        BRACES("a template ({{ }}): render it first", "\\{\\{"),
        ERB("a template (<% %>): render it first", "<%"),
        TERRAFORM("a template (%{ }): render it first", "%\\{\\s*(?:if|for)\\b"),
        VARIABLES(
                "a template (${ }): render it first, such as by Terraform, envsubst or flux build", "\\$\\{[A-Za-z_]");

        /** Values below these keys may contain such marks: shell variables, or the chat template of a model. */
        private static final Set<String> FREE_TEXT = Set.of("args", "command", "env", "value", "data");

        private static final String ANNOTATIONS = "annotations";

        private final String says;
        private final Pattern mark;

        TemplateText(String says, String mark) {
            this.says = says;
            this.mark = Pattern.compile(mark, Pattern.MULTILINE);
        }

        String says() {
            return says;
        }

        static Optional<TemplateText> of(String text) {
            return Arrays.stream(values())
                    .filter(kind -> kind.mark.matcher(text).find())
                    .findFirst();
        }

        record Found(JsonPointer at, TemplateText kind) {}

        /** Searches an object that can be read as YAML although it is a template. */
        static Optional<Found> in(Manifest object, String text) {
            if (YTT.mark.matcher(text).find()) {
                return Optional.of(new Found(JsonPointer.empty(), YTT));
            }
            // {{ name }} may be Jinja or Go: the rest of the document decides.
            return find(JsonPointer.empty(), object.root(), it -> true)
                    .map(it -> new Found(it.at(), it.kind() == BRACES ? of(text).orElse(BRACES) : it.kind()));
        }

        private static Optional<Found> find(JsonPointer at, JsonNode node, Predicate<String> keys) {
            if (node.isTextual()) {
                return of(node.textValue()).map(kind -> new Found(at, kind));
            }
            for (int i = 0; node.isArray() && i < node.size(); i++) {
                Optional<Found> found = find(at.appendIndex(i), node.get(i), keys);
                if (found.isPresent()) {
                    return found;
                }
            }
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                String key = field.getKey();
                if (FREE_TEXT.contains(key) || !keys.test(key)) {
                    continue;
                }
                Predicate<String> below = key.equals(ANNOTATIONS) ? TemplateText::isRead : keys;
                Optional<Found> found = find(at.appendProperty(key), field.getValue(), below);
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }

        /** Whether Knative, KServe or Trimtab reads the annotation. Other annotations may hold any text. */
        private static boolean isRead(String annotation) {
            return annotation.contains("knative.dev/")
                    || annotation.contains("kserve.io/")
                    || annotation.startsWith(Manifest.IGNORE.substring(0, Manifest.IGNORE.indexOf('/')));
        }
    }

    /**
     * Finds files that hold no objects of their own: patches, values and other parts. The {@code kustomization.yaml} of
     * their folder, or of a folder above, names them. Kustomize reads no file outside its folder.
     */
    static final class Kustomizations {
        private static final List<String> NAMES = List.of("kustomization.yaml", "kustomization.yml", "Kustomization");

        /** Lists of files, or of maps with a file. A file name may follow a key, as in {@code key=file}. */
        private static final List<String> PARTS = List.of(
                "patches",
                "patchesStrategicMerge",
                "patchesJson6902",
                "replacements",
                "configurations",
                "configMapGenerator",
                "secretGenerator",
                "helmCharts");

        private record Parts(Path kustomization, Map<Path, String> files) {}

        private final Map<Path, Optional<Parts>> folders = new HashMap<>();

        static boolean isOne(Path file) {
            return NAMES.contains(file.getFileName().toString());
        }

        /** Returns what the file is and which kustomization uses the file. Empty for a file with objects of its own. */
        Optional<String> partOf(Path file) {
            Path whole = file.toAbsolutePath().normalize();
            for (Path folder = whole.getParent(); folder != null; folder = folder.getParent()) {
                Optional<Parts> parts = folders.computeIfAbsent(folder, Kustomizations::read);
                if (parts.isPresent() && parts.get().files().containsKey(whole)) {
                    return Optional.of(
                            words(parts.get().files().get(whole), parts.get().kustomization()));
                }
            }
            return Optional.empty();
        }

        private static String words(String list, Path kustomization) {
            Path here = Path.of("").toAbsolutePath();
            Path shown = kustomization.startsWith(here) ? here.relativize(kustomization) : kustomization;
            Path folder = shown.getParent() == null ? Path.of(".") : shown.getParent();
            return list.startsWith("patches")
                    ? "a patch of %s, left unchanged: check what is rendered by trimtab check -k %s"
                            .formatted(shown, folder)
                    : "a part of %s (%s), left unchanged".formatted(shown, list);
        }

        private static Optional<Parts> read(Path folder) {
            for (String name : NAMES) {
                Path file = folder.resolve(name);
                if (Files.isRegularFile(file)) {
                    Map<Path, String> parts = new HashMap<>();
                    try {
                        for (YamlDocument document : YamlStream.read(Files.readString(file))) {
                            for (String list : PARTS) {
                                files(document.content().path(list))
                                        .forEach(part ->
                                                parts.put(folder.resolve(part).normalize(), list));
                            }
                        }
                    } catch (IOException | YamlProblem | IllegalArgumentException unreadable) {
                        return Optional.empty();
                    }
                    return Optional.of(new Parts(file, parts));
                }
            }
            return Optional.empty();
        }

        /** Returns all texts that may be file names: a patch or a list of values may also be written inline. */
        private static Set<String> files(JsonNode node) {
            Set<String> files = new TreeSet<>();
            if (node.isTextual()) {
                String text = node.textValue();
                if (text.indexOf('\n') < 0 && text.indexOf('\0') < 0 && text.length() < 1000) {
                    files.add(text.substring(text.indexOf('=') + 1).strip());
                }
            } else {
                node.forEach(child -> files.addAll(files(child)));
            }
            return files;
        }
    }
}
