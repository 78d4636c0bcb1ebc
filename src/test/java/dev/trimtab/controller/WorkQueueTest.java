package dev.trimtab.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.lifecycle.ServiceRef;
import dev.trimtab.lifecycle.Stoppable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When passes run: by an executor and a clock that the test moves on, step by step. */
class WorkQueueTest {
    private static final ServiceRef LLAMA = new ServiceRef(Stoppable.INFERENCE_SERVICE, "ml", "llama");
    private static final ServiceRef IRIS = new ServiceRef(Stoppable.INFERENCE_SERVICE, "ml", "iris");

    private final SteppedExecutor executor = new SteppedExecutor();
    private final List<ServiceRef> passes = new ArrayList<>();
    private Optional<Duration> next = Optional.empty();
    private Runnable during = () -> {};
    private boolean inside;
    private boolean overlapped;
    private final WorkQueue<ServiceRef> queue = new WorkQueue<>(this::pass, executor);

    private Optional<Duration> pass(ServiceRef ref) {
        overlapped |= inside;
        inside = true;
        passes.add(ref);
        Runnable now = during;
        during = () -> {};
        try {
            now.run();
            return next;
        } finally {
            inside = false;
        }
    }

    @AfterEach
    void noTwoAtOnce() {
        assertThat(overlapped).as("two passes at once").isFalse();
    }

    @Test
    @DisplayName("added before the timer fires, however often: one pass")
    void addedBefore() {
        queue.add(LLAMA);
        queue.add(LLAMA);
        queue.add(IRIS);
        queue.add(LLAMA);

        executor.runDue();

        assertThat(passes).containsExactlyInAnyOrder(LLAMA, IRIS);
        assertThat(executor.waiting()).isZero();
    }

    @Test
    @DisplayName("added with a delay: one reconcile, after the shortest of the delays")
    void addedWithDelay() {
        queue.add(LLAMA, Duration.ofSeconds(2));
        queue.add(LLAMA, Duration.ofSeconds(5));
        assertThat(executor.untilNext()).as("a later one does not put it off").isEqualTo(Duration.ofSeconds(2));
        queue.add(LLAMA, Duration.ofSeconds(1));
        executor.advance(Duration.ofMillis(999));
        assertThat(passes).isEmpty();

        executor.advance(Duration.ofMillis(1));

        assertThat(passes).containsExactly(LLAMA);
        assertThat(executor.waiting()).isZero();
    }

    @Test
    @DisplayName("added with a delay while a reconcile runs: one more follows at once")
    void addedWithDelayWhileRunning() {
        during = () -> queue.add(LLAMA, Duration.ofSeconds(30));
        queue.add(LLAMA);

        executor.runDue();

        assertThat(passes).containsExactly(LLAMA, LLAMA);
    }

    @Test
    @DisplayName("added when the timer has fired and its pass has not begun: one pass follows, and never two at once")
    void addedBetweenTimerAndPass() {
        queue.add(LLAMA);
        Runnable fired = executor.fire().orElseThrow();
        queue.add(LLAMA);
        Runnable firedToo = executor.fire().orElseThrow();
        // If the first timer runs a pass, the second one begins in the middle of it.
        during = firedToo;

        fired.run();
        firedToo.run();
        executor.runDue();

        assertThat(passes).isNotEmpty();
        assertThat(executor.waiting()).isZero();
    }

    @Test
    @DisplayName("likewise, and the second timer's task is the first to run")
    void timersOvertake() {
        queue.add(LLAMA);
        Runnable fired = executor.fire().orElseThrow();
        queue.add(LLAMA);
        Runnable firedToo = executor.fire().orElseThrow();
        during = fired;

        firedToo.run();
        fired.run();
        executor.runDue();

        assertThat(passes).isNotEmpty();
        assertThat(executor.waiting()).isZero();
        queue.add(LLAMA);
        int before = passes.size();
        executor.runDue();
        assertThat(passes).as("the queue still works").hasSize(before + 1);
    }

    @Test
    @DisplayName("added while a pass runs, however often: one pass follows at once, whatever the first one asks for")
    void addedWhileRunning() {
        next = Optional.of(Duration.ofMinutes(5));
        queue.add(LLAMA);
        during = () -> {
            queue.add(LLAMA);
            queue.add(LLAMA);
        };

        executor.runDue();

        assertThat(passes).containsExactly(LLAMA, LLAMA);
        assertThat(executor.waiting()).isEqualTo(1);
        assertThat(executor.untilNext()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    @DisplayName("added after a pass: another one, be the first one to come back or not")
    void addedAfter() {
        queue.add(LLAMA);
        executor.runDue();
        queue.add(LLAMA);
        executor.runDue();
        assertThat(passes).hasSize(2);

        next = Optional.of(Duration.ofMinutes(5));
        queue.add(LLAMA);
        executor.runDue();
        queue.add(LLAMA);
        executor.runDue();
        assertThat(passes).as("before its time").hasSize(4);
        assertThat(executor.waiting()).as("timers").isEqualTo(1);
    }

    @Test
    @DisplayName("a pass that asks to be run again is, when it said; one that does not is not")
    void comesBack() {
        next = Optional.of(Duration.ofSeconds(30));
        queue.add(LLAMA);
        executor.runDue();
        executor.advance(Duration.ofSeconds(29));
        assertThat(passes).hasSize(1);
        next = Optional.empty();
        executor.advance(Duration.ofSeconds(1));
        assertThat(passes).hasSize(2);
        assertThat(executor.waiting()).isZero();
    }

    @Test
    @DisplayName("a pass that fails is tried again after 1, 2, 4 ... 60 seconds, and after a success from 1 on")
    void failures() {
        queue.add(LLAMA);
        for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            during = WorkQueueTest::fail;
            executor.runDue();
            assertThat(executor.untilNext()).isEqualTo(Duration.ofSeconds(seconds));
            executor.advance(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(executor.waiting()).isEqualTo(1);
            during = WorkQueueTest::fail;
            executor.advance(Duration.ofMillis(1));
        }
    }

    @Test
    @DisplayName("added while a pass runs that fails: tried again at once")
    void addedWhileFailing() {
        queue.add(LLAMA);
        during = () -> {
            queue.add(LLAMA);
            fail();
        };
        executor.runDue();
        assertThat(passes).hasSize(2);
        assertThat(executor.waiting()).isZero();
    }

    @Test
    @DisplayName("a pass that ends in an error of the JVM is not lost either")
    void error() {
        queue.add(LLAMA);
        during = () -> {
            throw new StackOverflowError();
        };
        executor.runDue();
        assertThat(executor.waiting()).isEqualTo(1);
        executor.advance(Duration.ofMinutes(1));
        assertThat(passes).hasSize(2);
    }

    @Test
    @DisplayName(
            "closed: no pass begins any more, not even one whose timer has fired, and what runs leaves no timer behind")
    void closed() {
        next = Optional.of(Duration.ofSeconds(1));
        queue.add(IRIS);
        during = queue::close;
        Runnable running = executor.fire().orElseThrow();
        queue.add(LLAMA);
        Runnable fired = executor.fire().orElseThrow();

        running.run();
        fired.run();
        queue.add(LLAMA);
        executor.advance(Duration.ofMinutes(5));

        assertThat(passes).containsExactly(IRIS);
        assertThat(executor.waiting()).isZero();
    }

    @Test
    @DisplayName("what is attempted is tried until it succeeds, and no longer; closed, it is given up")
    void attempt() {
        AtomicInteger tries = new AtomicInteger();
        queue.attempt("a list", () -> {
            if (tries.incrementAndGet() < 3) {
                fail();
            }
        });
        executor.runDue();
        assertThat(tries).hasValue(1);
        executor.advance(Duration.ofSeconds(1));
        assertThat(tries).hasValue(2);
        executor.advance(Duration.ofSeconds(2));
        assertThat(tries).hasValue(3);
        assertThat(executor.waiting()).isZero();

        queue.attempt("another list", () -> {
            queue.close();
            fail();
        });
        executor.runDue();
        assertThat(executor.waiting()).isZero();
    }

    @Test
    @DisplayName("a periodic task goes on after failures and errors, and ends when the queue is closed")
    void every() {
        AtomicInteger runs = new AtomicInteger();
        queue.every(Duration.ofSeconds(2), "Revisions", () -> {
            switch (runs.incrementAndGet()) {
                case 2 -> fail();
                case 3 -> throw new StackOverflowError();
                case 5 -> queue.close();
                default -> {}
            }
        });
        executor.runDue();
        assertThat(runs).hasValue(1);
        executor.advance(Duration.ofSeconds(6));
        assertThat(runs).hasValue(4);
        executor.advance(Duration.ofMinutes(5));
        assertThat(runs).hasValue(5);
        assertThat(executor.waiting()).isZero();
    }

    @Test
    @DisplayName(
            "real threads, random moments: no two passes of one service at once, and each add is followed by a pass")
    void realThreads() throws InterruptedException {
        ScheduledExecutorService threads = WorkQueue.threads();
        List<ServiceRef> refs = IntStream.range(0, 4)
                .mapToObj(it -> new ServiceRef(Stoppable.INFERENCE_SERVICE, "ml", "s" + it))
                .toList();
        Map<ServiceRef, AtomicInteger> running = new ConcurrentHashMap<>();
        Map<ServiceRef, AtomicInteger> asked = new ConcurrentHashMap<>();
        Map<ServiceRef, Integer> seen = new ConcurrentHashMap<>();
        AtomicInteger atOnce = new AtomicInteger();
        refs.forEach(ref -> {
            running.put(ref, new AtomicInteger());
            asked.put(ref, new AtomicInteger());
        });
        CountDownLatch caughtUp = new CountDownLatch(refs.size());
        int adds = 20_000;
        try (WorkQueue<ServiceRef> real = new WorkQueue<>(
                ref -> {
                    if (running.get(ref).incrementAndGet() > 1) {
                        atOnce.incrementAndGet();
                    }
                    int known = asked.get(ref).get();
                    LockSupport.parkNanos(1_000);
                    running.get(ref).decrementAndGet();
                    if (known == adds && seen.put(ref, known) == null) {
                        caughtUp.countDown();
                    }
                    return Optional.empty();
                },
                threads)) {
            List<Thread> adding = refs.stream()
                    .map(ref -> new Thread(() -> {
                        Random random = new Random(ref.hashCode());
                        for (int i = 0; i < adds; i++) {
                            asked.get(ref).incrementAndGet();
                            real.add(ref);
                            if (random.nextInt(4) == 0) {
                                LockSupport.parkNanos(1_000);
                            }
                        }
                    }))
                    .toList();
            adding.forEach(Thread::start);
            for (Thread thread : adding) {
                thread.join();
            }
            assertThat(caughtUp.await(60, TimeUnit.SECONDS))
                    .as("a pass after the last add")
                    .isTrue();
        }
        assertThat(atOnce).as("passes beside another one of the same service").hasValue(0);
    }

    private static void fail() {
        throw new IllegalStateException("not now");
    }
}
