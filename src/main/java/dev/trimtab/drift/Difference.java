package dev.trimtab.drift;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * One field that a refresh would give another value.
 *
 * @param before missing if nothing is stored
 * @param after missing if it would be removed
 * @param already whether the policy in force gives the same
 */
public record Difference(
        String rule, JsonPointer at, JsonNode before, JsonNode after, Change change, String because, boolean already) {

    public enum Change {
        FILLED,
        /** What Trimtab had filled would get another value. */
        CHANGED,
        CLAMPED,
        /** What Trimtab had filled would go: no rule fills it any more. */
        DROPPED,
        /** Knative refuses what is stored: the cluster has made it illegal since. */
        ILLEGAL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    Difference alreadyIn(boolean inForce) {
        return new Difference(rule, at, before, after, change, because, inForce);
    }

    boolean isSame(Difference other) {
        return at.equals(other.at) && after.equals(other.after);
    }
}
