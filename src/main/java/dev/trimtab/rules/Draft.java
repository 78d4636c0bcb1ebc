package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.knative.Unset;
import dev.trimtab.manifest.Annotations;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.manifest.ScaleAnnotation;
import dev.trimtab.policy.Policy.Conflicts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A document that the rules change by fill, clamp and warn, each after those before it. The draft keeps their
 * decisions.
 */
public final class Draft {
    static final String FROM_POLICY = "the policy's value for models of this kind";

    private final ObjectNode document;
    private final Conflicts conflicts;
    private final PodSpec podSpec;
    private final Optional<JsonNode> namedRevision;
    private final List<Decision> decisions = new ArrayList<>();
    private final Set<JsonPointer> chosen = new HashSet<>();
    private String rule = "all";

    /**
     * @param document changed in place
     * @param namedRevision the pod spec of the Revision whose name the author gives: a fixed pod spec gets its values
     */
    Draft(ObjectNode document, Conflicts conflicts, PodSpec podSpec, Optional<JsonNode> namedRevision) {
        this.document = document;
        this.conflicts = conflicts;
        this.podSpec = podSpec;
        this.namedRevision = namedRevision;
    }

    public List<Decision> decisions() {
        return List.copyOf(decisions);
    }

    List<Component> components() {
        return Component.of(document);
    }

    Manifest manifest() {
        return new Manifest(document);
    }

    Annotations templateAnnotations() {
        return new KnativeService(document).templateAnnotations();
    }

    /** The place of a template annotation: the author's spelling, else the preferred one. */
    JsonPointer at(ScaleAnnotation key) {
        return KnativeService.annotation(templateAnnotations().spelling(key).orElse(key.key()));
    }

    /** Whether the containers are those that will run. If not, rules can warn of them but not fill them. */
    boolean containersAreKnown() {
        return podSpec != PodSpec.FORECAST;
    }

    JsonNode value(JsonPointer at) {
        return document.at(at);
    }

    Kind kind() {
        return new Manifest(document).kind();
    }

    KnativeService service() {
        return new KnativeService(document);
    }

    void by(Rule newRule) {
        rule = newRule.id();
    }

    void fill(ScaleAnnotation key, String value, String because) {
        fill(at(key), value, because);
    }

    void fill(JsonPointer at, String value, String because) {
        fill(at, TextNode.valueOf(value), because);
    }

    void fill(JsonPointer at, JsonNode wanted, String because) {
        fill(at, wanted, "", because);
    }

    /**
     * Writes a value if the author wrote none, or what Knative takes for none. Call this even if the field has a value:
     * an equal value is recorded as filled, any other one is the author's and stays.
     *
     * @param note for the warning's summary of fills; may be empty
     */
    void fill(JsonPointer at, JsonNode wanted, String note, String because) {
        fill(new Decision.Filled(rule, at, wanted, note, because, false));
    }

    /**
     * Fills what Knative itself would fill now, without a warning, unless a rule has decided about this place. A value
     * that a rule wanted to be another one is the author's choice: recorded as ours, a refresh would remove it.
     */
    void pin(JsonPointer at, JsonNode wanted, String because) {
        if (!isFilled(at) && !chosen.contains(at)) {
            fill(new Decision.Filled(rule, at, wanted, "", because, true));
        }
    }

    private void fill(Decision.Filled wanted) {
        // An empty map or list in place of a text is a mistake of the author. Do not hide it.
        fill(wanted, Unset.is(wanted.at(), document.at(wanted.at())));
    }

    private void fill(Decision.Filled wanted, boolean free) {
        filled(wanted, free).ifPresentOrElse(this::record, () -> chosen.add(wanted.at()));
    }

    /** As {@link #fill}, also over a readiness probe that nobody chose, and over an empty list. */
    void fillOverNothing(JsonPointer at, JsonNode wanted, String because) {
        fill(new Decision.Filled(rule, at, wanted, "", because, false), saysNothing(document, at));
    }

    /** Completes what the author wrote in short, as Knative would. */
    void writeOut(JsonPointer at, JsonNode wanted, String because) {
        fill(new Decision.Filled(rule, at, wanted, "", because, false), true);
    }

    /**
     * Appends an entry to a list, or makes the list. An entry that is there is recorded as filled, at its index, so a
     * second pass records the same.
     */
    void fillEntry(JsonPointer list, JsonNode wanted, String because) {
        Optional<JsonPointer> entry = entry(list, wanted);
        if (entry.isPresent()) {
            fill(entry.get(), wanted, because);
        } else {
            ArrayNode whole = JsonNodeFactory.instance.arrayNode().add(wanted);
            fillOverNothing(list, whole, because);
        }
    }

    /** Whether {@link #fillEntry} could write here: the place has a list, or nothing yet. */
    boolean canTakeEntries(JsonPointer list) {
        return document.at(list).isArray() || saysNothing(document, list);
    }

    /** Whether a place has nothing, a default that nobody chose, or an empty list. */
    public static boolean saysNothing(ObjectNode document, JsonPointer at) {
        JsonNode present = document.at(at);
        boolean emptyList = present.isArray() && present.isEmpty();
        return Unset.is(at, present) || emptyList || DefaultedProbe.isAt(document, at);
    }

    /** Whether a rule has filled a place, now or in an earlier pass. */
    boolean isFilled(JsonPointer at) {
        return decisions.stream()
                .anyMatch(decision -> (decision instanceof Decision.Filled filled
                                && filled.at().equals(at))
                        || (decision instanceof Decision.Agreed agreed
                                && agreed.at().equals(at)));
    }

    /** Moves an author's template annotation to {@code ours}, or warns or refuses, as the policy says. */
    void clamp(ScaleAnnotation key, String ours, String problem, String remedy) {
        JsonPointer at = at(key);
        JsonNode author = document.at(at);
        switch (conflicts) {
            case CLAMP -> {
                JsonNode value = TextNode.valueOf(ours);
                Pointers.set(document, at, value);
                decisions.add(new Decision.Clamped(rule, at, author, value, remedy));
            }
            case WARN -> warn(at, problem);
            case DENY -> decisions.add(new Decision.Refused(rule, at, problem));
        }
    }

    /** Notes that a value which this rule has not just written is the author's, and stays. */
    void keep(ScaleAnnotation key) {
        JsonPointer at = at(key);
        if (!isFilled(at)) {
            String name = at.last().getMatchingProperty();
            String value = document.at(at).asText();
            leave("%s %s stays as its author wrote it".formatted(name.substring(name.indexOf('/') + 1), value));
        }
    }

    void warn(JsonPointer at, String because) {
        decisions.add(new Decision.Warned(rule, at, because));
    }

    /** Notes for {@code explain} why nothing was done. */
    void leave(String because) {
        record(new Decision.Left(rule, because));
    }

    private void record(Decision decision) {
        if (!(decision instanceof Decision.Left) || !decisions.contains(decision)) {
            decisions.add(decision);
        }
    }

    private Optional<Decision> filled(Decision.Filled wanted, boolean free) {
        JsonPointer at = wanted.at();
        JsonNode present = document.at(at);
        if (podSpec == PodSpec.FORECAST && isIn(KnativeService.CONTAINERS, at)) {
            return Optional.empty();
        }
        if (same(present, wanted.value())) {
            return Optional.of(new Decision.Agreed(rule, at, present, wanted.because()));
        }
        if (Quantities.standAt(at) && Quantities.same(present, wanted.value())) {
            // Knative and the API server will turn the author's 12288 into "12288", which we would then record.
            return Optional.of(new Decision.Agreed(rule, at, wanted.value(), wanted.because()));
        }
        if (free && podSpec == PodSpec.FIXED && isIn(KnativeService.POD_SPEC, at)) {
            return putBack(at);
        }
        return free && Pointers.set(document, at, wanted.value()) ? Optional.of(wanted) : Optional.empty();
    }

    /** The place of an entry in a list, or behind its end; empty if the whole list is to be filled. */
    private Optional<JsonPointer> entry(JsonPointer list, JsonNode wanted) {
        JsonNode entries = document.at(list);
        int index = 0;
        while (index < entries.size() && !same(entries.get(index), wanted)) {
            index++;
        }
        // The whole list: if the author has none, an entry could not be put back by its index.
        boolean othersHaveEntries = entries.isArray() && !entries.isEmpty() && (index > 0 || entries.size() > 1);
        return othersHaveEntries ? Optional.of(list.appendIndex(index)) : Optional.empty();
    }

    /** Knative accepts a rollback to an existing Revision only with the same pod spec. */
    private Optional<Decision> putBack(JsonPointer at) {
        JsonPointer within = JsonPointer.compile(
                at.toString().substring(KnativeService.POD_SPEC.toString().length()));
        JsonNode value = namedRevision.map(it -> it.at(within)).orElse(MissingNode.getInstance());
        if (Pointers.isAbsent(value)) {
            String because = "the author names the revision: on a rollback Knative compares the pod spec exactly";
            return Optional.of(new Decision.Left(rule, because));
        }
        Decision filled = new Decision.Filled(rule, at, value, "", "the Revision of this name has this value", false);
        return Pointers.set(document, at, value.deepCopy()) ? Optional.of(filled) : Optional.empty();
    }

    private static boolean same(JsonNode present, JsonNode wanted) {
        return present.equals(wanted)
                || (present.isNumber()
                        && wanted.isNumber()
                        && present.decimalValue().compareTo(wanted.decimalValue()) == 0);
    }

    private static boolean isIn(JsonPointer place, JsonPointer at) {
        return at.toString().startsWith(place + "/");
    }

    /** What is known of a pod spec, and so what may be filled in it. */
    public enum PodSpec {
        WHOLE,
        /** All of it, unchangeable: Knative compares it with a Revision that may still exist. */
        FIXED,
        /** The author's containers, without the additions of a runtime. */
        FORECAST
    }
}
