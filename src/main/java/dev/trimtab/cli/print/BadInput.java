package dev.trimtab.cli.print;

import java.util.List;

/** Invalid input. One line per problem, with file and place. Nothing was done. */
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
