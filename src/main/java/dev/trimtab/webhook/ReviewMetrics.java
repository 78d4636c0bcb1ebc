package dev.trimtab.webhook;

import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Explanation;
import dev.trimtab.review.Review;
import dev.trimtab.rules.Decision;
import dev.trimtab.stability.Outcome.Course;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Keeps the metrics and the log of reviews. Labels contain no object names, and the log contains no bodies. */
@ApplicationScoped
public class ReviewMetrics {
    private static final Logger LOG = Logger.getLogger("dev.trimtab.review");

    /** From the no-op path to the webhook's timeout of 3 s. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(250_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(3)
    };

    private final MeterRegistry registry;
    private final LineBudget budget = new LineBudget();

    /** Looked up by record: the registry sorts and hashes the tags of a meter each time that it is asked. */
    private final Map<TimerTags, Timer> timers = new ConcurrentHashMap<>();

    private final Map<CounterTags, Counter> counters = new ConcurrentHashMap<>();

    private final Map<Failure, Counter> failures = new EnumMap<>(Failure.class);

    private record TimerTags(String kind, String operation, String outcome) {}

    private record CounterTags(String rule, String outcome) {}

    /** Why a request got no review. */
    enum Failure {
        /** The body is no AdmissionReview. */
        MALFORMED,
        TOO_LARGE,
        /** The policy or the cluster's configuration is not read yet. */
        NOT_LOADED,
        /** The bodies under review take all the memory that they may. */
        OVERLOADED,
        /** An exception in Trimtab. */
        BUG
    }

    ReviewMetrics(MeterRegistry registry) {
        this.registry = registry;
        // Registered at once: Prometheus does not count the first failure of a series that begins with it.
        for (Failure failure : Failure.values()) {
            failures.put(
                    failure,
                    Counter.builder("trimtab.review.failures")
                            .description("Requests without a review: the API server's failurePolicy decides")
                            .tag("reason", failure.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void failed(Failure why) {
        failures.get(why).increment();
    }

    void enter(AdmissionResponse response, long nanoseconds) {
        Review review = response.review();
        if (response.isMutating()) {
            String operation = operation(response.request().operation());
            timers.computeIfAbsent(
                            new TimerTags(review.kind().displayName(), operation, response.outcome()), this::timer)
                    .record(nanoseconds, TimeUnit.NANOSECONDS);
        }
        for (Decision decision : review.decisions()) {
            counters.computeIfAbsent(new CounterTags(decision.rule(), decision.outcome()), this::counter)
                    .increment();
        }
        boolean news = isNews(response);
        if (LOG.isDebugEnabled() || (news && budget.take(System.nanoTime()))) {
            LOG.log(news ? Logger.Level.INFO : Logger.Level.DEBUG, line(response, nanoseconds));
        }
    }

    private Timer timer(TimerTags tags) {
        return Timer.builder("trimtab.review")
                .description("Time to review one object, from the request as read to the answer")
                .tag("kind", tags.kind)
                .tag("operation", tags.operation)
                .tag("outcome", tags.outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private Counter counter(CounterTags tags) {
        return Counter.builder("trimtab.rule")
                .description("Decisions of each rule")
                .tag("rule", tags.rule)
                .tag("outcome", tags.outcome)
                .register(registry);
    }

    /** A replay gives back what an earlier line has told. KServe asks for one at each reconcile. */
    private static boolean isNews(AdmissionResponse response) {
        return !response.outcome().equals("unchanged") && response.review().course() != Course.REPLAYED;
    }

    private static String line(AdmissionResponse response, long nanoseconds) {
        AdmissionRequest request = response.request();
        return "review outcome=" + response.outcome()
                + " course=" + response.review().course()
                + " operation=" + operation(request.operation())
                + " kind=" + response.review().kind().displayName()
                + " namespace=" + plain(request.namespace())
                + " name=" + plain(request.name())
                + " uid=" + plain(request.uid())
                + " micros=" + TimeUnit.NANOSECONDS.toMicros(nanoseconds)
                + response.review().decisions().stream()
                        .map(decision ->
                                decision.rule() + " " + decision.outcome() + ": " + plain(Explanation.line(decision)))
                        .collect(Collectors.joining("; ", " decisions=\"", "\""));
    }

    /** Returns only operations that exist: a caller must not be able to add values to a label. */
    private static String operation(String operation) {
        return switch (operation) {
            case "CREATE", "UPDATE", "DELETE", "CONNECT" -> operation;
            default -> "other";
        };
    }

    /** Keeps line breaks and quotes of a request out of the log. Cuts the text after 253 characters. */
    private static String plain(String text) {
        String safe = text.replaceAll("[\\p{Cntrl}\"]", "?");
        return safe.length() <= 253 ? safe : safe.substring(0, 253) + "…";
    }

    /**
     * Lines for one second. An apply of thousands of objects would spend more time on lines than on reviews; the metrics
     * count every review, and the level DEBUG of {@code dev.trimtab.review} prints every line.
     */
    static final class LineBudget {
        static final int LINES = 50;

        private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

        private final AtomicLong second = new AtomicLong(Long.MIN_VALUE);
        private final AtomicLong taken = new AtomicLong();

        /** @param now of {@link System#nanoTime} */
        boolean take(long now) {
            long current = Math.floorDiv(now, SECOND);
            long before = second.get();
            if (current > before && second.compareAndSet(before, current)) {
                long dropped = taken.getAndSet(0) - LINES;
                if (dropped > 0) {
                    LOG.infof(
                            "%d more reviews were not printed: dev.trimtab.review at level DEBUG prints all", dropped);
                }
            }
            return taken.incrementAndGet() <= LINES;
        }
    }
}
