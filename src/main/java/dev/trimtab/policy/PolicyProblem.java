package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;

/**
 * One problem in the text of a policy.
 *
 * @param path where in the policy, for example {@code profiles[0].match.kinds[1]}; empty for the text as a whole
 * @param line from 1
 * @param column from 1, in characters
 * @param message what is wrong and what to write instead, on one line
 */
public record PolicyProblem(String path, int line, int column, String message) {
    public PolicyProblem {
        requireNonNull(path, "path");
        requireNonNull(message, "message");
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException("line " + line + ", column " + column + ": both are counted from 1");
        }
    }

    /** The problem on one line, as compilers print it. */
    public String in(String file) {
        return file + ":" + line + ":" + column + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }

    @Override
    public String toString() {
        return in("policy.yaml");
    }

    static final class Problems {
        /** Nobody reads more at once, and the API server returns all of them in one answer. */
        static final int MOST = 100;

        private final List<PolicyProblem> found = new ArrayList<>();
        private PolicyProblem firstLeftOut;

        void add(String path, Mark mark, String message) {
            add(path, mark.getLine() + 1, mark.getColumn() + 1, message);
        }

        void add(String path, int line, int column, String message) {
            if (!isFull()) {
                found.add(new PolicyProblem(path, line, column, message));
            } else if (firstLeftOut == null) {
                firstLeftOut = new PolicyProblem("", line, column, "there are more problems; mend those above first");
            }
        }

        /** Whether further problems are left out. Callers need not look for good words then. */
        boolean isFull() {
            return found.size() >= MOST;
        }

        boolean isEmpty() {
            return found.isEmpty();
        }

        List<PolicyProblem> inOrder() {
            List<PolicyProblem> ordered = new ArrayList<>(found);
            ordered.sort(Comparator.comparingInt(PolicyProblem::line)
                    .thenComparingInt(PolicyProblem::column)
                    .thenComparing(PolicyProblem::path));
            if (firstLeftOut != null) {
                ordered.add(firstLeftOut);
            }
            return ordered;
        }
    }

    /** Quotes foreign text for a message: on one line, and shortened. */
    public static final class Quoted {
        private static final int LONGEST = 60;

        private Quoted() {}

        public static String of(String text) {
            String shown = text.codePointCount(0, text.length()) <= LONGEST
                    ? text
                    : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
            return '"' + oneLine(shown.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
        }

        /** Escapes line breaks and invisible characters. */
        static String oneLine(String text) {
            StringBuilder line = new StringBuilder();
            text.codePoints().forEach(c -> {
                if (unseen(c)) {
                    line.append(String.format("\\u%04x", c));
                } else {
                    line.appendCodePoint(c);
                }
            });
            return line.toString();
        }

        private static boolean unseen(int c) {
            return switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> true;
                default -> false;
            };
        }
    }
}
