package dev.trimtab.cli.stop;

import java.time.Duration;

/** Something that is so, but may be from before: KServe takes a moment to see a change. */
final class StableFor {
    static final Duration ENOUGH = Duration.ofSeconds(5);

    private long since;
    private boolean so;

    /** Whether it is so, and has been for a while. */
    boolean has(boolean now) {
        if (now && !so) {
            since = System.nanoTime();
        }
        so = now;
        return now && System.nanoTime() - since >= ENOUGH.toNanos();
    }
}
