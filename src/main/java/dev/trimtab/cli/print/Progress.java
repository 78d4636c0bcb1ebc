package dev.trimtab.cli.print;

import dev.trimtab.cli.print.Paint.Terminal;
import java.io.PrintWriter;

/** One line on a terminal, overwritten by the next. Prints nothing if the output is not a terminal. */
public final class Progress {
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;

    Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    public static Progress on(PrintWriter err) {
        return new Progress(err, Terminal.isThere());
    }

    public void show(String line) {
        print(CLEAR + line);
    }

    public void end() {
        print(CLEAR);
    }

    private void print(String text) {
        if (terminal) {
            err.print(text);
            err.flush();
        }
    }
}
