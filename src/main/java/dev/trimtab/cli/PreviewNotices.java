package dev.trimtab.cli;

import dev.trimtab.cli.Previewed.Reviewed;
import dev.trimtab.manifest.OldVersion;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is said of previewed objects beside the preview itself: kept as lines, since the documents may be many. */
final class PreviewNotices {
    private record Notice(String heading, List<String> lines) {}

    private final List<Notice> notices = new ArrayList<>();
    private int objects;
    private boolean anyStored;
    private String first = "";

    void add(ManifestFile file, Previewed previewed) {
        for (Reviewed object : previewed.objects()) {
            if (object.isOurs()) {
                add(file, object);
            }
            OldVersion.of(object.before())
                    .map(text -> new Notice(object.heading(file), List.of("Warning: trimtab: " + text)))
                    .ifPresent(notices::add);
        }
    }

    private void add(ManifestFile file, Reviewed object) {
        if (objects == 0) {
            first = "%s %s of namespace %s, nor any other object of -f"
                    .formatted(object.before().kindName(), object.before().name(), object.namespace());
        }
        objects++;
        anyStored |= object.stored().isPresent();
        List<String> lines = new ArrayList<>();
        object.review().warnings().forEach(warning -> lines.add("Warning: " + warning));
        if (!object.review().isAllowed()) {
            lines.add("Error: trimtab: " + object.review().refusal());
        }
        if (!lines.isEmpty()) {
            notices.add(new Notice(object.heading(file), lines));
        }
    }

    /**
     * The first object, where none is stored: otherwise a forgotten namespace would show a CREATE to somebody who asked
     * for an UPDATE.
     */
    Optional<String> unmatched() {
        return objects == 0 || anyStored ? Optional.empty() : Optional.of(first);
    }

    /** As kubectl prints warnings; with several objects it is said before whose they are. */
    void print(PrintWriter err) {
        for (Notice notice : notices) {
            if (objects > 1) {
                err.println(notice.heading() + ":");
            }
            notice.lines().forEach(err::println);
        }
    }
}
