package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Conflicts;
import java.util.ArrayList;
import java.util.List;

/**
 * A document in the making. Rules read it as it stands after the rules before them, and change it through three
 * operations only: fill, clamp and warn. What they did is kept, with the reasons.
 */
public final class Draft {
    private final ObjectNode document;
    private final Conflicts conflicts;
    private final List<Decision> decisions = new ArrayList<>();

    /**
     * @param document changed in place
     * @param conflicts what to do where an author's value cannot stay
     */
    public Draft(ObjectNode document, Conflicts conflicts) {
        this.document = document;
        this.conflicts = conflicts;
    }

    /** What the rules did so far, in order. */
    public List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    Annotations templateAnnotations() {
        return new KnativeService(document).templateAnnotations();
    }

    /** Where a template annotation stands or would be written: the spelling that is there, else the preferred one. */
    JsonPointer at(ScaleAnnotation key) {
        return KnativeService.annotation(templateAnnotations().spelling(key).orElse(key.key()));
    }

    /**
     * Writes a template annotation where the author wrote none. Call it with what the author's silence would mean also
     * where a value is present: one that says the same is recorded as filled, any other is the author's and stays.
     *
     * @param note for the warning's summary of fills; empty if there is nothing to add
     */
    void fill(String rule, ScaleAnnotation key, String value, String note, String because) {
        JsonPointer at = at(key);
        JsonNode present = document.at(at);
        JsonNode wanted = TextNode.valueOf(value);
        if (present.equals(wanted)) {
            decisions.add(new Decision.Agreed(rule, at, wanted, because));
        } else if ((present.isMissingNode() || present.isNull()) && Pointers.set(document, at, wanted)) {
            // An empty map or list in the place of a text is a mistake, and not ours to hide.
            decisions.add(new Decision.Filled(rule, at, wanted, note, because));
        }
    }

    /** Moves an author's template annotation to {@code ours}, or warns or refuses, as the policy wants it. */
    void clamp(String rule, ScaleAnnotation key, String ours, String problem, String remedy) {
        JsonPointer at = at(key);
        JsonNode author = document.at(at);
        switch (conflicts) {
            case CLAMP -> {
                JsonNode value = TextNode.valueOf(ours);
                Pointers.set(document, at, value);
                decisions.add(new Decision.Clamped(rule, at, author, value, remedy));
            }
            case WARN -> decisions.add(new Decision.Warned(rule, problem));
            case DENY -> decisions.add(new Decision.Refused(rule, at, problem));
        }
    }

    /** Says that a value which this rule has not just written is the author's, and stays. */
    void keep(String rule, ScaleAnnotation key) {
        JsonPointer at = at(key);
        boolean written = decisions.stream()
                .anyMatch(decision -> (decision instanceof Decision.Filled filled
                                && filled.at().equals(at))
                        || (decision instanceof Decision.Agreed agreed
                                && agreed.at().equals(at)));
        if (!written) {
            String name = at.last().getMatchingProperty();
            String value = document.at(at).asText();
            leave(rule, "%s %s stays as its author wrote it".formatted(name.substring(name.indexOf('/') + 1), value));
        }
    }

    /** Tells the author, and changes nothing. */
    void warn(String rule, String because) {
        decisions.add(new Decision.Warned(rule, because));
    }

    /** Says for {@code explain} why nothing was done. */
    void leave(String rule, String because) {
        decisions.add(new Decision.Left(rule, because));
    }
}
