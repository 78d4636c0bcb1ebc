package dev.trimtab.cli;

import dev.trimtab.yaml.YamlDocument;
import java.util.List;

/**
 * A file of manifests.
 *
 * @param name as the user named it, {@code stdin} for standard input
 * @param documents in order; their texts joined are the file
 */
record ManifestFile(String name, List<YamlDocument> documents) {
    String text() {
        StringBuilder text = new StringBuilder();
        documents.forEach(document -> text.append(document.text()));
        return text.toString();
    }
}
