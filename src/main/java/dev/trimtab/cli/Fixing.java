package dev.trimtab.cli;

import dev.trimtab.cli.Fix.Fixed;
import dev.trimtab.cli.ManifestFiles.DocumentReader;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Fixes documents one by one, and puts those of a file together again. */
final class Fixing implements DocumentReader {
    private final Fix fix;
    private final Checking checking;
    private final StringBuilder before = new StringBuilder();
    private final StringBuilder after = new StringBuilder();
    private final List<Runnable> checksOfFile = new ArrayList<>();
    private final List<FixedFile> files = new ArrayList<>();
    private final Set<Path> seen = new HashSet<>();

    /** @param checking says what stays, once all files are read */
    Fixing(Fix fix, Checking checking) {
        this.fix = fix;
        this.checking = checking;
    }

    @Override
    public void read(ManifestFile file, YamlDocument document) {
        Fixed fixed = fix.of(file, document);
        before.append(document.text());
        after.append(YamlEdit.apply(document, fixed.after()));
        checksOfFile.add(() -> checking.read(file, document, fixed.objects()));
    }

    /** A file may be named twice, or by a link too: it is fixed once. One that cannot be read to its end stays as it is. */
    @Override
    public void end(ManifestFile file, boolean isWhole) {
        if (isWhole && (file.path().isEmpty() || seen.add(real(file.path().get())))) {
            files.add(new FixedFile(file, before.toString(), after.toString()));
            checksOfFile.forEach(Runnable::run);
        }
        before.setLength(0);
        after.setLength(0);
        checksOfFile.clear();
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    List<FixedFile> files() {
        return files;
    }

    /** What would still be clamped or refused, a line each. */
    List<String> left() {
        return checking.objects().stream()
                .flatMap(object -> object.findings().stream()
                        .filter(it -> it.level().isFound())
                        .map(object::line))
                .toList();
    }
}
