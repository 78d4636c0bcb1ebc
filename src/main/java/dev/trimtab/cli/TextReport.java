package dev.trimtab.cli;

import dev.trimtab.cli.Finding.Level;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Map;

/** One line a finding, as compilers print them, and one that sums up. */
final class TextReport implements CheckReport {
    private final PrintWriter out;
    private final Paint paint;
    private final Map<Level, Integer> found = new EnumMap<>(Level.class);
    private int objects;

    TextReport(PrintWriter out, Paint paint) {
        this.out = out;
        this.paint = paint;
    }

    @Override
    public void add(Checked object) {
        objects++;
        for (Finding finding : object.findings()) {
            found.merge(finding.level(), 1, Integer::sum);
            out.println(
                    "%s: %s: %s".formatted(paint.bold(object.place(finding)), level(finding), object.text(finding)));
        }
    }

    private String level(Finding finding) {
        String text = finding.level().toString();
        return finding.level() == Level.REFUSED ? paint.red(text) : paint.yellow(text);
    }

    @Override
    public void end(int others, boolean isWhole) {
        StringBuilder summary = new StringBuilder(objects == 1 ? "1 object: " : objects + " objects: ");
        String nothing = "nothing would be clamped or refused" + (isWhole ? "" : " in what could be read");
        if (objects == 0 && others == 0 && !isWhole) {
            nothing = "nothing could be checked";
        }
        summary.append(found.isEmpty() ? nothing : "");
        String separator = "";
        for (Map.Entry<Level, Integer> level : found.entrySet()) {
            boolean several = level.getKey() == Level.WARNING && level.getValue() > 1;
            summary.append(separator).append(level.getValue()).append(' ').append(level.getKey());
            summary.append(several ? "s" : "");
            separator = ", ";
        }
        if (others > 0) {
            summary.append("; ").append(others).append(others == 1 ? " of another kind" : " of other kinds");
        }
        out.println(summary);
    }
}
