package dev.trimtab.api.fakes;

import dev.trimtab.api.cluster.Api;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** KServe, at work in one namespace until it is closed. */
public final class PlayedCluster implements AutoCloseable {
    private static final long PAUSE_MILLIS = 300;

    public final FakeKserveController kserve;

    private final AtomicInteger failures = new AtomicInteger();
    private final ScheduledExecutorService rounds = Executors.newScheduledThreadPool(2);

    public PlayedCluster(Api api, String namespace, FakeKserveController.Release release) {
        kserve = new FakeKserveController(api, release);
        each(() -> kserve.round(namespace));
    }

    private void each(Runnable round) {
        var unused = rounds.scheduleWithFixedDelay(
                () -> {
                    try {
                        round.run();
                    } catch (RuntimeException overtaken) {
                        // Somebody else changed or deleted what this round has read: the next one reads anew.
                        failures.incrementAndGet();
                    }
                },
                0,
                PAUSE_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        rounds.shutdown();
        try {
            if (!rounds.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new AssertionError("a round does not end");
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
