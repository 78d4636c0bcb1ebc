package dev.trimtab.cli;

import dev.trimtab.yaml.Position;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of manifests.
 *
 * @param name as the user named it, {@code stdin} for standard input
 * @param path where it is; empty for what comes from a program
 * @param isPart whether a kustomization has it for a patch or another part, so that it holds no object of its own
 */
record ManifestFile(String name, Optional<Path> path, boolean isPart) {
    static final ManifestFile STANDARD_INPUT = printedBy("stdin");

    /** The form in which compilers name a place. */
    String place(Position at) {
        return name + ":" + at.line() + ":" + at.column();
    }

    static ManifestFile at(Path path, boolean isPart) {
        return new ManifestFile(path.toString(), Optional.of(path), isPart);
    }

    /** What a program wrote into a pipe. */
    static ManifestFile printedBy(String name) {
        return new ManifestFile(name, Optional.empty(), false);
    }
}
