package dev.trimtab;

import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cli.print.Interruption;
import dev.trimtab.cli.print.StandardOutput;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Entry point of the jar: all verbs of the command line, including {@code serve}. */
@QuarkusMain
public final class Trimtab {
    /** Kept in a field: a logger without a strong reference loses its level. */
    private static final Logger CLIENT_LOG = Logger.getLogger("io.fabric8");

    /**
     * Argument that {@code mvn quarkus:dev} passes (pom.xml). It starts the application in its own process again after
     * each change, so nothing may end the process. The launch mode is not known yet when main begins (Quarkus 3.34).
     */
    static final String DEVELOPMENT = "quarkus:dev";

    private Trimtab() {}

    public static void main(String... args) {
        if (List.of(args).equals(List.of(DEVELOPMENT))) {
            Quarkus.run();
            return;
        }
        // The verbs report problems of the Kubernetes client themselves, in one line.
        CLIENT_LOG.setLevel(Level.OFF);
        // System.out uses the platform's encoding, but manifests are UTF-8.
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out));
        PrintWriter out = new PrintWriter(output, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Interruption interruption = new Interruption(err);
        interruption.watch();
        int code = TrimtabCommand.run(args, System.in, out, err, interruption, () -> serve(interruption, err));
        int exit = output.isCut(err) ? TrimtabCommand.TROUBLE : code;
        interruption.end();
        System.exit(exit);
    }

    /** From here on Quarkus logs and handles the signals. */
    private static int serve(Interruption interruption, PrintWriter err) {
        CLIENT_LOG.setLevel(null);
        interruption.end();
        return Server.run(err);
    }
}
