package dev.trimtab.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.ScaleAnnotation;
import java.util.Optional;

/**
 * A map of annotations as it stands in a document. It may be absent, or be no map at all: then nothing is found in it.
 *
 * @param map the raw node
 */
public record Annotations(JsonNode map) {
    /** Whether a key could be written here: the map is there, or there is nothing yet in its place. */
    public boolean canBeWritten() {
        return map.isObject() || (Pointers.isAbsent(map) && !map.isArray());
    }

    /** The spelling that Knative would read, if any is there. A {@code null} value counts as not there. */
    public Optional<String> spelling(ScaleAnnotation key) {
        return key.spellings().stream().filter(this::has).findFirst();
    }

    /** The value that Knative would read; not a text where the author wrote a bare number. */
    public Optional<JsonNode> value(ScaleAnnotation key) {
        return spelling(key).map(map::get);
    }

    /** The value of a key with one spelling, where it is a text. */
    public Optional<String> text(String key) {
        return Optional.ofNullable(map.get(key)).filter(JsonNode::isTextual).map(JsonNode::textValue);
    }

    public boolean has(String key) {
        return map.hasNonNull(key);
    }
}
