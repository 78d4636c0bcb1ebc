package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;

/** Which old item of a list became which new one. */
final class ListAlignment {
    static final int NEW = -1;

    /** Beyond this many comparisons, items are paired by their place alone. */
    private static final long MOST_COMPARISONS = 4_000_000;

    private final JsonNode before;
    private final JsonNode after;
    private final int[] origin;

    private ListAlignment(JsonNode before, JsonNode after) {
        this.before = before;
        this.after = after;
        this.origin = new int[after.size()];
        Arrays.fill(origin, NEW);
    }

    /**
     * For each new item the place of the old one it comes from, or {@link #NEW}; ascending. Items pair up if they
     * are equal or bear the same {@code name}, as containers and environment variables do; what is left between
     * two pairs is paired by its order.
     */
    static int[] of(JsonNode before, JsonNode after) {
        ListAlignment alignment = new ListAlignment(before, after);
        alignment.align();
        alignment.pairLeftovers();
        return alignment.origin;
    }

    private void align() {
        int start = 0;
        int beforeEnd = before.size();
        int afterEnd = after.size();
        while (start < Math.min(beforeEnd, afterEnd) && Trees.same(before.get(start), after.get(start))) {
            origin[start] = start;
            start++;
        }
        while (beforeEnd > start
                && afterEnd > start
                && Trees.same(before.get(beforeEnd - 1), after.get(afterEnd - 1))) {
            origin[--afterEnd] = --beforeEnd;
        }
        if ((long) (beforeEnd - start) * (afterEnd - start) <= MOST_COMPARISONS) {
            longestCommonSubsequence(start, beforeEnd, afterEnd);
        }
    }

    private void longestCommonSubsequence(int start, int beforeEnd, int afterEnd) {
        int rows = beforeEnd - start;
        int columns = afterEnd - start;
        int[][] length = new int[rows + 1][columns + 1];
        for (int i = rows - 1; i >= 0; i--) {
            for (int j = columns - 1; j >= 0; j--) {
                length[i][j] = akin(before.get(start + i), after.get(start + j))
                        ? length[i + 1][j + 1] + 1
                        : Math.max(length[i + 1][j], length[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < rows && j < columns) {
            if (akin(before.get(start + i), after.get(start + j))) {
                origin[start + j++] = start + i++;
            } else if (length[i + 1][j] >= length[i][j + 1]) {
                i++;
            } else {
                j++;
            }
        }
    }

    private static boolean akin(JsonNode left, JsonNode right) {
        JsonNode name = left.path("name");
        return (name.isTextual() && name.equals(right.path("name"))) || Trees.same(left, right);
    }

    private void pairLeftovers() {
        int old = 0;
        for (int i = 0; i < origin.length; i++) {
            if (origin[i] == NEW && old < nextPaired(i)) {
                origin[i] = old;
            }
            if (origin[i] != NEW) {
                old = origin[i] + 1;
            }
        }
    }

    private int nextPaired(int from) {
        for (int i = from; i < origin.length; i++) {
            if (origin[i] != NEW) {
                return origin[i];
            }
        }
        return before.size();
    }
}
