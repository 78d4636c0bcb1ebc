package dev.trimtab.cli;

/** Prints previewed documents, one after the other. */
sealed interface PreviewOutput permits YamlOutput, JsonOutput, DiffOutput, ExplainOutput {
    void print(ManifestFile file, Previewed document);

    /** After the last document of a file. */
    default void end(ManifestFile file) {}

    /** After the last file. */
    default void end() {}
}
