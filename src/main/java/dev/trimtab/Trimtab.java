package dev.trimtab;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Where the jar starts: with no argument it serves, with a verb it is the command line. */
@QuarkusMain
public final class Trimtab {
    private Trimtab() {}

    public static void main(String... args) {
        Quarkus.run(args);
    }
}
