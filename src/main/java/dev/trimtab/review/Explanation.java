package dev.trimtab.review;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.rules.Decision;

/** Formats a decision as an uncut line of text, for the audit log and for {@code explain}. */
public final class Explanation {
    private Explanation() {}

    /** The decision and its reason: {@code max-scale=0: no max-scale gets to Knative: unbounded}. */
    public static String line(Decision decision) {
        if (decision instanceof Decision.Filled it) {
            return Warnings.name(it.at()) + "=" + text(it.value()) + ": " + it.because();
        }
        if (decision instanceof Decision.Agreed it) {
            return Warnings.name(it.at()) + "=" + text(it.value()) + " is already the value that would be filled: "
                    + it.because();
        }
        if (decision instanceof Decision.Replayed it) {
            return Warnings.name(it.at()) + "=" + text(it.value()) + ": " + it.because();
        }
        return decision.because();
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }
}
