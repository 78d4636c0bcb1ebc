package dev.trimtab.cluster;

/** A file that cannot be read as what it should be. The message says which, where and why, in one line. */
public final class UnreadableFile extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreadableFile(String message) {
        super(message);
    }
}
