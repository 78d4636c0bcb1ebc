package dev.trimtab.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** Option {@code --old}. */
final class OldOption {
    @Option(
            names = "--old",
            paramLabel = "FILE",
            description = "The objects as they are stored, such as kubectl get -o yaml prints them: an object that is "
                    + "found here is updated, any other is new.")
    private String file;

    boolean isGiven() {
        return file != null;
    }

    String name() {
        return file;
    }

    /** One, or none. */
    List<String> files() {
        return file == null ? List.of() : List.of(file);
    }
}
