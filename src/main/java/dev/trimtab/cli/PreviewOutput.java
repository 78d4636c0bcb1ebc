package dev.trimtab.cli;

import java.util.List;

/** Prints previewed files, one after the other. */
sealed interface PreviewOutput permits YamlOutput, JsonOutput, DiffOutput, ExplainOutput {
    void print(ManifestFile file, List<Previewed> documents);

    /** After the last file. */
    default void end() {}
}
