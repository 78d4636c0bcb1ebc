package dev.trimtab.cli.print;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;

/**
 * Standard output that keeps the reason of a failed write: a PrintWriter only knows that a write failed. Neither a full
 * disk nor a reader that ends early may pass for success.
 */
public final class StandardOutput extends FilterOutputStream {
    private IOException failure;

    public StandardOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException problem) {
            failure = problem;
            throw problem;
        }
    }

    /** Whether the output is incomplete. Prints the reason to {@code err}. */
    public boolean isCut(PrintWriter err) {
        if (failure == null) {
            return false;
        }
        boolean closed = String.valueOf(failure.getMessage()).contains("Broken pipe");
        err.println(
                closed
                        ? "standard output was closed before the end"
                        : "standard output cannot be written: " + failure.getMessage());
        return true;
    }
}
