package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Conflicts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A document in the making. Rules read it as it stands after the rules before them, and change it through three
 * operations only: fill, clamp and warn. What they did is kept, with the reasons.
 */
public final class Draft {
    private static final String POD_SPEC = KnativeService.POD_SPEC + "/";

    private final ObjectNode document;
    private final Conflicts conflicts;
    private final boolean podSpecIsFixed;
    private final Optional<JsonNode> namedRevision;
    private final List<Decision> decisions = new ArrayList<>();

    /**
     * @param document changed in place
     * @param conflicts what to do where an author's value cannot stay
     * @param podSpecIsFixed whether nothing may be filled in the pod spec but what {@code namedRevision} has
     * @param namedRevision the pod spec of the Revision whose name the author gives, where it is known
     */
    Draft(ObjectNode document, Conflicts conflicts, boolean podSpecIsFixed, Optional<JsonNode> namedRevision) {
        this.document = document;
        this.conflicts = conflicts;
        this.podSpecIsFixed = podSpecIsFixed;
        this.namedRevision = namedRevision;
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

    /** What stands at a place by now; missing where nothing does. */
    JsonNode value(JsonPointer at) {
        return document.at(at);
    }

    /** What the document is: a Knative Service, or a Deployment with the same pod template. */
    Kind kind() {
        return new Manifest(document).kind();
    }

    /** The Service or Deployment by now, for reading. */
    KnativeService service() {
        return new KnativeService(document);
    }

    /** As {@link #fill(String, JsonPointer, JsonNode, String, String)}, for an annotation that has spellings. */
    void fill(String rule, ScaleAnnotation key, String value, String note, String because) {
        fill(rule, at(key), TextNode.valueOf(value), note, because);
    }

    /**
     * Writes a value where the author wrote none. Call it with what the author's silence would mean also where a value
     * is present: one that says the same is recorded as filled, any other is the author's and stays.
     *
     * @param note for the warning's summary of fills; empty if there is nothing to add
     */
    void fill(String rule, JsonPointer at, JsonNode wanted, String note, String because) {
        JsonNode present = document.at(at);
        if (same(present, wanted)) {
            decisions.add(new Decision.Agreed(rule, at, present, because));
        } else if (present.isMissingNode() || present.isNull()) {
            // An empty map or list in the place of a text is a mistake, and not ours to hide.
            if (podSpecIsFixed && isPodSpec(at)) {
                putBack(rule, at);
            } else if (Pointers.set(document, at, wanted)) {
                decisions.add(new Decision.Filled(rule, at, wanted, note, because));
            }
        }
    }

    /** Knative takes a rollback to a Revision that still exists only with the very pod spec that it has. */
    private void putBack(String rule, JsonPointer at) {
        JsonPointer within = JsonPointer.compile(at.toString().substring(POD_SPEC.length() - 1));
        JsonNode value = namedRevision.map(it -> it.at(within)).orElse(MissingNode.getInstance());
        if (Pointers.isAbsent(value)) {
            leave(rule, "the author names the revision: on a rollback Knative compares its pod spec to the letter");
        } else if (Pointers.set(document, at, value.deepCopy())) {
            decisions.add(new Decision.Filled(rule, at, value, "", "the Revision of this name has it"));
        }
    }

    /** Whether a rule has filled a place, now or in an earlier pass over the same value. */
    boolean isFilled(JsonPointer at) {
        return decisions.stream()
                .anyMatch(decision -> (decision instanceof Decision.Filled filled
                                && filled.at().equals(at))
                        || (decision instanceof Decision.Agreed agreed
                                && agreed.at().equals(at)));
    }

    private static boolean same(JsonNode present, JsonNode wanted) {
        return present.equals(wanted)
                || (present.isNumber()
                        && wanted.isNumber()
                        && present.decimalValue().compareTo(wanted.decimalValue()) == 0);
    }

    private static boolean isPodSpec(JsonPointer at) {
        return at.toString().startsWith(POD_SPEC);
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
        if (!isFilled(at)) {
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
