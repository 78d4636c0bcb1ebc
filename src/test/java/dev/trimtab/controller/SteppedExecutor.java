package dev.trimtab.controller;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs nothing until a test says so, in the thread of the test, by a clock that the test moves. A test can also let a timer fire
 * without running its task yet: as in a thread pool, where a thread has taken a task and not come to its first line, and
 * {@code cancel(false)} comes too late.
 */
final class SteppedExecutor extends AbstractExecutorService implements ScheduledExecutorService {
    private final List<Task> waiting = new ArrayList<>();
    private long now;
    private long tasks;
    private boolean shutdown;

    private final class Task extends FutureTask<Object> implements ScheduledFuture<Object> {
        private final long due;
        private final long number = tasks++;

        private Task(Runnable work, long due) {
            super(work, null);
            this.due = due;
        }

        @Override
        public boolean cancel(boolean interrupt) {
            boolean inTime = waiting.remove(this);
            return inTime && super.cancel(interrupt);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - now, TimeUnit.MILLISECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.MILLISECONDS), other.getDelay(TimeUnit.MILLISECONDS));
        }
    }

    /** Lets the next timer that is due fire. The task runs when the test runs it. */
    Optional<Runnable> fire() {
        Optional<Task> next = waiting.stream()
                .filter(it -> it.due <= now)
                .min(Comparator.<Task>comparingLong(it -> it.due).thenComparingLong(it -> it.number));
        next.ifPresent(waiting::remove);
        return next.map(it -> it);
    }

    /** Runs all that is due, and all that becomes due by that. */
    void runDue() {
        for (Optional<Runnable> next = fire(); next.isPresent(); next = fire()) {
            next.get().run();
        }
    }

    /** Moves the clock, and runs all that is due by then in its order. */
    void advance(Duration by) {
        long until = now + by.toMillis();
        for (Optional<Long> due = nextDue(until); due.isPresent(); due = nextDue(until)) {
            now = Math.max(now, due.get());
            runDue();
        }
        now = until;
    }

    private Optional<Long> nextDue(long until) {
        return waiting.stream().map(it -> it.due).filter(it -> it <= until).min(Comparator.naturalOrder());
    }

    /** How many timers have not fired. */
    int waiting() {
        return waiting.size();
    }

    /** The time until the next timer fires. */
    Duration untilNext() {
        return Duration.ofMillis(waiting.stream().mapToLong(it -> it.due).min().orElseThrow() - now);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        if (shutdown) {
            throw new RejectedExecutionException("shut down");
        }
        Task task = new Task(command, now + unit.toMillis(delay));
        waiting.add(task);
        return task;
    }

    @Override
    public void execute(Runnable command) {
        ScheduledFuture<?> unused = schedule(command, 0, TimeUnit.MILLISECONDS);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long first, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long first, long delay, TimeUnit unit) {
        return schedule(
                () -> {
                    command.run();
                    if (!shutdown) {
                        ScheduledFuture<?> unused = scheduleWithFixedDelay(command, delay, delay, unit);
                    }
                },
                first,
                unit);
    }

    /** Tasks that wait are dropped, as WorkQueue sets its thread pool to do. */
    @Override
    public void shutdown() {
        shutdown = true;
        waiting.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }
}
