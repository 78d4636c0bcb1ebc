package dev.trimtab.review;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.kserve.AuthoredPlace;
import dev.trimtab.manifest.Component;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import dev.trimtab.rules.Decision;
import dev.trimtab.snapshot.Settings;
import dev.trimtab.stability.FillRecord;
import java.util.List;
import java.util.Optional;

/**
 * Writes the values that admission would fill into a document. They are the author's values from then on: a record in
 * Git would be in the way of the next change.
 */
public final class WrittenOut {
    private static final JsonPointer ANNOTATIONS = Pointers.of("metadata", "annotations");

    /** More passes than any document needs. A fill of one component may change another one. */
    private static final int PASSES = 5;

    private final Reviewer reviewer;
    private final Changes changes;

    public WrittenOut(Reviewer reviewer, Changes changes) {
        this.reviewer = reviewer;
        this.changes = changes;
    }

    /** Which of the changes of admission are written. */
    public enum Changes {
        ALL,
        /** Values that the author wrote and admission would move. */
        CLAMPS,
        /** Values that the author left out. */
        FILLS
    }

    /**
     * @param before as its author wrote it; not changed
     * @param stored empty for a new object; else its values are written
     * @param namespace of the object, even if the document does not name it
     * @return an object that a review does not change, or changes only in the other way; if the policy refuses it, the
     *     last object before the refusal
     */
    public ObjectNode of(Manifest before, Optional<Manifest> stored, String namespace, Settings settings) {
        Manifest now = before;
        for (int pass = 0; pass < PASSES; pass++) {
            Review review = reviewer.review(now, stored, namespace, settings);
            if (!review.isAllowed()) {
                break;
            }
            ObjectNode next = written(review, now);
            if (changes != Changes.FILLS) {
                review.forecasts().forEach((component, decisions) -> clamp(next, component, decisions));
            }
            if (next.equals(now.root())) {
                break;
            }
            now = new Manifest(next);
        }
        if (changes != Changes.ALL) {
            return now.root();
        }
        Review last = reviewer.review(now, stored, namespace, settings);
        // A rendered object needs its record: KServe's next write lacks both values and record. A stored object has it
        // already.
        return last.isAllowed() && stored.isEmpty() ? last.result() : now.root();
    }

    private ObjectNode written(Review review, Manifest before) {
        ObjectNode next = changes == Changes.CLAMPS ? before.root().deepCopy() : withoutRecord(review.result(), before);
        if (changes == Changes.ALL) {
            return next;
        }
        ObjectNode source = changes == Changes.CLAMPS ? review.result() : before.root();
        for (Decision decision : review.decisions()) {
            // A value that an earlier review moved is put back where its author still has the other one.
            boolean moves = decision instanceof Decision.Clamped || decision instanceof Decision.Replayed;
            if (moves && !Pointers.isAbsent(before.root().at(decision.at()))) {
                Pointers.set(next, decision.at(), source.at(decision.at()));
            }
        }
        return next;
    }

    private static ObjectNode withoutRecord(ObjectNode result, Manifest before) {
        ObjectNode next = result.deepCopy();
        if (!before.annotations().has(FillRecord.ANNOTATION)) {
            Pointers.remove(next, ANNOTATIONS.appendProperty(FillRecord.ANNOTATION));
            if (next.at(ANNOTATIONS).isEmpty() && before.annotations().map().isMissingNode()) {
                Pointers.remove(next, ANNOTATIONS);
            }
        }
        return next;
    }

    /** Moves the author's value if it will be clamped on the component's Service. */
    private static void clamp(ObjectNode object, String name, List<Decision> decisions) {
        Component component = Component.find(object, name).orElseThrow();
        int count = Component.of(object).size();
        for (Decision decision : decisions) {
            if (decision instanceof Decision.Clamped it) {
                place(component, it.at(), count).ifPresent(at -> Pointers.set(object, at, value(it, at)));
            }
        }
    }

    private static Optional<JsonPointer> place(Component component, JsonPointer rendered, int components) {
        return AuthoredPlace.of(component, rendered).map(at -> {
            // The annotation is for several components, and the others may want another value.
            boolean shared = ANNOTATIONS.equals(at.head()) && components > 1;
            return shared ? AuthoredPlace.own(component, at.last().getMatchingProperty()) : at;
        });
    }

    private static JsonNode value(Decision.Clamped clamp, JsonPointer at) {
        return at.last().getMatchingProperty().endsWith("Replicas")
                ? IntNode.valueOf(clamp.ours().asInt())
                : clamp.ours();
    }
}
