package dev.trimtab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ctrl-C, or a kill: what is half done is taken back, one line says so, and the exit code is that of trouble. */
public final class Interruption {
    private final PrintWriter err;
    private final List<Runnable> undoing = new CopyOnWriteArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();

    public Interruption(PrintWriter err) {
        this.err = err;
    }

    /** From now on. */
    public void watch() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "interrupted"));
    }

    /** The process ends by itself, with a code of its own. */
    public void end() {
        over.set(true);
    }

    /** What takes back what must not be found half done; it may be called at any moment. */
    void undo(Runnable step) {
        undoing.add(step);
    }

    private void interrupted() {
        if (over.get()) {
            return;
        }
        undoing.forEach(Runnable::run);
        err.println("trimtab: interrupted");
        err.flush();
        Runtime.getRuntime().halt(TrimtabCommand.TROUBLE);
    }
}
