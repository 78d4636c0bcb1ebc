package dev.trimtab.cli.manifests;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.autoscalers.ClusterView;
import dev.trimtab.cli.manifests.CheckRun.CheckedObject.Finding.Level;
import dev.trimtab.cli.manifests.ManifestFiles.DocumentReader;
import dev.trimtab.cli.manifests.Preview.PreviewedDocument.Reviewed;
import dev.trimtab.cli.print.Interruption;
import dev.trimtab.manifest.ListedObject;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.review.WrittenOut.Changes;
import dev.trimtab.yaml.YamlDocument;
import dev.trimtab.yaml.YamlEdit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Writes the changes of admission into documents. An incomplete object, or one that would be refused, stays unchanged.
 */
final class FixRun implements DocumentReader {
    private final Preview preview;
    private final ManifestCheck check;
    private final CheckRun checks;
    private final Changes changes;
    private final List<Edit> edits = new ArrayList<>();
    private final List<Runnable> checksOfFile = new ArrayList<>();
    private final List<FixedFile> files = new ArrayList<>();
    private final Set<Path> seen = new HashSet<>();

    /** The text of one document. */
    record Edit(String before, String after) {}

    record FixedFile(ManifestFile file, List<Edit> edits) {
        FixedFile {
            edits = List.copyOf(edits);
        }

        private String text(Function<Edit, String> side) {
            return edits.stream().map(side).collect(Collectors.joining());
        }

        boolean isChanged() {
            return edits.stream().anyMatch(it -> !it.before().equals(it.after()));
        }

        void replaceBy(FileReplacement replacement) throws IOException {
            if (file.path().isPresent() && isChanged()) {
                replacement.prepare(file.path().get(), text(Edit::before), text(Edit::after));
            }
        }

        String output() {
            if (file.path().isEmpty()) {
                return text(Edit::after);
            }
            return isChanged() ? file.name() + ": fixed\n" : "";
        }

        void printTo(DiffOutput diff) {
            edits.forEach(it -> diff.add(it.before(), it.after()));
            diff.end(file);
        }
    }

    FixRun(Preview preview, ManifestCheck check, CheckRun checks, Changes changes) {
        this.changes = changes;
        this.preview = preview;
        this.check = check;
        this.checks = checks;
    }

    @Override
    public void read(ManifestFile file, YamlDocument document) {
        JsonNode content = document.content().deepCopy();
        List<Reviewed> objects = new ArrayList<>();
        for (ListedObject listed : ListedObject.of(document.content())) {
            Reviewed object = fixed(file, document, listed.at(), listed.manifest());
            objects.add(object);
            content = listed.replaceIn(content, object.before().root());
        }
        edits.add(new Edit(document.text(), YamlEdit.apply(document, content)));
        checksOfFile.add(() -> checks.read(file, document, objects));
    }

    private Reviewed fixed(ManifestFile file, YamlDocument document, JsonPointer at, Manifest object) {
        Reviewed unfixed = preview.reviewed(file, document, at, object);
        if (!unfixed.isOurs() || unfixed.missing().isPresent()) {
            return unfixed;
        }
        Reviewed fixed = preview.reviewed(file, document, at, new Manifest(preview.writtenOut(object, changes)));
        boolean refused = check.of(file, document, fixed, ClusterView.UNKNOWN).findings().stream()
                .anyMatch(it -> it.level() == Level.REFUSED);
        return refused ? unfixed : fixed;
    }

    /** A file that is named twice, even through a link, is fixed once. A file with unreadable parts stays unchanged. */
    @Override
    public void end(ManifestFile file, boolean isWhole) {
        if (isWhole && (file.path().isEmpty() || seen.add(real(file.path().get())))) {
            files.add(new FixedFile(file, edits));
            checksOfFile.forEach(Runnable::run);
        }
        edits.clear();
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

    List<String> left() {
        return checks.objects().stream()
                .flatMap(object -> object.findings().stream()
                        .filter(it -> it.level().isFound())
                        .map(object::line))
                .toList();
    }

    /**
     * Replaces files, each as a whole or not at all. All new texts are first written beside the old files. Then they
     * are renamed.
     */
    static final class FileReplacement {
        private record Prepared(Path file, Path written) {}

        private final List<Prepared> prepared = new ArrayList<>();

        FileReplacement(Interruption interruption) {
            interruption.undo(this::discard);
        }

        /**
         * Writes the text beside the file.
         *
         * @param before text that the file must still have, so that no later change is lost
         */
        synchronized void prepare(Path file, String before, String after) throws IOException {
            // A symbolic link stays; its target is replaced.
            Path target = file.toRealPath();
            if (!Files.isWritable(target)) {
                throw new IOException("permission denied");
            }
            if (!Files.readString(target).equals(before)) {
                throw new IOException("it changed in the meantime: try again");
            }
            Path written = Files.createTempFile(target.getParent(), "." + target.getFileName() + ".", ".tmp");
            prepared.add(new Prepared(target, written));
            copyPermissions(target, written);
            Files.writeString(written, after);
        }

        /** Returns the problem of the first file that could not be replaced. The files before it are replaced. */
        synchronized Optional<String> commit() {
            while (!prepared.isEmpty()) {
                Prepared next = prepared.get(0);
                try {
                    Files.move(next.written(), next.file(), StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException problem) {
                    discard();
                    return Optional.of(next.file() + ": cannot be replaced: " + problem.getMessage());
                }
                prepared.remove(0);
            }
            return Optional.empty();
        }

        synchronized void discard() {
            for (Prepared it : prepared) {
                try {
                    Files.deleteIfExists(it.written());
                } catch (IOException left) {
                    // The temporary file stays; the manifests themselves are whole.
                }
            }
            prepared.clear();
        }

        private static void copyPermissions(Path from, Path to) throws IOException {
            PosixFileAttributeView view = Files.getFileAttributeView(from, PosixFileAttributeView.class);
            if (view != null) {
                Files.setPosixFilePermissions(to, view.readAttributes().permissions());
            }
        }
    }
}
