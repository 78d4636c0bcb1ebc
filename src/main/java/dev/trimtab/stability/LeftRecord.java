package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.function.Predicate;

/**
 * How an object leaves Trimtab for good. Its record moves from {@code trimtab.dev/filled} to {@code trimtab.dev/left}: from
 * then on no review touches the object, and no webhook of Trimtab is in the way of a write. Then the fills go out of its
 * template. Two writes, so that it works while Trimtab is down: an UPDATE of the template of an object that has {@code
 * trimtab.dev/filled} is refused then.
 */
public final class LeftRecord {
    /** On the object. The record of what is still in it, or any other text. */
    public static final String ANNOTATION = FillRecord.LEFT;

    /** What stands there once nothing of ours is in the object. */
    private static final String DONE = "done";

    private static final JsonPointer LEFT = Pointers.of("metadata", "annotations", ANNOTATION);
    private static final JsonPointer RECORD = Pointers.of("metadata", "annotations", FillRecord.ANNOTATION);

    private LeftRecord() {}

    public static boolean hasBegun(ObjectNode object) {
        return !new Manifest(object).annotations().text(ANNOTATION).orElse("").isEmpty();
    }

    /** Which fields are ours, wherever the record stands; empty where nothing is known of it. */
    public static FillRecord record(ObjectNode object) {
        return isHeld(object) ? FillRecord.of(object) : FillRecord.ofLeft(object);
    }

    /** Whether Trimtab still looks after an object. */
    public static boolean isHeld(ObjectNode object) {
        return new Manifest(object).annotations().has(FillRecord.ANNOTATION);
    }

    /** The first write: the record moves, and nothing that starts pods changes. */
    public static void moveRecord(ObjectNode object) {
        if (isHeld(object)) {
            Pointers.set(object, LEFT, object.at(RECORD));
            Pointers.remove(object, RECORD);
        }
    }

    /** Takes the first write back, where the second one is refused. */
    public static void takeBack(ObjectNode object) {
        if (hasBegun(object) && !isHeld(object)) {
            Pointers.set(object, RECORD, object.at(LEFT));
            Pointers.remove(object, LEFT);
        }
    }

    /** Says that nothing of ours is in an object any more: what has the value of a fill now is its author's. */
    public static void finish(ObjectNode object) {
        Pointers.set(object, LEFT, TextNode.valueOf(DONE));
    }

    /**
     * Takes out of an object what is ours, and gives clamped fields their author's value.
     *
     * @param places those that are taken out; of what the author wrote as well, nothing is
     */
    public static void takeOut(ObjectNode object, Predicate<JsonPointer> places) {
        FillRecord record = record(object);
        record.takeOutFilled(object, places);
        record.takeBackClamped(object);
    }
}
