package dev.trimtab.cli;

import java.io.PrintWriter;

/** One line on a terminal that is written over and over; nothing where the output goes elsewhere. */
final class Progress {
    private static final String CLEAR = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean terminal;

    Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    static Progress on(PrintWriter err) {
        return new Progress(err, Terminal.isThere());
    }

    void show(String line) {
        print(CLEAR + line);
    }

    void end() {
        print(CLEAR);
    }

    private void print(String text) {
        if (terminal) {
            err.print(text);
            err.flush();
        }
    }
}
