package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.function.Predicate;

/**
 * How an object leaves Trimtab for good. First its record moves from {@code trimtab.dev/filled} to {@code
 * trimtab.dev/left}: from then on no review touches the object. Then the fills go out of its template. It takes two
 * writes, so that it works while Trimtab is down: an UPDATE of the template of an object with {@code
 * trimtab.dev/filled} is refused then.
 */
public final class LeftRecord {
    /** The record of what is still in the object, or any other text. */
    public static final String ANNOTATION = FillRecord.LEFT;

    private static final String DONE = "done";

    private static final JsonPointer LEFT = Pointers.of("metadata", "annotations", ANNOTATION);
    private static final JsonPointer RECORD = Pointers.of("metadata", "annotations", FillRecord.ANNOTATION);

    private LeftRecord() {}

    public static boolean hasBegun(ObjectNode object) {
        return !new Manifest(object).annotations().text(ANNOTATION).orElse("").isEmpty();
    }

    /** Which fields are ours, before or after the first write. */
    public static FillRecord record(ObjectNode object) {
        return isHeld(object) ? FillRecord.of(object) : FillRecord.ofLeft(object);
    }

    public static boolean isHeld(ObjectNode object) {
        return new Manifest(object).annotations().has(FillRecord.ANNOTATION);
    }

    /** The first write; it starts no pods. */
    public static void moveRecord(ObjectNode object) {
        if (isHeld(object)) {
            Pointers.set(object, LEFT, object.at(RECORD));
            Pointers.remove(object, RECORD);
        }
    }

    /** Takes the first write back if the second one is refused. */
    public static void takeBack(ObjectNode object) {
        if (hasBegun(object) && !isHeld(object)) {
            Pointers.set(object, RECORD, object.at(LEFT));
            Pointers.remove(object, LEFT);
        }
    }

    /** Records that nothing of ours is left: a value like a fill is its author's from now on. */
    public static void finish(ObjectNode object) {
        Pointers.set(object, LEFT, TextNode.valueOf(DONE));
    }

    /**
     * Removes fills, and gives clamped fields their author's value.
     *
     * @param places the fills to remove
     */
    public static void takeOut(ObjectNode object, Predicate<JsonPointer> places) {
        FillRecord record = record(object);
        record.takeOutFilled(object, places);
        record.takeBackClamped(object);
    }
}
