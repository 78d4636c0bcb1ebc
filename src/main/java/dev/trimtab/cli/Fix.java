package dev.trimtab.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.aibrix.Surroundings;
import dev.trimtab.cli.Finding.Level;
import dev.trimtab.cli.Previewed.Reviewed;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes into documents what admission would make of them. What is no whole object, or is refused, stays as it is. */
final class Fix {
    private final Preview preview;
    private final Check check;

    Fix(Preview preview, Check check) {
        this.preview = preview;
        this.check = check;
    }

    /**
     * A document with the values written in.
     *
     * @param after its content
     * @param objects its objects as they are by then
     */
    record Fixed(JsonNode after, List<Reviewed> objects) {}

    Fixed of(ManifestFile file, YamlDocument document) {
        JsonNode after = document.content().deepCopy();
        List<Reviewed> objects = new ArrayList<>();
        for (Map.Entry<JsonPointer, Manifest> entry :
                Preview.objects(document.content()).entrySet()) {
            JsonPointer at = entry.getKey();
            Reviewed before = preview.reviewed(file, document, at, entry.getValue());
            if (!before.isOurs() || before.missing().isPresent()) {
                objects.add(before);
                continue;
            }
            ObjectNode fixed = preview.writtenOut(entry.getValue());
            Reviewed now = preview.reviewed(file, document, at, new Manifest(fixed));
            if (isRefused(file, document, now)) {
                objects.add(before);
                continue;
            }
            objects.add(now);
            if (at.matches()) {
                after = fixed;
            } else {
                Pointers.set((ObjectNode) after, at, fixed);
            }
        }
        return new Fixed(after, objects);
    }

    private boolean isRefused(ManifestFile file, YamlDocument document, Reviewed object) {
        return check.of(file, document, object, Surroundings.UNKNOWN).findings().stream()
                .anyMatch(it -> it.level() == Level.REFUSED);
    }
}
