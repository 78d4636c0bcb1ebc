package dev.trimtab.cli;

import dev.trimtab.yaml.YamlEdit;
import java.io.PrintWriter;
import java.util.List;

/** The manifests as they would be stored: every line that admission does not change is as its author wrote it. */
final class YamlOutput implements PreviewOutput {
    private final PrintWriter out;
    private String before = "";

    YamlOutput(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void print(ManifestFile file, List<Previewed> documents) {
        String text = text(documents);
        if (text.isEmpty()) {
            return;
        }
        if (!before.isEmpty()) {
            out.print(separator(text));
        }
        out.print(text);
        before = text;
    }

    static String text(List<Previewed> documents) {
        StringBuilder text = new StringBuilder();
        documents.forEach(document -> text.append(YamlEdit.apply(document.document(), document.after())));
        return text.toString();
    }

    /** What two files need between them, so that the last document of one does not run into the first of the other. */
    private String separator(String next) {
        String lineBreak = before.endsWith("\n") ? "" : "\n";
        if (next.startsWith("---")) {
            return lineBreak;
        }
        // A directive may stand only where a document has ended.
        boolean directive = next.lines()
                .takeWhile(line -> line.isBlank() || line.startsWith("#") || line.startsWith("%"))
                .anyMatch(line -> line.startsWith("%"));
        return lineBreak + (directive ? "...\n" : "---\n");
    }
}
