package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.manifest.Quantities;
import dev.trimtab.rules.Decision;
import dev.trimtab.stability.FillRecord.Clamp;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which fields of a result are ours, told from what the rules did and from what earlier records say. */
final class Fills {
    private Fills() {}

    /**
     * The record of a result that the rules have made.
     *
     * <p>Besides what was filled now, a field is ours if it has the value that a rule would have filled (KServe's real
     * UPDATE carries what its dry-run got from us), or if an earlier record says so and the value is still the same.
     *
     * @param earlier records of the stored and of the incoming object, where there are any
     */
    static FillRecord record(List<Decision> decisions, ObjectNode result, List<FillRecord> earlier) {
        Map<JsonPointer, JsonNode> filled = new HashMap<>();
        Map<JsonPointer, Clamp> clamped = new HashMap<>();
        Set<JsonPointer> both = new HashSet<>();
        for (FillRecord record : earlier) {
            record.filled().forEach((at, value) -> {
                if (isStill(value, result.at(at), at)) {
                    filled.put(at, value);
                }
            });
            record.clamped().forEach((at, clamp) -> {
                if (clamp.ours().equals(result.at(at))) {
                    clamped.put(at, clamp);
                }
            });
        }
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Filled it) {
                filled.put(it.at(), it.value());
                clamped.remove(it.at());
            } else if (decision instanceof Decision.Agreed it) {
                filled.put(it.at(), it.value());
            } else if (decision instanceof Decision.Clamped it) {
                clamped.put(it.at(), new Clamp(it.author(), it.ours()));
                if (isOurs(it, earlier)) {
                    // Its author may have written the same: to send it again and to leave it out are both no change.
                    filled.put(it.at(), it.ours());
                    both.add(it.at());
                }
            }
        }
        clamped.keySet().stream()
                .filter(at -> !both.contains(at) && !isBoth(at, earlier))
                .forEach(filled::remove);
        return new FillRecord(filled, clamped);
    }

    /**
     * The record of a stored object, in the light of an incoming one. Where an author took a clamped value out and a
     * fill stands in its place, the clamp is over; else each further request would look as if it were taken out just
     * now, or, where the fill is what the author once wrote, as if it were to be clamped again. Just so where a value
     * was clamped to the very one that is stored.
     *
     * @param incoming tells of it in its own record, from an earlier pass over the same request, or in its labels
     */
    static FillRecord known(FillRecord stored, ObjectNode incoming) {
        FillRecord told = FillRecord.of(incoming);
        Set<JsonPointer> labelled = ClampLabels.givenUp(incoming);
        Map<JsonPointer, JsonNode> filled = new HashMap<>(stored.filled());
        Map<JsonPointer, Clamp> clamped = new HashMap<>(stored.clamped());
        stored.clamped().forEach((at, clamp) -> {
            JsonNode now = incoming.at(at);
            boolean filledSince = now.equals(told.filled().get(at)) && !told.isBoth(at);
            if (now.isTextual() && (labelled.contains(at) || filledSince)) {
                clamped.remove(at);
                if (clamp.ours().equals(now)) {
                    filled.put(at, now);
                }
            }
        });
        for (FillRecord known : List.of(told, ClampLabels.read(incoming))) {
            known.clamped().forEach((at, clamp) -> {
                boolean clampedSince = !stored.clamped().containsKey(at) && !known.isBoth(at);
                boolean scale = KnativeService.TEMPLATE_ANNOTATIONS.equals(at.head());
                if (clampedSince && scale && clamp.ours().equals(incoming.at(at))) {
                    filled.remove(at);
                    clamped.put(at, clamp);
                }
            });
        }
        return new FillRecord(filled, clamped);
    }

    /** What of a record is still true of an object. */
    static FillRecord within(FillRecord record, ObjectNode object) {
        Map<JsonPointer, JsonNode> filled = new HashMap<>(record.filled());
        filled.entrySet().removeIf(it -> !isStill(it.getValue(), object.at(it.getKey()), it.getKey()));
        Map<JsonPointer, Clamp> clamped = new HashMap<>(record.clamped());
        clamped.entrySet().removeIf(it -> !it.getValue().ours().equals(object.at(it.getKey())));
        return new FillRecord(filled, clamped);
    }

    /** Takes out of a document what a record says is ours, so that the rules fill it anew. */
    static void takeOut(FillRecord record, ObjectNode document) {
        takeOutFilled(record, document, at -> true);
        takeBackClamped(record, document);
    }

    /** Gives each clamped field that is still as we left it the value of its author. */
    static void takeBackClamped(FillRecord record, ObjectNode document) {
        record.clamped().forEach((at, clamp) -> {
            if (clamp.ours().equals(document.at(at))) {
                Pointers.set(document, at, clamp.author());
            }
        });
    }

    /** Takes out what was filled, if it is still as it was, at those places. */
    static void takeOutFilled(FillRecord record, ObjectNode document, Predicate<JsonPointer> places) {
        // From the end of each list: an entry that goes moves those behind it.
        record.filled().entrySet().stream()
                .filter(it -> places.test(it.getKey()) && isStill(it.getValue(), document.at(it.getKey()), it.getKey()))
                .map(Map.Entry::getKey)
                .sorted(Comparator.comparing(at -> -at.last().getMatchingIndex()))
                .toList()
                .forEach(at -> Pointers.remove(document, at));
    }

    /** A number in the place of a quantity becomes a text on its way through Knative, and is the same all along. */
    private static boolean isStill(JsonNode value, JsonNode now, JsonPointer at) {
        return value.equals(now) || (Quantities.standAt(at) && Quantities.same(value, now));
    }

    /** Whether a fill had to be moved to a legal value, and both to send the old one and to leave it out is no change. */
    private static boolean isBoth(JsonPointer at, List<FillRecord> earlier) {
        return earlier.stream().anyMatch(record -> record.isBoth(at));
    }

    /** Whether the value that was clamped had been filled by us before: then no author ever wrote it. */
    private static boolean isOurs(Decision.Clamped clamp, List<FillRecord> earlier) {
        return earlier.stream()
                .anyMatch(record -> clamp.author().equals(record.filled().get(clamp.at())));
    }
}
