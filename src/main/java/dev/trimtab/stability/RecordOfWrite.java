package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.rules.Decision;
import dev.trimtab.rules.RolloutAnnotation;
import dev.trimtab.stability.FillRecord.Clamp;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class RecordOfWrite {
    private RecordOfWrite() {}

    /**
     * The record after the rules have run. A field is ours if it was filled now, or has the value that a rule would
     * have filled. It is also ours if an earlier record has it and the value is still the same.
     *
     * @param earlier records of the stored and of the incoming object
     */
    static FillRecord after(List<Decision> decisions, ObjectNode result, List<FillRecord> earlier) {
        Map<JsonPointer, JsonNode> filled = new HashMap<>();
        Map<JsonPointer, Clamp> clamped = new HashMap<>();
        Set<JsonPointer> both = new HashSet<>();
        for (FillRecord record : earlier) {
            record.filled().forEach((at, value) -> {
                if (FillRecord.isStill(value, result.at(at), at)) {
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
                    // The author may have written the same value. To send it again or to leave it out is no change.
                    filled.put(it.at(), it.ours());
                    both.add(it.at());
                } else {
                    filled.remove(it.at());
                }
            }
        }
        clamped.keySet().stream()
                .filter(at -> !both.contains(at) && !wasMoved(at, earlier))
                .forEach(filled::remove);
        return new FillRecord(filled, clamped);
    }

    /**
     * The stored record, updated by the record and labels of the incoming object. Adds clamps to a value that the
     * incoming object still has, also if the author has replaced one clamped value by another. Drops clamps if the
     * author removed the clamped value and a fill took its place. Otherwise each reinvocation would look as if the value
     * were changed just now. Drops a rollout duration that the author writes in the other spelling.
     */
    static FillRecord known(ObjectNode before, ObjectNode incoming) {
        FillRecord stored = RolloutAnnotation.isSpelledOtherwise(incoming)
                ? FillRecord.of(before).without(RolloutAnnotation.AT)
                : FillRecord.of(before);
        FillRecord told = FillRecord.isSameText(before, incoming) ? stored : FillRecord.of(incoming);
        FillRecord labels = ClampLabels.read(incoming);
        if (stored.clamped().isEmpty()
                && told.clamped().isEmpty()
                && labels.clamped().isEmpty()) {
            return stored;
        }
        Set<JsonPointer> labelled = ClampLabels.givenUp(incoming);
        Map<JsonPointer, JsonNode> filled = new HashMap<>(stored.filled());
        Map<JsonPointer, Clamp> clamped = new HashMap<>(stored.clamped());
        stored.clamped().forEach((at, clamp) -> {
            JsonNode now = incoming.at(at);
            boolean filledSince = now.equals(told.filled().get(at)) && !told.wasMoved(at);
            if (now.isTextual() && (labelled.contains(at) || filledSince)) {
                clamped.remove(at);
                if (clamp.ours().equals(now)) {
                    filled.put(at, now);
                }
            }
        });
        for (FillRecord known : List.of(told, labels)) {
            known.clamped().forEach((at, clamp) -> {
                boolean isNew = !clamp.equals(stored.clamped().get(at)) && !known.wasMoved(at);
                boolean scale = KnativeService.TEMPLATE_ANNOTATIONS.equals(at.head());
                if (isNew && scale && clamp.ours().equals(incoming.at(at))) {
                    filled.remove(at);
                    clamped.put(at, clamp);
                }
            });
        }
        return new FillRecord(filled, clamped);
    }

    private static boolean wasMoved(JsonPointer at, List<FillRecord> earlier) {
        return earlier.stream().anyMatch(record -> record.wasMoved(at));
    }

    private static boolean isOurs(Decision.Clamped clamp, List<FillRecord> earlier) {
        return earlier.stream()
                .anyMatch(record -> clamp.author().equals(record.filled().get(clamp.at())));
    }
}
