package dev.trimtab.controller;

import dev.trimtab.lifecycle.ServiceRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** When each service is looked at next. At most one pass at a time for a service; a failed one is tried again, ever later. */
final class PassQueue implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PassQueue.class);

    /** Services at once: each mostly waits for the API server. */
    private static final int THREADS = 4;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(1);

    private final ServicePass pass;
    private final ScheduledExecutorService executor;
    private final Map<ServiceRef, Entry> entries = new HashMap<>();

    PassQueue(ServicePass pass) {
        this.pass = pass;
        ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "trimtab-controller");
            thread.setDaemon(true);
            return thread;
        });
        threads.setRemoveOnCancelPolicy(true);
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor = threads;
    }

    /** A service that waits, or that is looked at just now. */
    private static final class Entry {
        private ScheduledFuture<?> waiting;
        private boolean running;
        private boolean again;
        private int failures;
    }

    /** As soon as may be; a pass that runs is followed by another one. */
    synchronized void add(ServiceRef ref) {
        Entry entry = entries.computeIfAbsent(ref, it -> new Entry());
        if (entry.running) {
            entry.again = true;
        } else {
            schedule(ref, entry, Duration.ZERO);
        }
    }

    /** Something else that is to be done once, however often it has to be tried. */
    void attempt(String what, Runnable work) {
        attempt(what, work, 0);
    }

    /** Something that is looked at all the time, beside the services. */
    void every(Duration pause, String what, Runnable work) {
        Runnable task = () -> {
            try {
                work.run();
            } catch (RuntimeException problem) {
                LOG.warnf("%s: trying again: %s", what, problem.getMessage());
            }
        };
        ScheduledFuture<?> unused = executor.scheduleWithFixedDelay(task, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void attempt(String what, Runnable work, int failures) {
        if (executor.isShutdown()) {
            return;
        }
        Runnable task = () -> {
            try {
                work.run();
            } catch (RuntimeException problem) {
                LOG.warnf("%s: trying again: %s", what, problem.getMessage());
                attempt(what, work, failures + 1);
            }
        };
        Duration delay = failures == 0 ? Duration.ZERO : retry(failures - 1);
        ScheduledFuture<?> unused = executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void schedule(ServiceRef ref, Entry entry, Duration delay) {
        if (entry.waiting != null) {
            entry.waiting.cancel(false);
        }
        if (!executor.isShutdown()) {
            entry.waiting = executor.schedule(() -> run(ref, entry), delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void run(ServiceRef ref, Entry entry) {
        synchronized (this) {
            entry.running = true;
            entry.waiting = null;
        }
        Optional<Duration> next = Optional.empty();
        try {
            next = pass.run(ref);
            entry.failures = 0;
        } catch (RuntimeException problem) {
            next = Optional.of(retry(entry.failures++));
            LOG.warnf("%s: trying again in %d s: %s", ref, next.get().toSeconds(), problem.getMessage());
            LOG.debug("trying again", problem);
        } finally {
            done(ref, entry, next);
        }
    }

    private synchronized void done(ServiceRef ref, Entry entry, Optional<Duration> next) {
        entry.running = false;
        if (entry.again) {
            entry.again = false;
            schedule(ref, entry, Duration.ZERO);
        } else if (next.isPresent()) {
            schedule(ref, entry, next.get());
        } else {
            entries.remove(ref);
        }
    }

    private static Duration retry(int failures) {
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 10));
        return delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY;
    }

    /** A pass that runs is not interrupted: each of its writes asks whether this process leads. */
    @Override
    public synchronized void close() {
        executor.shutdown();
        entries.clear();
    }
}
