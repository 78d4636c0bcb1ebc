package dev.trimtab.rules;

import static dev.trimtab.rules.RevisionDefaults.RESPONSE_START;
import static dev.trimtab.rules.RevisionDefaults.TIMEOUT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.trimtab.knative.config.DefaultsConfig;
import dev.trimtab.rules.Rule.WorkloadRule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalInt;

/**
 * Lets the longest response through.
 *
 * <p>Knative cuts a response off after {@code timeoutSeconds}, 300 by default, even if it is streaming. It also cuts
 * a response off if the first byte takes longer than {@code responseStartTimeoutSeconds}. The longest response comes
 * from annotation {@code trimtab.dev/max-response-seconds} on the template, or from a profile's {@code
 * maxResponseSeconds}. This rule fills {@code timeoutSeconds} with 1.2 times that (policy {@code timeouts.factor}),
 * rounded up. It fills {@code responseStartTimeoutSeconds} with the same number if that is above the cluster's
 * default for this field. Both are at most the cluster's {@code max-revision-timeout-seconds}; if the rule had to cap
 * them, it warns.
 *
 * <p>It leaves what the author wrote, warns if that is below the longest response, and does nothing if the longest
 * response is unknown. Knative gives pods the same time to end: a stopped service may hold its GPU for {@code
 * timeoutSeconds}. Example: {@code max-response-seconds: "10"} gives {@code timeoutSeconds: 12}. Source: Knative
 * 1.23, revision_defaults.go 54-72, revision_validation.go 174-184.
 */
final class TimeoutRule implements WorkloadRule {
    @Override
    public void apply(Draft draft, Facts facts) {
        OptionalInt longest = AuthorHint.MAX_RESPONSE.seconds(draft, facts);
        if (longest.isEmpty() || !draft.service().podSpec().isObject()) {
            return;
        }
        DefaultsConfig defaults = facts.knative().defaults();
        ResponseTimeout timeout = ResponseTimeout.of(
                longest.getAsInt(), facts.policy().timeoutsFactor(), defaults.maxRevisionTimeoutSeconds());
        draft.fill(TIMEOUT, timeout.value(), timeout.note(), timeout.because());
        if (draft.isFilled(TIMEOUT)) {
            if (timeout.seconds() > defaults.revisionResponseStartTimeoutSeconds()) {
                draft.fill(RESPONSE_START, timeout.value(), timeout.because());
            }
            warnIfCapped(draft, timeout);
        } else {
            warnIfBelow(draft, draft.value(TIMEOUT), timeout.longest());
        }
    }

    private void warnIfCapped(Draft draft, ResponseTimeout timeout) {
        if (timeout.seconds() < timeout.longest()) {
            draft.warn(
                    AuthorHint.MAX_RESPONSE.at(),
                    "responses of %d s are cut off: the cluster's max-revision-timeout-seconds is %d"
                            .formatted(timeout.longest(), timeout.seconds()));
        }
    }

    private void warnIfBelow(Draft draft, JsonNode written, int longest) {
        if (written.isIntegralNumber() && written.longValue() > 0 && written.longValue() < longest) {
            draft.warn(
                    TIMEOUT,
                    "timeoutSeconds %d is below the longest response of %d s".formatted(written.longValue(), longest));
        }
    }

    /**
     * A timeout that lets the longest response through, in seconds.
     *
     * @param longest the longest response
     * @param asked {@code longest} times the policy's {@code timeouts.factor}
     * @param seconds {@code asked}, at most the cluster's limit
     */
    record ResponseTimeout(int longest, int asked, int seconds, String because) {
        static ResponseTimeout of(int longest, BigDecimal factor, long most) {
            int asked = factor.multiply(BigDecimal.valueOf(longest))
                    .setScale(0, RoundingMode.CEILING)
                    .intValueExact();
            String because = factor + " times the longest response of " + longest + " s";
            return asked > most
                    ? new ResponseTimeout(
                            longest,
                            asked,
                            (int) most,
                            "the cluster's maximum: %d would be %s".formatted(asked, because))
                    : new ResponseTimeout(longest, asked, asked, because);
        }

        JsonNode value() {
            return IntNode.valueOf(seconds);
        }

        String note() {
            return seconds < asked ? "of %d: the cluster's maximum".formatted(asked) : "";
        }
    }
}
