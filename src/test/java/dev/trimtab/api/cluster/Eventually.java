package dev.trimtab.api.cluster;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a deadline. */
public final class Eventually {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Eventually() {}

    /** @param condition asked again until it holds; an exception counts as "not yet" */
    public static void holds(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        RuntimeException last = null;
        do {
            try {
                if (condition.getAsBoolean()) {
                    return;
                }
                last = null;
            } catch (RuntimeException notYet) {
                last = notYet;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        } while (System.nanoTime() < end);
        throw new AssertionError("not within %d s: %s".formatted(DEADLINE.toSeconds(), what), last);
    }
}
