package dev.trimtab.cluster;

import dev.trimtab.policy.Policy;
import dev.trimtab.review.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The one snapshot that is in force. A review takes it once; a change swaps the whole of it. */
@ApplicationScoped
public class CurrentSettings {
    private final AtomicReference<Settings> current = new AtomicReference<>(Settings.DEFAULTS);
    private final AtomicBoolean loaded = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** @throws NotLoadedYet before the first read is done: a guess could fill what this cluster refuses */
    public Settings get() {
        if (!loaded.get()) {
            throw new NotLoadedYet();
        }
        return current.get();
    }

    /**
     * The first snapshot that is complete, or after the longest wait the one that is in force then.
     *
     * @throws NotLoadedYet as {@link #get()}
     */
    public Settings await(Predicate<Settings> complete, Duration longest) {
        Settings now = get();
        if (complete.test(now)) {
            return now;
        }
        long left = longest.toNanos();
        lock.lock();
        try {
            while (left > 0 && !complete.test(current.get())) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return current.get();
    }

    boolean isLoaded() {
        return loaded.get();
    }

    /** In force, or built in before one is loaded. */
    public Policy policy() {
        return current.get().policy();
    }

    void change(UnaryOperator<Settings> change) {
        current.updateAndGet(change);
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void markLoaded() {
        loaded.set(true);
    }
}
