package dev.trimtab.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Replacements of parts of a text, gathered first and then done all at once, so that offsets stay valid. */
final class TextEdits {
    private record Edit(int from, int to, String text) {
        boolean isInsertion() {
            return from == to;
        }
    }

    private final List<Edit> edits = new ArrayList<>();

    void replace(int from, int to, String text) {
        edits.add(new Edit(from, to, text));
    }

    /** Of several insertions at one place, the first one comes first. */
    void insert(int at, String text) {
        edits.add(new Edit(at, at, text));
    }

    void delete(int from, int to) {
        edits.add(new Edit(from, to, ""));
    }

    int mark() {
        return edits.size();
    }

    /** Forgets what came after the mark. */
    void reset(int mark) {
        edits.subList(mark, edits.size()).clear();
    }

    /** The new text, or nothing if two edits want the same part. */
    Optional<String> apply(String text) {
        List<Edit> ordered = new ArrayList<>(edits);
        ordered.sort(Comparator.comparingInt(Edit::from).thenComparing(edit -> !edit.isInsertion()));
        StringBuilder result = new StringBuilder();
        int done = 0;
        for (Edit edit : ordered) {
            boolean overlaps = edit.from() < done;
            if (overlaps && !edit.text().isEmpty()) {
                return Optional.empty();
            }
            if (!overlaps) {
                result.append(text, done, edit.from());
            }
            result.append(edit.text());
            done = Math.max(done, edit.to());
        }
        return Optional.of(result.append(text, done, text.length()).toString());
    }
}
