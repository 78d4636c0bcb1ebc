package dev.trimtab.cli;

import dev.trimtab.knative.KnativeConfig;
import java.io.PrintWriter;
import java.util.Locale;

/** How a preview is printed. */
enum Format {
    /** The manifests as they would be stored, in their authors' own layout. */
    YAML,
    /** The same as JSON, one object after the other. */
    JSON,
    /** A unified diff a file. */
    DIFF,
    /** Which rule, why, the patch, and one line that sums up. */
    EXPLAIN;

    PreviewOutput output(PrintWriter out, KnativeConfig knative) {
        return switch (this) {
            case YAML -> new YamlOutput(out);
            case JSON -> new JsonOutput(out);
            case DIFF -> new DiffOutput(out);
            case EXPLAIN -> new ExplainOutput(out, knative);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
