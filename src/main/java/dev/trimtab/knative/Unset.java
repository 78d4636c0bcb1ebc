package dev.trimtab.knative;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** What Knative takes for not written although something stands there, and writes its default over. */
public final class Unset {
    /** Fields whose zero means the default (revision_defaults.go 54-72, 172-192 of Knative 1.23). */
    private static final Set<String> ZERO_MEANS_DEFAULT =
            Set.of("timeoutSeconds", "successThreshold", "failureThreshold");

    private Unset() {}

    /** Whether a value is missing, {@code null}, or the zero that means "default". */
    public static boolean is(JsonPointer at, JsonNode value) {
        boolean zero = value.isNumber() && value.decimalValue().signum() == 0;
        return value.isMissingNode() || value.isNull() || (zero && isDefaulted(at));
    }

    /** Whether a zero in a place means the default there. */
    public static boolean isDefaulted(JsonPointer at) {
        return at.last() != null && ZERO_MEANS_DEFAULT.contains(at.last().getMatchingProperty());
    }
}
