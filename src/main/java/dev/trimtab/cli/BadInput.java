package dev.trimtab.cli;

import java.util.List;

/** Input that cannot be worked on: one line a problem, each with file, document and place, and nothing was done. */
final class BadInput extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    BadInput(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    List<String> problems() {
        return problems;
    }
}
