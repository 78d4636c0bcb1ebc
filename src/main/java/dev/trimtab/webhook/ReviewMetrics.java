package dev.trimtab.webhook;

import dev.trimtab.review.AdmissionRequest;
import dev.trimtab.review.AdmissionResponse;
import dev.trimtab.review.Explanation;
import dev.trimtab.review.Review;
import dev.trimtab.rules.Decision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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

    private final MeterRegistry metrics;

    ReviewMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void enter(AdmissionResponse response, long nanoseconds) {
        Review review = response.review();
        if (response.isMutating()) {
            Timer.builder("trimtab.review")
                    .description("Time to review one object, from the request as read to the answer")
                    .tag("kind", review.kind().displayName())
                    .tag("operation", operation(response.request().operation()))
                    .tag("outcome", response.outcome())
                    .serviceLevelObjectives(BUCKETS)
                    .register(metrics)
                    .record(nanoseconds, TimeUnit.NANOSECONDS);
        }
        for (Decision decision : review.decisions()) {
            Counter.builder("trimtab.rule")
                    .description("Decisions of each rule")
                    .tag("rule", decision.rule())
                    .tag("outcome", decision.outcome())
                    .register(metrics)
                    .increment();
        }
        LOG.logf(
                !response.outcome().equals("unchanged") ? Logger.Level.INFO : Logger.Level.DEBUG,
                "%s",
                new Line(response, nanoseconds));
    }

    /** Formatted only if the log level is on. */
    private record Line(AdmissionResponse response, long nanoseconds) {
        @Override
        public String toString() {
            AdmissionRequest request = response.request();
            return "review outcome=%s course=%s operation=%s kind=%s namespace=%s name=%s uid=%s micros=%d decisions=\"%s\""
                    .formatted(
                            response.outcome(),
                            response.review().course(),
                            operation(request.operation()),
                            response.review().kind().displayName(),
                            plain(request.namespace()),
                            plain(request.name()),
                            plain(request.uid()),
                            TimeUnit.NANOSECONDS.toMicros(nanoseconds),
                            response.review().decisions().stream()
                                    .map(decision -> decision.rule() + " " + decision.outcome() + ": "
                                            + plain(Explanation.line(decision)))
                                    .collect(Collectors.joining("; ")));
        }
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
}
