package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Decision;
import dev.trimtab.stability.FillRecord.Clamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
        for (FillRecord record : earlier) {
            record.filled().forEach((at, value) -> {
                if (value.equals(result.at(at))) {
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
                if (isOurs(it, earlier)) {
                    filled.put(it.at(), it.ours());
                    clamped.remove(it.at());
                } else {
                    clamped.put(it.at(), new Clamp(it.author(), it.ours()));
                }
            }
        }
        filled.keySet().removeAll(clamped.keySet());
        return new FillRecord(filled, clamped);
    }

    /** Takes out of a document what a record says is ours, so that the rules fill it anew. */
    static void takeOut(FillRecord record, ObjectNode document) {
        record.filled().forEach((at, value) -> {
            if (value.equals(document.at(at))) {
                Pointers.remove(document, at);
            }
        });
        record.clamped().forEach((at, clamp) -> {
            if (clamp.ours().equals(document.at(at))) {
                Pointers.set(document, at, clamp.author());
            }
        });
    }

    /** Whether the value that was clamped had been filled by us before: then no author ever wrote it. */
    private static boolean isOurs(Decision.Clamped clamp, List<FillRecord> earlier) {
        return earlier.stream()
                .anyMatch(record -> clamp.author().equals(record.filled().get(clamp.at())));
    }
}
