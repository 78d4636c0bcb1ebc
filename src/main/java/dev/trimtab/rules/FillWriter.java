package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.Quantities;
import java.util.Optional;

/**
 * Carries out the fills of a document, as far as its pod spec allows.
 *
 * @param document changed in place
 * @param podSpec what is known of the pod spec, and so what may be filled in it
 * @param namedRevision the pod spec of the Revision whose name the author gives, if it is known: a fixed pod spec gets
 *     the values of that Revision
 */
record FillWriter(ObjectNode document, PodSpec podSpec, Optional<JsonNode> namedRevision) {
    /**
     * Writes a value, if its place is free and may be written.
     *
     * @param free whether the present value may be replaced
     * @return the decision; empty if another value is there, or nothing can be written
     */
    Optional<Decision> fill(Decision.Filled wanted, boolean free) {
        String rule = wanted.rule();
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
            return putBack(rule, at);
        }
        return free && Pointers.set(document, at, wanted.value()) ? Optional.of(wanted) : Optional.empty();
    }

    /** The place of an entry in a list, or behind its end; empty if the whole list is to be filled. */
    Optional<JsonPointer> entry(JsonPointer list, JsonNode wanted) {
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
    private Optional<Decision> putBack(String rule, JsonPointer at) {
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
}
