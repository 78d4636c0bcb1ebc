package dev.trimtab.cluster;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.review.PolicyReview;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlProblem;
import dev.trimtab.yaml.YamlStream;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the policy from a file, for use without a cluster. */
public final class SettingsFiles {
    private static final JsonPointer POLICY =
            JsonPointer.empty().appendProperty("data").appendProperty(PolicyReview.KEY);

    private SettingsFiles() {}

    /** Returns the text of a policy: the file itself, or the {@code policy.yaml} of a ConfigMap in it. */
    public static String policy(Path file) throws UnreadableFile {
        String text = read(file);
        List<YamlDocument> documents;
        try {
            documents = YamlStream.read(text);
        } catch (YamlProblem leftToTheLoader) {
            return text;
        }
        return documents.stream()
                .flatMap(document -> held(text, document).stream())
                .findFirst()
                .orElse(text);
    }

    /**
     * Returns the {@code policy.yaml} of a ConfigMap, after an empty line for each line above it. So a problem is
     * reported at its line in the file. Empty if the document is not a ConfigMap with this text.
     *
     * @param file text of the whole file
     */
    public static Optional<String> held(String file, YamlDocument document) {
        JsonNode held = document.content().at(POLICY);
        if (!isConfigMap(document.content()) || !held.isTextual()) {
            return Optional.empty();
        }
        return Optional.of(document.positionOf(POLICY)
                .map(position -> inPlace(file, position.line(), held.textValue()))
                .orElse(held.textValue()));
    }

    /**
     * Returns the lines of a block text as they stand in the file, after an empty line for each line above. So a
     * problem is reported at its line and column in the file. Returns any other text unchanged.
     *
     * @param line line at which the block begins with its {@code |}
     */
    private static String inPlace(String file, int line, String held) {
        List<String> lines = file.lines().skip(line).toList();
        List<String> wanted = held.lines().toList();
        int indent = wanted.isEmpty() || lines.isEmpty() ? 0 : lines.get(0).indexOf(wanted.get(0));
        if (indent < 1 || wanted.get(0).isBlank() || lines.size() < wanted.size()) {
            return held;
        }
        StringBuilder text = new StringBuilder("\n".repeat(line));
        for (int i = 0; i < wanted.size(); i++) {
            String expected = wanted.get(i).isEmpty() ? "" : " ".repeat(indent) + wanted.get(i);
            if (!lines.get(i).stripTrailing().equals(expected.stripTrailing())) {
                return held;
            }
            text.append(expected).append('\n');
        }
        return text.toString();
    }

    public static boolean isConfigMap(JsonNode object) {
        return "ConfigMap".equals(object.path("kind").asText());
    }

    static String read(Path file) throws UnreadableFile {
        if (file.toString().isBlank()) {
            throw new UnreadableFile("the name of a file is empty");
        }
        if (Files.isDirectory(file)) {
            throw new UnreadableFile(file + ": is a folder: name a file in it");
        }
        try {
            return Files.readString(file);
        } catch (NoSuchFileException missing) {
            throw new UnreadableFile(file + ": no such file");
        } catch (MalformedInputException noText) {
            throw new UnreadableFile(file + ": not valid UTF-8");
        } catch (AccessDeniedException denied) {
            throw new UnreadableFile(file + ": cannot be read: permission denied");
        } catch (IOException unreadable) {
            throw new UnreadableFile(file + ": cannot be read: " + unreadable.getMessage());
        }
    }

    /** Thrown if a file cannot be read as intended. Each problem is one line: file, position if known, and reason. */
    public static final class UnreadableFile extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient List<String> problems;

        public UnreadableFile(String message) {
            this(List.of(message));
        }

        UnreadableFile(List<String> problems) {
            super(String.join("; ", problems));
            this.problems = List.copyOf(problems);
        }

        public List<String> problems() {
            return problems;
        }
    }
}
