package dev.trimtab.policy;

import static java.util.Objects.requireNonNull;

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
}
