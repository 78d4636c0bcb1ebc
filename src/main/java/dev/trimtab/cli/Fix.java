package dev.trimtab.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.Previewed.Reviewed;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes into documents what admission would make of them. */
final class Fix {
    private final Preview preview;

    Fix(Preview preview) {
        this.preview = preview;
    }

    /**
     * A document with the values written in.
     *
     * @param after its content
     * @param objects its objects as they are by then
     */
    record Fixed(JsonNode after, List<Reviewed> objects) {}

    Fixed of(YamlDocument document) {
        JsonNode after = document.content().deepCopy();
        List<Reviewed> objects = new ArrayList<>();
        for (Map.Entry<JsonPointer, Manifest> entry :
                Preview.objects(document.content()).entrySet()) {
            ObjectNode fixed = preview.writtenOut(entry.getValue());
            objects.add(preview.reviewed(document, entry.getKey(), new Manifest(fixed)));
            if (entry.getKey().matches()) {
                after = fixed;
            } else {
                Pointers.set((ObjectNode) after, entry.getKey(), fixed);
            }
        }
        return new Fixed(after, objects);
    }
}
