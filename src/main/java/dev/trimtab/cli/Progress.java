package dev.trimtab.cli;

import java.io.Console;
import java.io.PrintWriter;

/** One line on a terminal that is written over and over; nothing where the output goes elsewhere. */
final class Progress {
    private static final String CLEAR = "\r\u001b[K";
    private static final int ASKED = 22;

    private final PrintWriter err;
    private final boolean terminal;

    Progress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    static Progress on(PrintWriter err) {
        return new Progress(err, isTerminal());
    }

    /** Until JDK 21 a console is there where neither input nor output is redirected; from 22 it has to be asked. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        try {
            return console != null
                    && (Runtime.version().feature() < ASKED
                            || Boolean.TRUE.equals(
                                    Console.class.getMethod("isTerminal").invoke(console)));
        } catch (ReflectiveOperationException unknown) {
            return false;
        }
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
