package dev.trimtab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.trimtab.knative.config.DefaultsConfig;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A timeout that lets the longest response through.
 *
 * @param longest the longest response, in seconds
 * @param asked {@code longest} times the policy's {@code timeouts.factor}, rounded up, in seconds
 * @param seconds {@code asked}, at most the cluster's limit
 * @param because the reason of {@code seconds}
 */
record ResponseTimeout(int longest, int asked, int seconds, String because) {
    /** @param most the cluster's limit, in seconds, such as {@link DefaultsConfig#maxRevisionTimeoutSeconds()} */
    static ResponseTimeout of(int longest, BigDecimal factor, long most) {
        int asked = factor.multiply(BigDecimal.valueOf(longest))
                .setScale(0, RoundingMode.CEILING)
                .intValueExact();
        String because = "%s times the longest response of %d s".formatted(factor, longest);
        return asked > most
                ? new ResponseTimeout(
                        longest, asked, (int) most, "the cluster's maximum: %d would be %s".formatted(asked, because))
                : new ResponseTimeout(longest, asked, asked, because);
    }

    JsonNode value() {
        return IntNode.valueOf(seconds);
    }

    /** A note for the summary of fills; empty if the value was not capped. */
    String note() {
        return seconds < asked ? "of %d: the cluster's maximum".formatted(asked) : "";
    }
}
