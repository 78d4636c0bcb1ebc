package dev.trimtab.cli;

import dev.trimtab.aibrix.Surroundings;
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
    private final Check check;
    private final StringBuilder before = new StringBuilder();
    private final StringBuilder after = new StringBuilder();
    private final List<String> leftOfFile = new ArrayList<>();
    private final List<FixedFile> files = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final Set<Path> seen = new HashSet<>();

    Fixing(Fix fix, Check check) {
        this.fix = fix;
        this.check = check;
    }

    @Override
    public void read(ManifestFile file, YamlDocument document) {
        Fixed fixed = fix.of(document);
        before.append(document.text());
        after.append(YamlEdit.apply(document, fixed.after()));
        fixed.objects().stream()
                .map(object -> check.of(file, document, object, Surroundings.UNKNOWN))
                .forEach(this::addLeft);
    }

    private void addLeft(Checked object) {
        object.findings().stream().filter(it -> it.level().isFound()).forEach(it -> leftOfFile.add(object.line(it)));
    }

    /** A file may be named twice, or by a link too: it is fixed once. */
    @Override
    public void end(ManifestFile file) {
        if (file.path().isEmpty() || seen.add(real(file.path().get()))) {
            files.add(new FixedFile(file, before.toString(), after.toString()));
            left.addAll(leftOfFile);
        }
        before.setLength(0);
        after.setLength(0);
        leftOfFile.clear();
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
        return left;
    }
}
