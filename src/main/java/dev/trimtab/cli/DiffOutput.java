package dev.trimtab.cli;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A unified diff for each file that admission would change, as {@code patch} reads it. */
final class DiffOutput implements PreviewOutput {
    private static final int CONTEXT_LINES = 3;

    private final PrintWriter out;

    DiffOutput(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void print(ManifestFile file, List<Previewed> documents) {
        List<String> before = lines(file.text());
        List<String> after = lines(YamlOutput.text(documents));
        String name = file.name().replaceFirst("^/+", "");
        UnifiedDiffUtils.generateUnifiedDiff(
                        "a/" + name, "b/" + name, before, DiffUtils.diff(before, after), CONTEXT_LINES)
                .forEach(line -> out.print(line + "\n"));
    }

    /** A last line without a line break says so, in the words that {@code patch} knows. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        String last = lines.remove(lines.size() - 1);
        if (!last.isEmpty()) {
            lines.add(last + "\n\\ No newline at end of file");
        }
        return lines;
    }
}
