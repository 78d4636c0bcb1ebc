package dev.trimtab;

import dev.trimtab.cli.Interruption;
import dev.trimtab.cli.StandardOutput;
import dev.trimtab.cli.TrimtabCommand;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Where the jar starts: with no argument it serves, with a verb it is the command line. */
@QuarkusMain
public final class Trimtab {
    /** Kept: a logger that nobody holds forgets its level. */
    private static final Logger CLIENT_LOG = Logger.getLogger("io.fabric8");

    private Trimtab() {}

    public static void main(String... args) {
        if (args.length == 0) {
            Quarkus.run();
            return;
        }
        // The Kubernetes client logs what a verb then says itself, in one line.
        CLIENT_LOG.setLevel(Level.OFF);
        // Not System.out: its encoding is the platform's, and manifests are UTF-8.
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        PrintWriter out = new PrintWriter(output, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Interruption interruption = new Interruption(err);
        interruption.watch();
        int code = TrimtabCommand.run(args, System.in, out, err, interruption);
        int exit = output.isCut(err) ? TrimtabCommand.TROUBLE : code;
        interruption.end();
        System.exit(exit);
    }
}
