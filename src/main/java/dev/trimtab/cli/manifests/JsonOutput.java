package dev.trimtab.cli.manifests;

import dev.trimtab.cli.print.JsonText;
import java.io.PrintWriter;

/** The manifests as JSON, one object after the other, as {@code kubectl apply} reads and {@code jq} writes them. */
public final class JsonOutput implements PreviewOutput {
    private final PrintWriter out;

    JsonOutput(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void print(ManifestFile file, Previewed document) {
        if (!document.document().isEmpty()) {
            out.println(JsonText.text(document.after()));
        }
    }
}
