package dev.trimtab.cli;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of manifests.
 *
 * @param name as the user named it, {@code stdin} for standard input
 * @param path where it is; empty for standard input
 */
record ManifestFile(String name, Optional<Path> path) {
    static final ManifestFile STANDARD_INPUT = new ManifestFile("stdin", Optional.empty());

    static ManifestFile at(Path path) {
        return new ManifestFile(path.toString(), Optional.of(path));
    }
}
