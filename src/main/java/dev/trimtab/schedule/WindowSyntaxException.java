package dev.trimtab.schedule;

/** A text is not a window. The message says what is wrong and what to write. */
public final class WindowSyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    WindowSyntaxException(String message) {
        super(message);
    }
}
