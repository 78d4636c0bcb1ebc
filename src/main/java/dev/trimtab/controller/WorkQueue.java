package dev.trimtab.controller;

import dev.trimtab.kube.ApiProblem;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Reconciles each object when it is due, never twice at once. Repeats a failed reconcile after growing intervals.
 *
 * @param <K> names an object
 */
public final class WorkQueue<K> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(WorkQueue.class);

    /** Number of reconciles at once. Each mostly waits for the API server. */
    private static final int THREADS = 4;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    private final Function<K, Optional<Duration>> pass;
    private final ScheduledExecutorService executor;
    private final Map<K, Entry> entries = new HashMap<>();

    /**
     * @param pass reconciles an object; returns the time until the next reconcile, empty if nothing is left to do
     * @param executor shut down by {@link #close}
     */
    public WorkQueue(Function<K, Optional<Duration>> pass, ScheduledExecutorService executor) {
        this.pass = pass;
        this.executor = executor;
    }

    public static ScheduledExecutorService threads() {
        ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "trimtab-controller");
            thread.setDaemon(true);
            return thread;
        });
        threads.setRemoveOnCancelPolicy(true);
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return threads;
    }

    private static final class Entry {
        private ScheduledFuture<?> waiting;

        /** Number of the newest timer. A timer that has fired cannot be cancelled, so its task compares this number. */
        private long timer;

        private boolean running;
        private boolean again;
        private int failures;
    }

    /** Reconciles as soon as possible. If a reconcile is running, reconciles again after it. */
    public void add(K ref) {
        add(ref, Duration.ZERO);
    }

    /** Reconciles after the delay, or at the time already scheduled if that is sooner: many events, one reconcile. */
    public synchronized void add(K ref, Duration delay) {
        Entry entry = entries.computeIfAbsent(ref, it -> new Entry());
        if (entry.running) {
            entry.again = true;
        } else if (delay.isZero()
                || entry.waiting == null
                || entry.waiting.getDelay(TimeUnit.MILLISECONDS) > delay.toMillis()) {
            schedule(ref, entry, delay);
        }
    }

    public void attempt(String what, Runnable work) {
        attempt(what, work, 0);
    }

    private void attempt(String what, Runnable work, int failures) {
        later(failures == 0 ? Duration.ZERO : retry(failures - 1), () -> {
            boolean done = false;
            try {
                work.run();
                done = true;
            } catch (RuntimeException problem) {
                LOG.warnf("%s: trying again: %s", what, ApiProblem.cause(problem));
            } finally {
                if (!done) {
                    attempt(what, work, failures + 1);
                }
            }
        });
    }

    /** Runs other work at once, and again this long after the end of each run. */
    public void every(Duration pause, String what, Runnable work) {
        every(Duration.ZERO, pause, what, work);
    }

    private void every(Duration first, Duration pause, String what, Runnable work) {
        later(first, () -> {
            try {
                work.run();
            } catch (RuntimeException problem) {
                LOG.warnf("%s: trying again: %s", what, ApiProblem.cause(problem));
            } finally {
                every(pause, pause, what, work);
            }
        });
    }

    private synchronized void later(Duration delay, Runnable task) {
        if (!executor.isShutdown()) {
            ScheduledFuture<?> unused = executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void schedule(K ref, Entry entry, Duration delay) {
        if (entry.waiting != null) {
            entry.waiting.cancel(false);
        }
        long timer = ++entry.timer;
        if (!executor.isShutdown()) {
            entry.waiting = executor.schedule(() -> run(ref, entry, timer), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void run(K ref, Entry entry, long timer) {
        if (!begins(ref, entry, timer)) {
            return;
        }
        // Still the value if the reconcile ends in an Error.
        Optional<Duration> next = Optional.of(LAST_RETRY);
        try {
            next = pass.apply(ref);
            entry.failures = 0;
        } catch (RuntimeException problem) {
            next = Optional.of(retry(entry.failures++));
            LOG.warnf("%s: trying again in %d s: %s", ref, next.get().toSeconds(), ApiProblem.cause(problem));
            LOG.debug("trying again", problem);
        } finally {
            done(ref, entry, next);
        }
    }

    private synchronized boolean begins(K ref, Entry entry, long timer) {
        if (entry.timer != timer || !entry.equals(entries.get(ref))) {
            return false;
        }
        entry.running = true;
        entry.waiting = null;
        return true;
    }

    private synchronized void done(K ref, Entry entry, Optional<Duration> next) {
        entry.running = false;
        if (entry.again) {
            entry.again = false;
            schedule(ref, entry, Duration.ZERO);
        } else if (next.isPresent()) {
            schedule(ref, entry, next.get());
        } else {
            entries.remove(ref, entry);
        }
    }

    private static Duration retry(int failures) {
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 10));
        return delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY;
    }

    /** Does not interrupt running reconciles: each of their writes checks that this process leads. */
    @Override
    public synchronized void close() {
        executor.shutdown();
        entries.clear();
    }
}
