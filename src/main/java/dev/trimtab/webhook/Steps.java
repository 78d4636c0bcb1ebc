package dev.trimtab.webhook;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** When each step of one review began and ended, on the monotonic clock, and on the wall clock for traces. */
final class Steps {
    private final long start;

    /** From the monotonic clock to nanoseconds since 1970. */
    private final long offset = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();

    private final List<Step> steps = new ArrayList<>();
    private long last;

    private record Step(String name, long from, long until) {}

    /** Receives nanoseconds since 1970. */
    @FunctionalInterface
    interface Receiver {
        void take(String name, long from, long until);
    }

    /** @param start of {@link System#nanoTime} */
    Steps(long start) {
        this.start = start;
        this.last = start;
    }

    void done(String name) {
        long now = System.nanoTime();
        steps.add(new Step(name, last, now));
        last = now;
    }

    /** Until the last step. */
    long nanoseconds() {
        return last - start;
    }

    long begin() {
        return offset + start;
    }

    long end() {
        return offset + last;
    }

    void each(Receiver receiver) {
        steps.forEach(it -> receiver.take(it.name, offset + it.from, offset + it.until));
    }
}
