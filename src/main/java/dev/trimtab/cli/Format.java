package dev.trimtab.cli;

import dev.trimtab.review.Settings;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

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

    static Format parse(String text) {
        return Arrays.stream(values())
                .filter(format -> format.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'%s' is none of %s"
                        .formatted(
                                text,
                                Arrays.stream(values()).map(Format::toString).collect(Collectors.joining(", ")))));
    }

    PreviewOutput output(PrintWriter out, Settings settings, Paint paint) {
        return switch (this) {
            case YAML -> new YamlOutput(out);
            case JSON -> new JsonOutput(out);
            case DIFF -> new DiffOutput(out, paint);
            case EXPLAIN -> new ExplainOutput(out, settings, paint);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
