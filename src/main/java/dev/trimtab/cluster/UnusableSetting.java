package dev.trimtab.cluster;

/** A setting with which the process cannot start. The message is one line: which setting, why, and what to do. */
public final class UnusableSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnusableSetting(String message, Throwable cause) {
        super(message, cause);
    }
}
