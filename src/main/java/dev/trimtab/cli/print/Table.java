package dev.trimtab.cli.print;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Prints columns as kubectl does, each as wide as its widest cell. If the terminal is too narrow, cells are wrapped. If
 * that does not help either, columns are left out.
 */
public final class Table {
    private static final int GAP = 3;

    /** A narrower cell is hard to read: rather leave out a column. */
    private static final int NARROWEST = 16;

    private final List<List<String>> lines;
    private final List<String> lessNeeded;

    /**
     * @param lines the first one has the headings
     * @param lessNeeded headings of columns that may be left out, the first one first
     */
    public Table(List<List<String>> lines, List<String> lessNeeded) {
        this.lines = lines;
        this.lessNeeded = lessNeeded;
    }

    /** @param width of the terminal; empty for any */
    public void print(OptionalInt width, PrintWriter out) {
        List<Integer> columns =
                new ArrayList<>(IntStream.range(0, lines.get(0).size()).boxed().toList());
        List<String> leftOut = new ArrayList<>();
        if (width.isPresent()) {
            for (String heading : lessNeeded) {
                if (total(columns, NARROWEST) <= width.getAsInt()) {
                    break;
                }
                int column = lines.get(0).indexOf(heading);
                if (columns.remove((Integer) column)) {
                    leftOut.add(heading);
                }
            }
        }
        int limit = limit(columns, width);
        for (List<String> line : lines) {
            row(columns.stream().map(it -> wrapped(line.get(it), limit)).toList(), columns, limit, out);
        }
        if (!leftOut.isEmpty()) {
            out.println("(left out to fit %d columns: %s; -o wide shows all)"
                    .formatted(width.getAsInt(), String.join(", ", leftOut)));
        }
    }

    /** The longest cell for which the table fits. */
    private int limit(List<Integer> columns, OptionalInt width) {
        int limit = columns.stream().mapToInt(this::widest).max().orElse(0);
        while (width.isPresent() && limit > NARROWEST && total(columns, limit) > width.getAsInt()) {
            limit--;
        }
        return limit;
    }

    private int total(List<Integer> columns, int limit) {
        return columns.stream().mapToInt(it -> Math.min(widest(it), limit)).sum() + GAP * (columns.size() - 1);
    }

    private int widest(int column) {
        return lines.stream().mapToInt(it -> it.get(column).length()).max().orElse(0);
    }

    private void row(List<List<String>> cells, List<Integer> columns, int limit, PrintWriter out) {
        int height = cells.stream().mapToInt(List::size).max().orElse(1);
        for (int at = 0; at < height; at++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns.size(); i++) {
                String part = at < cells.get(i).size() ? cells.get(i).get(at) : "";
                line.append(part).append(" ".repeat(Math.min(widest(columns.get(i)), limit) - part.length() + GAP));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** Ends a line at a blank, else behind a slash, dot, comma or hyphen, else anywhere. */
    private static List<String> wrapped(String cell, int limit) {
        List<String> parts = new ArrayList<>();
        String rest = cell;
        while (rest.length() > limit) {
            int end = limit;
            for (int at = limit; at > limit / 2; at--) {
                if (rest.charAt(at) == ' ' || "/.,-".indexOf(rest.charAt(at - 1)) >= 0) {
                    end = at;
                    break;
                }
            }
            parts.add(rest.substring(0, end));
            rest = rest.substring(end).stripLeading();
        }
        parts.add(rest);
        return parts;
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
