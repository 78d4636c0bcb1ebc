package dev.trimtab.cli.print;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.IntStream;

/** Prints columns as kubectl does, each as wide as its widest cell. */
public final class Table {
    private Table() {}

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

    public static final class Cells {
        private static final int LONGEST = 40;
        private static final String ANNOTATIONS = KnativeService.TEMPLATE_ANNOTATIONS + "/";
        private static final String POD = KnativeService.POD_SPEC + "/";

        private Cells() {}

        /** The short name of a field: an annotation's key, a pod field without the path of the pod spec. */
        public static String field(JsonPointer at) {
            String text = at.toString();
            if (text.startsWith(ANNOTATIONS)) {
                return at.last().getMatchingProperty();
            }
            String shorter = text.startsWith(POD) ? text.substring(POD.length()) : text.substring(1);
            return shorter.replace('/', '.').replace("~1", "/").replace("~0", "~");
        }

        public static String cell(JsonNode value) {
            if (Pointers.isAbsent(value)) {
                return "-";
            }
            String text = value.isTextual() ? value.textValue() : value.toString();
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
        }
    }
}
