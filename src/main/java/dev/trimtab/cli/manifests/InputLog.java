package dev.trimtab.cli.manifests;

import dev.trimtab.cli.TrimtabCommand;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Problems and notes about the input itself: what could not be read, and what stays unchanged. */
public final class InputLog {
    private final List<String> problems = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Set<String> files = new HashSet<>();
    private boolean anyDocument;

    public void problem(String line) {
        problems.add(line);
    }

    /** As {@link #problem}, but once per file: each document of a template has the same problem. */
    void problemOnce(ManifestFile file, String line) {
        if (files.add("problem " + file.name())) {
            problems.add(line);
        }
    }

    void note(ManifestFile file, String text) {
        if (files.add("note " + file.name())) {
            notes.add(file.name() + ": " + text);
        }
    }

    public void warning(String line) {
        notes.add(line);
    }

    void document() {
        anyDocument = true;
    }

    public List<String> problems() {
        return problems;
    }

    /**
     * Call this after all input is read. Input without documents is a problem: a failed command before a pipe causes
     * it.
     *
     * @param folders folders that kustomize rendered
     */
    public void requireDocuments(List<String> names, List<String> folders) {
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

    public int end(PrintWriter err, int code) {
        notes.forEach(err::println);
        problems.forEach(err::println);
        return problems.isEmpty() ? code : TrimtabCommand.TROUBLE;
    }
}
