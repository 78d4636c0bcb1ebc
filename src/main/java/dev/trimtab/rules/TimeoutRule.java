package dev.trimtab.rules;

import static dev.trimtab.rules.RevisionDefaults.RESPONSE_START;
import static dev.trimtab.rules.RevisionDefaults.TIMEOUT;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.DefaultsConfig;
import java.util.OptionalInt;

/**
 * Lets the longest response through.
 *
 * <p>Knative cuts a response off after {@code timeoutSeconds}, 300 by default, also one that is streaming, and one whose
 * first byte takes longer than {@code responseStartTimeoutSeconds}. From the longest response (annotation {@code
 * trimtab.dev/max-response-seconds} on the template, or a profile's {@code maxResponseSeconds}) this rule fills {@code
 * timeoutSeconds} with 1.2 times that (policy {@code timeouts.factor}), rounded up, and {@code
 * responseStartTimeoutSeconds} with the same where that is above the cluster's default for it. Both stay within the
 * cluster's {@code max-revision-timeout-seconds}, with a warning where they had to be capped.
 *
 * <p>It leaves whatever the author wrote, warns where that is below the longest response, and does nothing where the
 * longest response is not known. Knative's pods end gracefully for just as long: a stopped service may hold its GPU for
 * {@code timeoutSeconds}. Example: {@code max-response-seconds: "10"}: {@code timeoutSeconds: 12}. Source: Knative 1.23,
 * revision_defaults.go 54-72, revision_validation.go 174-184.
 */
final class TimeoutRule implements Rule {
    @Override
    public String id() {
        return "timeout";
    }

    @Override
    public void apply(Draft draft, Facts facts) {
        OptionalInt longest = Promised.MAX_RESPONSE.seconds(draft, facts);
        if (longest.isEmpty() || !draft.service().podSpec().isObject()) {
            return;
        }
        DefaultsConfig defaults = facts.knative().defaults();
        ResponseTimeout timeout = ResponseTimeout.of(
                longest.getAsInt(), facts.policy().timeoutsFactor(), defaults.maxRevisionTimeoutSeconds());
        draft.fill(id(), TIMEOUT, timeout.value(), timeout.note(), timeout.because());
        if (draft.isFilled(TIMEOUT)) {
            if (timeout.seconds() > defaults.revisionResponseStartTimeoutSeconds()) {
                draft.fill(id(), RESPONSE_START, timeout.value(), "", timeout.because());
            }
            warnIfCapped(draft, timeout);
        } else {
            warnIfBelow(draft, draft.value(TIMEOUT), timeout.longest());
        }
    }

    private void warnIfCapped(Draft draft, ResponseTimeout timeout) {
        if (timeout.seconds() < timeout.longest()) {
            draft.warn(
                    id(),
                    Promised.MAX_RESPONSE.at(),
                    "responses of %d s are cut off: the cluster's max-revision-timeout-seconds is %d"
                            .formatted(timeout.longest(), timeout.seconds()));
        }
    }

    private void warnIfBelow(Draft draft, JsonNode written, int longest) {
        if (written.isIntegralNumber() && written.longValue() > 0 && written.longValue() < longest) {
            draft.warn(
                    id(),
                    TIMEOUT,
                    "timeoutSeconds %d is below the longest response of %d s".formatted(written.longValue(), longest));
        }
    }
}
