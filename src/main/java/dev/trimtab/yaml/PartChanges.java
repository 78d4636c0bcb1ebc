package dev.trimtab.yaml;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which parts of a collection go, and what comes after which of those that stay. */
final class PartChanges {
    static final int FRONT = -1;

    private final List<Part> parts;
    private final BitSet removed = new BitSet();
    private final TreeMap<Integer, List<String>> added = new TreeMap<>();

    PartChanges(List<Part> parts) {
        this.parts = parts;
        removed.set(0, parts.size());
    }

    void keep(int index) {
        removed.clear(index);
    }

    /** After the part at the index, which must be one that is kept, or at the {@link #FRONT}. */
    void add(int after, String text) {
        added.computeIfAbsent(after, key -> new ArrayList<>()).add(text);
    }

    Part part(int index) {
        return parts.get(index);
    }

    int size() {
        return parts.size();
    }

    boolean isRemoved(int index) {
        return removed.get(index);
    }

    int firstKept() {
        return removed.nextClearBit(0);
    }

    int lastKept() {
        return removed.previousClearBit(parts.size() - 1);
    }

    boolean keepsAny() {
        return removed.cardinality() < parts.size();
    }

    Map<Integer, List<String>> added() {
        return added;
    }
}
