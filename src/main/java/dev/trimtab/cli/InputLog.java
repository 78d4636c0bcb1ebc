package dev.trimtab.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What there is to say of the input itself: what could not be read, and what was read and left as it is. */
final class InputLog {
    private final List<String> problems = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Set<String> files = new HashSet<>();
    private boolean anyDocument;

    /** A line for something that cannot be worked on. */
    void problem(String line) {
        problems.add(line);
    }

    /** As {@link #problem}, once for a file: each document of a template says the same. */
    void problemOnce(ManifestFile file, String line) {
        if (files.add("problem " + file.name())) {
            problems.add(line);
        }
    }

    /** Something that is left as it is, once for a file. */
    void note(ManifestFile file, String text) {
        if (files.add("note " + file.name())) {
            notes.add(file.name() + ": " + text);
        }
    }

    /** A line for something that is only said. */
    void warning(String line) {
        notes.add(line);
    }

    void document() {
        anyDocument = true;
    }

    /** The lines of problems, to add to. */
    List<String> problems() {
        return problems;
    }

    /**
     * To be called when all is read: nothing at all is a problem, since a pipe whose first command failed looks like that.
     *
     * @param names of the files that were read
     * @param folders those that kustomize rendered
     */
    void requireDocuments(List<String> names, List<String> folders) {
        if (!anyDocument && problems.isEmpty()) {
            boolean pipe = names.contains("-");
            problems.add("%s: no document%s"
                    .formatted(
                            pipe
                                    ? ManifestFile.STANDARD_INPUT.name()
                                    : Stream.concat(names.stream(), folders.stream())
                                            .collect(Collectors.joining(", ")),
                            pipe ? ": did the command before the pipe fail?" : ""));
        }
    }

    /** @return the exit code: that of the verb, or {@link TrimtabCommand#TROUBLE} if something could not be read */
    int end(PrintWriter err, int code) {
        notes.forEach(err::println);
        problems.forEach(err::println);
        return problems.isEmpty() ? code : TrimtabCommand.TROUBLE;
    }
}
