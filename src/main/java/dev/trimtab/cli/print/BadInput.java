package dev.trimtab.cli.print;

import java.util.List;

/** Thrown for invalid input. Each problem is one line, with file and place if known. */
public final class BadInput extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public BadInput(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
