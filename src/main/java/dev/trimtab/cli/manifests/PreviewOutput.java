package dev.trimtab.cli.manifests;

import dev.trimtab.cli.manifests.Preview.PreviewedDocument;
import dev.trimtab.cli.print.JsonText;
import dev.trimtab.cli.print.Paint;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.yaml.YamlEdit;
import java.io.PrintWriter;
import java.util.Locale;

interface PreviewOutput {
    void print(ManifestFile file, PreviewedDocument document);

    default void end(ManifestFile file) {}

    default void end() {}

    /** The manifests as they would be stored. Lines that admission does not change keep their text. */
    static final class Yaml implements PreviewOutput {
        private final PrintWriter out;
        private boolean isBetweenFiles;
        private boolean anyText;
        private boolean lineIsOpen;

        Yaml(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void print(ManifestFile file, PreviewedDocument document) {
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

        static String text(PreviewedDocument document) {
            return YamlEdit.apply(document.document(), document.after());
        }

        private String separator(String next) {
            String lineBreak = lineIsOpen ? "\n" : "";
            if (next.startsWith("---")) {
                return lineBreak;
            }
            // A directive is allowed only after the end of a document.
            boolean directive = next.lines()
                    .takeWhile(line -> line.isBlank() || line.startsWith("#") || line.startsWith("%"))
                    .anyMatch(line -> line.startsWith("%"));
            return lineBreak + (directive ? "...\n" : "---\n");
        }
    }

    /** The manifests as JSON objects, one after the other, in the form of {@code jq}. */
    public static final class Json implements PreviewOutput {
        private final PrintWriter out;

        Json(PrintWriter out) {
            this.out = out;
        }

        @Override
        public void print(ManifestFile file, PreviewedDocument document) {
            if (!document.document().isEmpty()) {
                out.println(JsonText.text(document.after()));
            }
        }
    }

    public enum Format {
        YAML,
        JSON,
        DIFF,
        EXPLAIN;

        PreviewOutput output(PrintWriter out, Settings settings, Paint paint) {
            return switch (this) {
                case YAML -> new Yaml(out);
                case JSON -> new Json(out);
                case DIFF -> new DiffOutput(out, paint);
                case EXPLAIN -> new ExplainOutput(out, settings, paint);
            };
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
