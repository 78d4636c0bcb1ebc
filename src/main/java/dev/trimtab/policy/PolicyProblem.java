package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;

/**
 * One thing that is wrong with the text of a policy.
 *
 * @param path where in the policy, for example {@code profiles[0].match.kinds[1]}; empty for the text as a whole
 * @param line counted from 1
 * @param column counted from 1, in characters
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

    /** The problem on one line, in the way of compilers, for a policy that stands in {@code file}. */
    public String in(String file) {
        return file + ":" + line + ":" + column + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }

    @Override
    public String toString() {
        return in("policy.yaml");
    }

    static final class Problems {
        /** Nobody reads more at once, and the API server has to carry them all in one answer. */
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

        /** Whether what is added from now on is left out: no need to find good words for it. */
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

    /** A stranger's text inside a message: in quotes, on one line, and not too long. */
    static final class Quoted {
        private static final int LONGEST = 60;

        private Quoted() {}

        static String of(String text) {
            String shown = text.codePointCount(0, text.length()) <= LONGEST
                    ? text
                    : text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
            return '"' + oneLine(shown.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
        }

        /** {@code text} with an escape in place of every character that would break the line or cannot be seen. */
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
