package dev.trimtab.stability;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.function.Predicate;

/**
 * Takes an object out of Trimtab for good, in two writes. The first moves the record from {@code trimtab.dev/filled} to
 * {@code trimtab.dev/left}: from then on no review touches the object. The second removes the fills from the template.
 * Two writes work even while Trimtab is down: an UPDATE of the template of an object with {@code trimtab.dev/filled} is
 * refused then.
 */
public final class LeftRecord {
    /** Holds the record of the fills still in the object, or any other text. */
    public static final String ANNOTATION = FillRecord.LEFT;

    private static final String DONE = "done";

    private static final JsonPointer LEFT = Pointers.of("metadata", "annotations", ANNOTATION);
    private static final JsonPointer RECORD = Pointers.of("metadata", "annotations", FillRecord.ANNOTATION);

    private LeftRecord() {}

    public static boolean hasBegun(ObjectNode object) {
        return !new Manifest(object).annotations().text(ANNOTATION).orElse("").isEmpty();
    }

    /** The record before or after the first write. */
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

    /** Undoes the first write, for a refusal of the second one. */
    public static void takeBack(ObjectNode object) {
        if (hasBegun(object) && !isHeld(object)) {
            Pointers.set(object, RECORD, object.at(LEFT));
            Pointers.remove(object, LEFT);
        }
    }

    /** Marks that no fill is left. An equal value is the author's from now on. */
    public static void finish(ObjectNode object) {
        Pointers.set(object, LEFT, TextNode.valueOf(DONE));
    }

    /** Removes fills, and restores the author's values of clamped fields. */
    public static void takeOut(ObjectNode object, Predicate<JsonPointer> places) {
        FillRecord record = record(object);
        record.takeOutFilled(object, places);
        record.takeBackClamped(object);
    }
}
