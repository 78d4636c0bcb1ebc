package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.ScaleAnnotation;
import dev.trimtab.knative.Unset;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.policy.Conflicts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A document in the making. Rules read it as it stands after the rules before them, and change it through three
 * operations only: fill, clamp and warn. What they did is kept, with the reasons.
 */
public final class Draft {
    private final ObjectNode document;
    private final Conflicts conflicts;
    private final Fills fills;
    private final List<Decision> decisions = new ArrayList<>();
    private final Set<JsonPointer> chosen = new HashSet<>();

    /**
     * @param document changed in place
     * @param conflicts what to do where an author's value cannot stay
     * @param podSpec what is known of the pod spec, and so what may be filled in it
     * @param namedRevision the pod spec of the Revision whose name the author gives, where it is known: a fixed pod spec
     *     gets what that has
     */
    Draft(ObjectNode document, Conflicts conflicts, PodSpec podSpec, Optional<JsonNode> namedRevision) {
        this.document = document;
        this.conflicts = conflicts;
        this.fills = new Fills(document, podSpec, namedRevision);
    }

    /** What the rules did so far, in order. */
    public List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    /** The parts of an InferenceService or InferenceGraph by now, for reading. */
    List<Component> components() {
        return Component.of(document);
    }

    /** The whole object by now, for reading. */
    Manifest manifest() {
        return new Manifest(document);
    }

    Annotations templateAnnotations() {
        return new KnativeService(document).templateAnnotations();
    }

    /** Where a template annotation stands or would be written: the spelling that is there, else the preferred one. */
    JsonPointer at(ScaleAnnotation key) {
        return KnativeService.annotation(templateAnnotations().spelling(key).orElse(key.key()));
    }

    /** Whether the containers are those that will run; else rules can warn of what is there, and not fill the rest. */
    boolean containersAreKnown() {
        return fills.podSpec() != PodSpec.FORECAST;
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
     * Writes a value where the author wrote none, or what Knative itself takes for none. Call it with what the author's
     * silence would mean also where a value is present: one that says the same is recorded as filled, any other is the
     * author's and stays.
     *
     * @param note for the warning's summary of fills; empty if there is nothing to add
     */
    void fill(String rule, JsonPointer at, JsonNode wanted, String note, String because) {
        fill(new Decision.Filled(rule, at, wanted, note, because, false));
    }

    /**
     * Fills what Knative itself would fill at this moment, unless a rule has been there: nothing to warn of. Where a rule
     * wanted another value than stands there, that is its author's choice, also if it is Knative's own: recorded as ours, a
     * refresh would take it out.
     */
    void pin(String rule, JsonPointer at, JsonNode wanted, String because) {
        if (!isFilled(at) && !chosen.contains(at)) {
            fill(new Decision.Filled(rule, at, wanted, "", because, true));
        }
    }

    private void fill(Decision.Filled wanted) {
        // An empty map or list in the place of a text is a mistake, and not ours to hide.
        fill(wanted, Unset.is(wanted.at(), document.at(wanted.at())));
    }

    private void fill(Decision.Filled wanted, boolean free) {
        fills.fill(wanted, free).ifPresentOrElse(this::record, () -> chosen.add(wanted.at()));
    }

    /**
     * As {@link #fill}, for a place where something may stand that says nothing: a readiness probe that nobody chose, an
     * empty list.
     */
    void fillOverNothing(String rule, JsonPointer at, JsonNode wanted, String note, String because) {
        fill(new Decision.Filled(rule, at, wanted, note, because, false), saysNothing(document, at));
    }

    /** Writes out in full what the author wrote in short: Knative would do so too, and then it is what would be filled. */
    void writeOut(String rule, JsonPointer at, JsonNode wanted, String because) {
        fill(new Decision.Filled(rule, at, wanted, "", because, false), true);
    }

    /**
     * Appends an entry to a list, or makes the list. One that is there already is recorded as filled: in the same place
     * as it would have been, so that a second pass over the result records the same.
     */
    void fillEntry(String rule, JsonPointer list, JsonNode wanted, String because) {
        Optional<JsonPointer> entry = fills.entry(list, wanted);
        if (entry.isPresent()) {
            fill(rule, entry.get(), wanted, "", because);
        } else {
            ArrayNode whole = JsonNodeFactory.instance.arrayNode().add(wanted);
            fillOverNothing(rule, list, whole, "", because);
        }
    }

    /** Whether {@link #fillEntry} could write here: a list, or nothing yet in its place. */
    boolean canTakeEntries(JsonPointer list) {
        return document.at(list).isArray() || saysNothing(document, list);
    }

    /** Whether nothing stands at a place, or a default that nobody chose, or an empty list. */
    public static boolean saysNothing(ObjectNode document, JsonPointer at) {
        JsonNode present = document.at(at);
        boolean emptyList = present.isArray() && present.isEmpty();
        return Unset.is(at, present) || emptyList || DefaultedProbe.isAt(document, at);
    }

    /** Whether a rule has filled a place, now or in an earlier pass over the same value. */
    boolean isFilled(JsonPointer at) {
        return decisions.stream()
                .anyMatch(decision -> (decision instanceof Decision.Filled filled
                                && filled.at().equals(at))
                        || (decision instanceof Decision.Agreed agreed
                                && agreed.at().equals(at)));
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
            case WARN -> warn(rule, at, problem);
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

    /**
     * Tells the author, and changes nothing.
     *
     * @param at the field that it is about
     */
    void warn(String rule, JsonPointer at, String because) {
        decisions.add(new Decision.Warned(rule, at, because));
    }

    /** Says for {@code explain} why nothing was done. */
    void leave(String rule, String because) {
        record(new Decision.Left(rule, because));
    }

    /** What was left is said once, however many places it is about. */
    private void record(Decision decision) {
        if (!(decision instanceof Decision.Left) || !decisions.contains(decision)) {
            decisions.add(decision);
        }
    }
}
