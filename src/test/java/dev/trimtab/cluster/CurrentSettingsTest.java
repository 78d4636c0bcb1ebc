package dev.trimtab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CurrentSettingsTest {
    private static final int THREADS = 4;
    private static final int CHANGES = 5_000;

    @Test
    @DisplayName("a change runs once, also while others change: what it logs is logged once (B11), and none is lost")
    void once() throws Exception {
        CurrentSettings settings = new CurrentSettings();
        AtomicInteger runs = new AtomicInteger();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        Callable<Void> work = () -> {
            together.await();
            for (int i = 0; i < CHANGES; i++) {
                settings.change(it -> {
                    runs.incrementAndGet();
                    return it.withPolicy(it.policy().enforced());
                });
            }
            return null;
        };
        try {
            List<Callable<Void>> all =
                    IntStream.range(0, THREADS).mapToObj(i -> work).toList();
            for (var done : executor.invokeAll(all)) {
                done.get();
            }
        } finally {
            executor.shutdownNow();
        }

        assertThat(runs).hasValue(THREADS * CHANGES);
    }
}
