package dev.trimtab.cli;

import dev.trimtab.yaml.YamlEdit;
import java.io.PrintWriter;

/** The manifests as they would be stored: every line that admission does not change is as its author wrote it. */
final class YamlOutput implements PreviewOutput {
    private final PrintWriter out;
    private boolean isBetweenFiles;
    private boolean anyText;
    private boolean lineIsOpen;

    YamlOutput(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void print(ManifestFile file, Previewed document) {
        String text = text(document);
        if (text.isEmpty()) {
            return;
        }
        if (isBetweenFiles) {
            out.print(separator(text));
        }
        out.print(text);
        anyText = true;
        isBetweenFiles = false;
        lineIsOpen = !text.endsWith("\n");
    }

    @Override
    public void end(ManifestFile file) {
        isBetweenFiles = anyText;
    }

    static String text(Previewed document) {
        return YamlEdit.apply(document.document(), document.after());
    }

    /** What two files need between them, so that the last document of one does not run into the first of the other. */
    private String separator(String next) {
        String lineBreak = lineIsOpen ? "\n" : "";
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
