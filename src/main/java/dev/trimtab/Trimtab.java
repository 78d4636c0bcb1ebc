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
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Where the jar starts: each verb of the command line, {@code serve} among them. */
@QuarkusMain
public final class Trimtab {
    /** Kept: a logger that nobody holds forgets its level. */
    private static final Logger CLIENT_LOG = Logger.getLogger("io.fabric8");

    /**
     * What {@code mvn quarkus:dev} says (pom.xml): it starts the application in its own process, again after each change,
     * so nothing may end the process. The launch mode is not known yet when main begins (Quarkus 3.34).
     */
    static final String DEVELOPMENT = "quarkus:dev";

    private Trimtab() {}

    public static void main(String... args) {
        if (List.of(args).equals(List.of(DEVELOPMENT))) {
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
        int code = TrimtabCommand.run(args, System.in, out, err, interruption, () -> serve(interruption, err));
        int exit = output.isCut(err) ? TrimtabCommand.TROUBLE : code;
        interruption.end();
        System.exit(exit);
    }

    /** Quarkus logs, and takes the signals to end. */
    private static int serve(Interruption interruption, PrintWriter err) {
        CLIENT_LOG.setLevel(null);
        interruption.end();
        return Server.run(err);
    }
}
