package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.trimtab.knative.DefaultsConfig;
import dev.trimtab.manifest.KnativeService;
import java.math.BigDecimal;
import java.math.RoundingMode;
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
    private static final JsonPointer TIMEOUT = KnativeService.POD_SPEC.appendProperty("timeoutSeconds");
    private static final JsonPointer RESPONSE_START =
            KnativeService.POD_SPEC.appendProperty("responseStartTimeoutSeconds");

    @Override
    public String id() {
        return "timeout";
    }

    @Override
    public void apply(Draft draft, Facts facts) {
        Promised.MAX_RESPONSE.warnIfUnreadable(id(), draft);
        OptionalInt longest = Promised.MAX_RESPONSE.seconds(draft, facts);
        if (longest.isEmpty() || !draft.service().podSpec().isObject()) {
            return;
        }
        DefaultsConfig defaults = facts.knative().defaults();
        BigDecimal factor = facts.policy().timeoutsFactor();
        int asked = factor.multiply(BigDecimal.valueOf(longest.getAsInt()))
                .setScale(0, RoundingMode.CEILING)
                .intValueExact();
        int seconds = (int) Math.min(asked, defaults.maxRevisionTimeoutSeconds());
        String because = "%s times the longest response of %d s".formatted(factor, longest.getAsInt());
        String note = seconds < asked ? "of %d: the cluster's most".formatted(asked) : "";
        draft.fill(id(), TIMEOUT, IntNode.valueOf(seconds), note, because);
        if (draft.isFilled(TIMEOUT)) {
            if (seconds > defaults.revisionResponseStartTimeoutSeconds()) {
                draft.fill(id(), RESPONSE_START, IntNode.valueOf(seconds), "", because);
            }
            warnIfCapped(draft, seconds, longest.getAsInt());
        } else {
            warnIfBelow(draft, draft.value(TIMEOUT), longest.getAsInt());
        }
    }

    private void warnIfCapped(Draft draft, int seconds, int longest) {
        if (seconds < longest) {
            draft.warn(
                    id(),
                    "responses of %d s are cut off: the cluster's max-revision-timeout-seconds is %d"
                            .formatted(longest, seconds));
        }
    }

    private void warnIfBelow(Draft draft, JsonNode written, int longest) {
        if (written.isIntegralNumber() && written.longValue() > 0 && written.longValue() < longest) {
            draft.warn(
                    id(),
                    "timeoutSeconds %d is below the longest response of %d s".formatted(written.longValue(), longest));
        }
    }
}
