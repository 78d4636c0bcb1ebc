package dev.trimtab.cli;

import java.io.Console;

/** Whether somebody looks on. */
final class Terminal {
    private static final int ASKED = 22;

    private Terminal() {}

    /** Until JDK 21 a console is there where neither input nor output is redirected; from 22 it has to be asked. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean isThere() {
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
}
