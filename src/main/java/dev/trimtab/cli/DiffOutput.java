package dev.trimtab.cli;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A unified diff for each file that admission would change, as {@code patch -p1} reads it. */
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
        String name = name(file);
        UnifiedDiffUtils.generateUnifiedDiff(
                        "a/" + name, "b/" + name, before, DiffUtils.diff(before, after), CONTEXT_LINES)
                .forEach(line -> out.print(line + "\n"));
    }

    /** A name with a blank ends with a tab, as in git's diffs: patch would take the blank for its end. */
    private static String name(ManifestFile file) {
        String name = Path.of(file.name()).normalize().toString().replaceFirst("^/+", "");
        return name.contains(" ") ? name + "\t" : name;
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
