package dev.trimtab.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Annotations of a document. Nothing is found if they are absent or not a map. */
public record Annotations(JsonNode map) {
    /** In bytes, for all keys and values of an object together (apimachinery 0.36, validation/objectmeta.go 36). */
    private static final int LIMIT = 256 * 1024;

    public boolean canBeWritten() {
        return map.isObject() || (Pointers.isAbsent(map) && !map.isArray());
    }

    /** The spelling that Knative would read. A {@code null} value counts as absent. */
    public Optional<String> spelling(ScaleAnnotation key) {
        for (String spelling : key.spellings()) {
            if (has(spelling)) {
                return Optional.of(spelling);
            }
        }
        return Optional.empty();
    }

    /** The value that Knative would read. It is not text if the author wrote a bare number. */
    public Optional<JsonNode> value(ScaleAnnotation key) {
        return spelling(key).map(map::get);
    }

    public Optional<String> text(String key) {
        return Optional.ofNullable(map.path(key).textValue());
    }

    public boolean has(String key) {
        return map.hasNonNull(key);
    }

    /** Whether the API server stores as many. It refuses an object with more. */
    public boolean fit() {
        int size = map.properties().stream()
                .mapToInt(it -> bytes(it.getKey()) + bytes(it.getValue().asText()))
                .sum();
        return size <= LIMIT;
    }

    private static int bytes(String text) {
        return text.getBytes(UTF_8).length;
    }
}
