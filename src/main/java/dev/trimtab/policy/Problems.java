package dev.trimtab.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.yaml.snakeyaml.error.Mark;

/** Collects what is wrong with one text. */
final class Problems {
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

    /** All problems in the order of the text, and a note at the end if some were left out. */
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
