package dev.trimtab.drift;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a refresh would do to one object.
 *
 * @param differences what it would change
 * @param notes what it would warn of, and leave
 * @param block why it cannot be refreshed; empty where it can
 * @param result what would be stored
 * @param left why it is not reviewed at all; empty where it is
 */
record Drift(List<Difference> differences, List<String> notes, String block, ObjectNode result, String left) {
    Drift {
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
    }
}
