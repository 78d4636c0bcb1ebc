package dev.trimtab.webhook;

import dev.trimtab.aibrix.Problem;
import dev.trimtab.review.Answer;
import dev.trimtab.review.AutoscalerVerdict;
import dev.trimtab.review.Explanation;
import dev.trimtab.review.StopVerdict;
import dev.trimtab.rules.Decision;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** Keeps the metrics and the log of reviews: no object names in labels, no bodies in the log. */
@ApplicationScoped
public class ReviewJournal {
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

    ReviewJournal(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void enter(Answer answer, long nanoseconds) {
        Timer.builder("trimtab.review")
                .description("Time to review one object, from the parsed request to the answer")
                .tag("kind", answer.review().kind().displayName())
                .tag("operation", operation(answer.operation()))
                .tag("outcome", answer.outcome())
                .serviceLevelObjectives(BUCKETS)
                .register(metrics)
                .record(nanoseconds, TimeUnit.NANOSECONDS);
        for (Decision decision : answer.review().decisions()) {
            count(decision.rule(), decision.outcome());
        }
        if (answer.outcome().equals("unchanged")) {
            LOG.debugf("%s", line(answer, nanoseconds));
        } else {
            LOG.infof("%s", line(answer, nanoseconds));
        }
    }

    /** Of the stop guard only what it refuses: it is asked at every reconcile of KServe. */
    void enter(StopVerdict verdict) {
        if (verdict.refusal().isEmpty()) {
            return;
        }
        count("stop-guard", verdict.outcome());
        LOG.infof(
                "stop-guard outcome=%s operation=%s kind=%s namespace=%s name=%s uid=%s because=\"%s\"",
                verdict.outcome(),
                operation(verdict.operation()),
                plain(verdict.kind()),
                plain(verdict.namespace()),
                plain(verdict.name()),
                plain(verdict.uid()),
                plain(verdict.refusal()));
    }

    /** Each check by its number, as a rule: what it says names objects, and is in the log only. */
    void enter(AutoscalerVerdict verdict) {
        count(verdict.refusals(), verdict.isAllowed() ? "warned" : "denied");
        count(verdict.warnings(), "warned");
        if (verdict.outcome().equals("allowed")) {
            return;
        }
        LOG.infof(
                "aibrix outcome=%s operation=%s namespace=%s name=%s uid=%s because=\"%s\"",
                verdict.outcome(),
                operation(verdict.operation()),
                plain(verdict.namespace()),
                plain(verdict.name()),
                plain(verdict.uid()),
                Stream.concat(verdict.refusals().stream(), verdict.warnings().stream())
                        .map(problem -> problem.check() + " " + plain(problem.text()))
                        .collect(Collectors.joining("; ")));
    }

    private void count(List<Problem> problems, String outcome) {
        problems.forEach(problem -> count("aibrix-" + problem.check(), outcome));
    }

    private void count(String rule, String outcome) {
        Counter.builder("trimtab.rule")
                .description("Decisions of each rule")
                .tag("rule", rule)
                .tag("outcome", outcome)
                .register(metrics)
                .increment();
    }

    private static String line(Answer answer, long nanoseconds) {
        return "review outcome=%s course=%s operation=%s kind=%s namespace=%s name=%s uid=%s micros=%d decisions=\"%s\""
                .formatted(
                        answer.outcome(),
                        answer.review().course(),
                        answer.operation(),
                        answer.review().kind().displayName(),
                        plain(answer.namespace()),
                        plain(answer.name()),
                        plain(answer.uid()),
                        TimeUnit.NANOSECONDS.toMicros(nanoseconds),
                        answer.review().decisions().stream()
                                .map(decision -> decision.rule() + " " + decision.outcome() + ": "
                                        + plain(Explanation.line(decision)))
                                .collect(Collectors.joining("; ")));
    }

    /** Only the operations that exist: a label must not grow with what a caller makes up. */
    private static String operation(String operation) {
        return switch (operation) {
            case "CREATE", "UPDATE", "DELETE", "CONNECT" -> operation;
            default -> "other";
        };
    }

    /** No line breaks or quotes from a request into the log. */
    private static String plain(String text) {
        String safe = text.replaceAll("[\\p{Cntrl}\"]", "?");
        return safe.length() <= 253 ? safe : safe.substring(0, 253) + "…";
    }
}
