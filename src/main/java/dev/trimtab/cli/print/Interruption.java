package dev.trimtab.cli.print;

import dev.trimtab.cli.TrimtabCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** On Ctrl-C or SIGTERM: undoes unfinished work, prints one line, and exits with code 2. */
public final class Interruption {
    private final PrintWriter err;
    private final List<Runnable> undoing = new CopyOnWriteArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();

    public Interruption(PrintWriter err) {
        this.err = err;
    }

    public void watch() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "interrupted"));
    }

    /** Normal exit: the shutdown hook does nothing. */
    public void end() {
        over.set(true);
    }

    /** Registers a step that undoes unfinished work. The step may run at any moment, in another thread. */
    public void undo(Runnable step) {
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
