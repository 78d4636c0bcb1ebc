package dev.trimtab.cli.schedule;

import dev.trimtab.cli.manifests.InputLog;
import dev.trimtab.cli.manifests.ManifestFile.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A text in iCalendar format.
 *
 * @param name of its file or ConfigMap, for messages
 */
record CalendarFile(String name, String text) {
    /** Empty if none is named, or if it cannot be read, which is a problem. */
    static Optional<CalendarFile> read(Path file, InputLog log) {
        if (file == null) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file)) {
            log.problem("--calendar: " + file + ": no such file");
            return Optional.empty();
        }
        try {
            return Optional.of(new CalendarFile(file.toString(), Files.readString(file)));
        } catch (IOException unreadable) {
            log.problem("--calendar: " + file + ": " + FileNames.reason(unreadable));
            return Optional.empty();
        }
    }
}
