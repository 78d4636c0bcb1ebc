package dev.trimtab.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.trimtab.knative.DefaultsConfig;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A timeout that lets the longest response through.
 *
 * @param longest the longest response, in seconds
 * @param asked {@code longest} times the policy's {@code timeouts.factor}, rounded up, in seconds
 * @param seconds {@code asked}, at most what the cluster allows
 * @param because what {@code seconds} comes from
 */
record ResponseTimeout(int longest, int asked, int seconds, String because) {
    /** @param most the cluster's most, in seconds, such as {@link DefaultsConfig#maxRevisionTimeoutSeconds()} */
    static ResponseTimeout of(int longest, BigDecimal factor, long most) {
        int asked = factor.multiply(BigDecimal.valueOf(longest))
                .setScale(0, RoundingMode.CEILING)
                .intValueExact();
        String because = "%s times the longest response of %d s".formatted(factor, longest);
        return asked > most
                ? new ResponseTimeout(
                        longest, asked, (int) most, "the cluster's most: %d would be %s".formatted(asked, because))
                : new ResponseTimeout(longest, asked, asked, because);
    }

    JsonNode value() {
        return IntNode.valueOf(seconds);
    }

    /** What the summary says beside the value; empty where it was not capped. */
    String note() {
        return seconds < asked ? "of %d: the cluster's most".formatted(asked) : "";
    }
}
