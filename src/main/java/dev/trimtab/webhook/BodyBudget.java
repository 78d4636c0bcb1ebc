package dev.trimtab.webhook;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of bodies in memory. Without a bound, callers that send large bodies at the same time would take
 * all memory, and the process would end: a dozen bodies of 3 MiB did so with a heap of 230 MiB.
 */
final class BodyBudget {
    private final AtomicLong free;

    /** @param bytes of all bodies that are being received or reviewed */
    BodyBudget(long bytes) {
        free = new AtomicLong(bytes);
    }

    /** @return empty if so many bytes are not free now */
    Optional<Share> take(long bytes) {
        if (free.addAndGet(-bytes) < 0) {
            free.addAndGet(bytes);
            return Optional.empty();
        }
        return Optional.of(new Share(bytes));
    }

    long free() {
        return free.get();
    }

    /** The bytes of one request, until they are given back. */
    final class Share {
        private final long bytes;
        private final AtomicBoolean given = new AtomicBoolean();

        private Share(long bytes) {
            this.bytes = bytes;
        }

        /** Has no effect the second time. */
        void giveBack() {
            if (!given.getAndSet(true)) {
                free.addAndGet(bytes);
            }
        }
    }
}
