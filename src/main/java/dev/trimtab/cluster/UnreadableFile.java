package dev.trimtab.cluster;

import java.util.List;

/** A file that cannot be read as what it should be. Each problem says which, where and why, in one line. */
public final class UnreadableFile extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public UnreadableFile(String message) {
        this(List.of(message));
    }

    UnreadableFile(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One line for each. */
    public List<String> problems() {
        return problems;
    }
}
