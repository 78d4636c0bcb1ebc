package dev.trimtab.cli.print;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.IntStream;

/** Prints columns as kubectl does, each as wide as its widest cell. */
public final class Table {
    private Table() {}

    /** @param lines the first line has the names of the columns */
    public static void print(List<List<String>> lines, PrintWriter out) {
        int columns = lines.get(0).size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> lines.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (List<String> row : lines) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(widths[column] - cell.length() + 3));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
