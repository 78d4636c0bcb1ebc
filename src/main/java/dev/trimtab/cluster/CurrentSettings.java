package dev.trimtab.cluster;

import dev.trimtab.policy.Policy;
import dev.trimtab.snapshot.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Holds the snapshot in force. A review reads it once. A change replaces it as a whole. */
@ApplicationScoped
public class CurrentSettings {
    private volatile Settings current = Settings.DEFAULTS;
    private volatile boolean loaded;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** @throws NotLoadedYet before the first read is complete: a guess could fill values that this cluster refuses */
    public Settings get() {
        if (!loaded) {
            throw new NotLoadedYet();
        }
        return current;
    }

    /**
     * Returns the first complete snapshot, or the one in force after the longest wait or an interruption.
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
            while (left > 0 && !complete.test(current)) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return current;
    }

    boolean isLoaded() {
        return loaded;
    }

    /** Returns the built-in policy before one is loaded. */
    public Policy policy() {
        return current.policy();
    }

    /** Changes run one at a time, and each exactly once, so a change may log. */
    void change(UnaryOperator<Settings> change) {
        lock.lock();
        try {
            current = change.apply(current);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void markLoaded() {
        loaded = true;
    }

    /** Thrown until the policy and the cluster's configuration have been read for the first time. */
    public static final class NotLoadedYet extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotLoadedYet() {
            super("policy and cluster configuration are not read yet");
        }
    }
}
