package dev.trimtab.drift;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * One field that a refresh would change.
 *
 * @param before missing if nothing is stored
 * @param after missing if the refresh would remove the value
 * @param already whether the policy in force would make the same change
 */
public record Difference(
        String rule, JsonPointer at, JsonNode before, JsonNode after, Change change, String because, boolean already) {

    public enum Change {
        FILLED,
        /** A fill of Trimtab would get another value. */
        CHANGED,
        CLAMPED,
        /** A fill of Trimtab would be removed: no rule fills it any more. */
        DROPPED,
        /** Knative now refuses the stored value: the cluster has made it illegal. */
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
