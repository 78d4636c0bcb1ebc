package dev.trimtab.drift;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * One field that a refresh would give another value.
 *
 * @param rule whose value it is
 * @param at where it stands in the object
 * @param before what is stored; missing where nothing is
 * @param after what a refresh would make of it; missing where it would be taken out
 * @param because why, in plain words
 * @param already whether the policy in force gives the same; only of interest where another one was asked about
 */
public record Difference(
        String rule, JsonPointer at, JsonNode before, JsonNode after, Change change, String because, boolean already) {

    /** What would become of the field. */
    public enum Change {
        /** Nothing is stored there. */
        FILLED,
        /** What Trimtab had filled would get another value. */
        CHANGED,
        /** The author's value would be moved. */
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
