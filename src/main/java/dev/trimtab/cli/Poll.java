package dev.trimtab.cli;

import dev.trimtab.cli.print.Durations;
import dev.trimtab.cli.print.Progress;
import dev.trimtab.kube.ApiProblem;
import java.time.Duration;
import java.util.Optional;

/** Looks every second until there is a result or the time is up. */
public final class Poll {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Progress progress;
    private final long start = System.nanoTime();
    private final Duration timeout;

    public Poll(Progress progress, Duration timeout) {
        this.progress = progress;
        this.timeout = timeout;
    }

    public interface Look<T> {
        /** Returns empty until the result is known. */
        Optional<T> at(Poll waiting) throws ApiProblem;
    }

    /**
     * Looks again after a passing problem of the cluster.
     *
     * @return empty if the time is up
     * @throws ApiProblem if a problem does not pass, or is still there when the time is up
     */
    public <T> Optional<T> until(Look<T> look) throws ApiProblem, InterruptedException {
        try {
            while (true) {
                ApiProblem away = null;
                try {
                    Optional<T> seen = look.at(this);
                    if (seen.isPresent()) {
                        return seen;
                    }
                } catch (ApiProblem problem) {
                    if (!problem.isPassing()) {
                        throw problem;
                    }
                    away = problem;
                    show(problem.getMessage());
                }
                Duration left = timeout.minus(elapsed());
                if (left.isNegative() || left.isZero()) {
                    if (away != null) {
                        throw away;
                    }
                    return Optional.empty();
                }
                Thread.sleep(Math.max(1, (left.compareTo(PAUSE) < 0 ? left : PAUSE).toMillis()));
            }
        } finally {
            progress.end();
        }
    }

    public void show(String what) {
        progress.show("%s (%s)".formatted(what, Durations.text(elapsed())));
    }

    /** Makes room for a line of output. */
    public void clear() {
        progress.end();
    }

    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
