package dev.trimtab.cluster;

/** Thrown if the process cannot start with a setting. The message is one line: the setting and the reason. */
public final class UnusableSetting extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnusableSetting(String message, Throwable cause) {
        super(message, cause);
    }
}
