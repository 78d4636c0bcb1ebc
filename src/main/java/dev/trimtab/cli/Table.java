package dev.trimtab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.IntStream;

/** Columns as kubectl prints them: as wide as their widest cell. */
final class Table {
    private Table() {}

    /** @param lines the first with the names of the columns */
    static void print(List<List<String>> lines, PrintWriter out) {
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
