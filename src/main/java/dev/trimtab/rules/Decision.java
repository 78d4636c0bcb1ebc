package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** One thing that was done to a document, or left, and why. The texts are for people: whole, short, no jargon. */
public sealed interface Decision {
    /** The rule that decided; {@code replay} for what stability alone decides. */
    String rule();

    /** The field that it is about, in the reviewed document; the document's root where there is none. */
    default JsonPointer at() {
        return JsonPointer.empty();
    }

    /** Why, in plain words. */
    String because();

    /** For metrics and {@code explain}: filled, agreed, clamped, refused, denied, warned, left or replayed. */
    default String outcome() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /**
     * The author left it out and Trimtab wrote it.
     *
     * @param note what the author should know about it, for the warning; may be empty
     * @param pinned whether it is what Knative itself would fill at this moment: no news, so no warning
     */
    record Filled(String rule, JsonPointer at, JsonNode value, String note, String because, boolean pinned)
            implements Decision {}

    /** It is there already with the very value that would have been filled. It is recorded as if it had been. */
    record Agreed(String rule, JsonPointer at, JsonNode value, String because) implements Decision {}

    /** The author's value would be refused or misbehave; it was moved to the nearest one that works. */
    record Clamped(String rule, JsonPointer at, JsonNode author, JsonNode ours, String because) implements Decision {}

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

    /** Nothing was changed, and nothing needs to be said unless somebody asks. */
    record Left(String rule, String because) implements Decision {}

    /** What the stored object has was put back, as it is: the author changed nothing. */
    record Replayed(JsonPointer at, JsonNode value, String because) implements Decision {
        @Override
        public String rule() {
            return "replay";
        }
    }
}
