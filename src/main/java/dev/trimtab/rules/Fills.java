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
 * Carries out the fills of a document, as far as its pod spec lets them.
 *
 * @param document changed in place
 * @param podSpec what is known of the pod spec, and so what may be filled in it
 * @param namedRevision the pod spec of the Revision whose name the author gives, where it is known: a fixed pod spec gets
 *     what that has
 */
record Fills(ObjectNode document, PodSpec podSpec, Optional<JsonNode> namedRevision) {
    /**
     * Writes a value, if its place is free and may be written.
     *
     * @param free whether what stands there may be replaced
     * @return what came of it; empty where something else stands there, or nothing can
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
            // Knative and the API server will write the author's 12288 as "12288", which is what we would record then.
            return Optional.of(new Decision.Agreed(rule, at, wanted.value(), wanted.because()));
        }
        if (free && podSpec == PodSpec.FIXED && isIn(KnativeService.POD_SPEC, at)) {
            return putBack(rule, at);
        }
        return free && Pointers.set(document, at, wanted.value()) ? Optional.of(wanted) : Optional.empty();
    }

    /** Where a list has an entry or would get it appended; empty where the whole list is to be filled. */
    Optional<JsonPointer> entry(JsonPointer list, JsonNode wanted) {
        JsonNode entries = document.at(list);
        int index = 0;
        while (index < entries.size() && !same(entries.get(index), wanted)) {
            index++;
        }
        // Else the whole list: an author's list that is not there cannot take an entry back by its index.
        boolean othersHaveEntries = entries.isArray() && !entries.isEmpty() && (index > 0 || entries.size() > 1);
        return othersHaveEntries ? Optional.of(list.appendIndex(index)) : Optional.empty();
    }

    /** Knative takes a rollback to a Revision that still exists only with the very pod spec that it has. */
    private Optional<Decision> putBack(String rule, JsonPointer at) {
        JsonPointer within = JsonPointer.compile(
                at.toString().substring(KnativeService.POD_SPEC.toString().length()));
        JsonNode value = namedRevision.map(it -> it.at(within)).orElse(MissingNode.getInstance());
        if (Pointers.isAbsent(value)) {
            String because = "the author names the revision: on a rollback Knative compares its pod spec to the letter";
            return Optional.of(new Decision.Left(rule, because));
        }
        Decision filled = new Decision.Filled(rule, at, value, "", "the Revision of this name has it", false);
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
