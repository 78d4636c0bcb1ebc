package dev.trimtab.cluster;

import dev.trimtab.policy.Policy;
import dev.trimtab.snapshot.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The one snapshot that is in force. A review takes it once; a change swaps the whole of it. */
@ApplicationScoped
public class CurrentSettings {
    private volatile Settings current = Settings.DEFAULTS;
    private volatile boolean loaded;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** @throws NotLoadedYet before the first read is done: a guess could fill what this cluster refuses */
    public Settings get() {
        if (!loaded) {
            throw new NotLoadedYet();
        }
        return current;
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

    /** In force, or built in before one is loaded. */
    public Policy policy() {
        return current.policy();
    }

    /** One change after the other, each run once: it may say what it does. */
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

    /** Nothing can be reviewed before the policy and Knative's configuration have been read for the first time. */
    public static final class NotLoadedYet extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotLoadedYet() {
            super("policy and cluster configuration are not read yet");
        }
    }
}
