package dev.trimtab.cli.manifests;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.patch.AbstractDelta;
import com.github.difflib.patch.Chunk;
import com.github.difflib.patch.Patch;
import dev.trimtab.cli.manifests.Preview.PreviewedDocument;
import dev.trimtab.cli.manifests.PreviewOutput.Yaml;
import dev.trimtab.cli.print.Paint;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A unified diff for each file that admission would change, as {@code patch -p1} reads it. Documents are compared one
 * by one: comparing whole files takes quadratic time if many documents change.
 */
public final class DiffOutput implements PreviewOutput {
    private static final int CONTEXT_LINES = 3;

    private final PrintWriter out;
    private final Paint paint;
    private final List<String> before = new ArrayList<>();
    private final List<String> after = new ArrayList<>();
    private final StringBuilder pendingBefore = new StringBuilder();
    private final StringBuilder pendingAfter = new StringBuilder();
    private Patch<String> patch = new Patch<>();

    public DiffOutput(PrintWriter out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    @Override
    public void print(ManifestFile file, PreviewedDocument document) {
        add(document.document().text(), Yaml.text(document));
    }

    void add(String documentBefore, String documentAfter) {
        pendingBefore.append(documentBefore);
        pendingAfter.append(documentAfter);
        // Several JSON objects may stand on one line. Then whole lines are compared.
        if (endsLine(pendingBefore) && endsLine(pendingAfter)) {
            compare();
        }
    }

    @Override
    public void end(ManifestFile file) {
        compare();
        String name = name(file);
        UnifiedDiffUtils.generateUnifiedDiff("a/" + name, "b/" + name, before, patch, CONTEXT_LINES)
                .forEach(line -> out.print(painted(line) + "\n"));
        before.clear();
        after.clear();
        patch = new Patch<>();
    }

    private void compare() {
        List<String> linesBefore = lines(pendingBefore.toString());
        List<String> linesAfter = lines(pendingAfter.toString());
        for (AbstractDelta<String> delta :
                DiffUtils.diff(linesBefore, linesAfter).getDeltas()) {
            patch.addDelta(
                    delta.withChunks(moved(delta.getSource(), before.size()), moved(delta.getTarget(), after.size())));
        }
        before.addAll(linesBefore);
        after.addAll(linesAfter);
        pendingBefore.setLength(0);
        pendingAfter.setLength(0);
    }

    private static Chunk<String> moved(Chunk<String> chunk, int by) {
        return new Chunk<>(chunk.getPosition() + by, chunk.getLines());
    }

    private static boolean endsLine(StringBuilder text) {
        return text.length() > 0 && text.charAt(text.length() - 1) == '\n';
    }

    private String painted(String line) {
        if (line.startsWith("---") || line.startsWith("+++")) {
            return paint.bold(line);
        }
        return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
            case '+' -> paint.green(line);
            case '-' -> paint.red(line);
            case '@' -> paint.cyan(line);
            default -> line;
        };
    }

    /** A name with a blank ends with a tab, as in git's diffs: patch would end the name at the blank. */
    private static String name(ManifestFile file) {
        String name = Path.of(file.name()).normalize().toString().replaceFirst("^/+", "");
        return name.contains(" ") ? name + "\t" : name;
    }

    /** Marks a last line without a line break, as {@code patch} expects it. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(List.of(text.split("\n", -1)));
        String last = lines.remove(lines.size() - 1);
        if (!last.isEmpty()) {
            lines.add(last + "\n\\ No newline at end of file");
        }
        return lines;
    }
}
