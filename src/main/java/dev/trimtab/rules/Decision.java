package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** One thing that was done to a document, or left, and why. The texts are for people: whole, short, no jargon. */
public sealed interface Decision {
    /** The rule that decided; {@code replay} for what stability alone decides. */
    String rule();

    /** In the reviewed document; the root if there is no such field. */
    default JsonPointer at() {
        return JsonPointer.empty();
    }

    String because();

    /** For metrics and {@code explain}: filled, agreed, clamped, refused, denied, warned, left or replayed. */
    default String outcome() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /**
     * The author left it out, and Trimtab wrote it.
     *
     * @param note for the warning; may be empty
     * @param pinned whether Knative itself would fill it now, so that it needs no warning
     */
    record Filled(String rule, JsonPointer at, JsonNode value, String note, String because, boolean pinned)
            implements Decision {}

    /** The value that would have been filled is there already. It is recorded as filled. */
    record Agreed(String rule, JsonPointer at, JsonNode value, String because) implements Decision {}

    /** The author's value would be refused or misbehave; it was moved to the nearest one that works. */
    record Clamped(String rule, JsonPointer at, JsonNode author, JsonNode ours, String because) implements Decision {
        /** The reason in Audit mode: the value would be lowered. */
        public String ifEnforced() {
            return because.replaceFirst(" (lowered|raised|changed) to ", " would be $1 to ");
        }
    }

    /** The author's value would be refused or misbehave, and the policy says to deny such an object. */
    record Refused(String rule, JsonPointer at, String because) implements Decision {}

    /** The object must not be stored, whatever the policy says of conflicts. Only guards deny. */
    record Denied(String rule, JsonPointer at, String because) implements Decision {}

    /** The author's value stays, and Knative will refuse what KServe makes of it, so that it never becomes ready. */
    record KnativeRefuses(String rule, JsonPointer at, String because) implements Decision {
        @Override
        public String outcome() {
            return "warned";
        }
    }

    /** Nothing was changed, but the author should know. */
    record Warned(String rule, JsonPointer at, String because) implements Decision {}

    /** Nothing was changed. Only {@code explain} says so. */
    record Left(String rule, String because) implements Decision {}

    /** The stored value was put back: the author changed nothing. */
    record Replayed(JsonPointer at, JsonNode value, String because) implements Decision {
        @Override
        public String rule() {
            return "replay";
        }
    }
}
