package dev.trimtab.stability;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.rules.Decision;
import java.util.List;

/**
 * The result of one write.
 *
 * @param result the document to store
 */
public record Outcome(Course course, ObjectNode result, List<Decision> decisions) {
    public Outcome {
        decisions = List.copyOf(decisions);
    }

    public enum Course {
        /** A new object: the current policy applies. */
        CREATED,
        /** The template is as stored: nothing is recomputed. */
        UNCHANGED,
        /** The author's template is unchanged but our fields were missing: the stored values were put back. */
        REPLAYED,
        /** The author changed the template: missing fields are filled by the current policy. */
        CHANGED,
        /** The author asked for the current policy by a new token in {@code trimtab.dev/refresh}. */
        REFRESHED,
        /** Trimtab does not touch the object. */
        LEFT
    }
}
