package dev.trimtab.cli;

import java.io.PrintWriter;
import java.util.List;

/** The manifests as JSON, one object after the other, as {@code kubectl apply} and {@code jq} read them. */
final class JsonOutput implements PreviewOutput {
    private final PrintWriter out;

    JsonOutput(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void print(ManifestFile file, List<Previewed> documents) {
        documents.stream()
                .filter(document -> !document.document().isEmpty())
                .forEach(document -> out.println(document.after().toPrettyString()));
    }
}
