package dev.trimtab.cli.manifests;

import dev.trimtab.cli.print.Interruption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts new texts in the place of files, each whole or not at all: all of them are written beside the old ones first, and
 * then renamed.
 */
final class FileReplacement {
    private record Prepared(Path file, Path written) {}

    private final List<Prepared> prepared = new ArrayList<>();

    FileReplacement(Interruption interruption) {
        interruption.undo(this::discard);
    }

    /**
     * Writes the text beside the file.
     *
     * @param before what the file must still say; whoever changed it since would lose that
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
