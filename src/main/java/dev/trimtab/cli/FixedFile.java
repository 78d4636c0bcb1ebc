package dev.trimtab.cli;

import java.io.IOException;

/** A file before and after it was fixed. */
record FixedFile(ManifestFile file, String before, String after) {
    String name() {
        return file.name();
    }

    /** Standard input has no place to write to. */
    void replaceBy(FileReplacement replacement) throws IOException {
        if (file.path().isPresent() && !before.equals(after)) {
            replacement.prepare(file.path().get(), before, after);
        }
    }

    /** What standard output says of it: of standard input the text itself. */
    String said() {
        if (file.path().isEmpty()) {
            return after;
        }
        return before.equals(after) ? "" : name() + ": fixed\n";
    }
}
