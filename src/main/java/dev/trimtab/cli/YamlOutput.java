package dev.trimtab.cli;

import dev.trimtab.yaml.YamlEdit;
import java.io.PrintWriter;
import java.util.List;

/** The manifests as they would be stored: every line that admission does not change is as its author wrote it. */
final class YamlOutput implements PreviewOutput {
    private final PrintWriter out;
    private boolean first = true;

    YamlOutput(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void print(ManifestFile file, List<Previewed> documents) {
        String text = text(documents);
        if (!first && !text.startsWith("---")) {
            out.println("---");
        }
        out.print(text);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            out.println();
        }
        first = false;
    }

    static String text(List<Previewed> documents) {
        StringBuilder text = new StringBuilder();
        documents.forEach(document -> text.append(YamlEdit.apply(document.document(), document.after())));
        return text.toString();
    }
}
