package dev.trimtab.yaml;

import java.util.List;
import java.util.Map;

/** Removes and adds entries of block mappings and items of block sequences: whole lines. */
final class BlockEdit {
    private final SourceText source;
    private final TextEdits edits;
    private final BlockText text;

    BlockEdit(SourceText source, TextEdits edits, BlockText text) {
        this.source = source;
        this.edits = edits;
        this.text = text;
    }

    /** @param column where the keys or dashes stand, from 0 */
    void change(PartChanges changes, int column) {
        remove(changes);
        for (Map.Entry<Integer, List<String>> group : changes.added().entrySet()) {
            for (String added : group.getValue()) {
                add(changes, group.getKey(), added, column);
            }
        }
    }

    private void remove(PartChanges changes) {
        int from = 0;
        Part first = changes.part(0);
        if (changes.isRemoved(0) && !source.startsLine(first.start())) {
            // "- a: 1": the dash before the first key stays.
            from = changes.firstKept();
            edits.delete(first.start(), changes.part(from).start());
        }
        for (int i = from; i < changes.size(); i++) {
            if (changes.isRemoved(i)) {
                deleteLines(
                        source.lineStart(changes.part(i).start()),
                        changes.part(i).end());
            }
        }
    }

    /**
     * The line break before the lines goes with them, not the one after: so a last line without one stays so, and
     * the end of the lines is still a place for an insertion.
     */
    private void deleteLines(int lineStart, int end) {
        if (lineStart == 0) {
            edits.delete(0, source.nextLine(end));
        } else {
            edits.delete(source.endOfLineBefore(lineStart), source.lineEnd(end));
        }
    }

    private void add(PartChanges changes, int after, String added, int column) {
        if (after == PartChanges.FRONT) {
            int start = changes.part(changes.firstKept()).start();
            edits.insert(start, added + text.newLine(column));
            return;
        }
        int end = source.lineEnd(changes.part(after).end());
        if (after == changes.size() - 1 && column > 0) {
            end = afterComments(end, column);
        }
        edits.insert(end, text.newLine(column) + added);
    }

    /** Comments below the last entry, not less indented than it, speak of this collection. */
    private int afterComments(int lineEnd, int column) {
        int end = lineEnd;
        int next = source.nextLine(end);
        while (next > end && next < source.length()) {
            int at = source.skipBlanks(next);
            if (source.at(at) != '#' || at - next < column) {
                break;
            }
            end = source.lineEnd(at);
            next = source.nextLine(end);
        }
        return end;
    }
}
