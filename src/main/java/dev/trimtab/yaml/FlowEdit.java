package dev.trimtab.yaml;

import java.util.List;
import java.util.Map;

/** Removes and adds entries and items between braces and brackets: the commas go and come with them. */
final class FlowEdit {
    private final SourceText source;
    private final TextEdits edits;
    private final BlockText block;
    private final FlowText text;

    FlowEdit(SourceText source, TextEdits edits, BlockText block, FlowText text) {
        this.source = source;
        this.edits = edits;
        this.block = block;
        this.text = text;
    }

    void change(PartChanges changes) {
        remove(changes);
        for (Map.Entry<Integer, List<String>> group : changes.added().entrySet()) {
            int after = group.getKey();
            if (after == PartChanges.FRONT) {
                addFirst(changes.part(changes.firstKept()), group.getValue());
            } else if (after == changes.size() - 1 && closesItsLine(changes.part(after))) {
                addLines(changes.part(after), group.getValue());
            } else {
                addBetween(changes.part(after), group.getValue());
            }
        }
    }

    private void remove(PartChanges changes) {
        int last = changes.lastKept();
        for (int i = 0; i < last; i++) {
            if (changes.isRemoved(i)) {
                edits.delete(changes.part(i).start(), changes.part(i + 1).start());
            }
        }
        if (last < changes.size() - 1) {
            edits.delete(
                    changes.part(last).end(), changes.part(changes.size() - 1).end());
        }
    }

    /** One entry a line, as pretty-printed JSON has it. */
    private boolean closesItsLine(Part part) {
        return source.startsLine(part.start()) && source.endsLine(endWithComma(part));
    }

    private int endWithComma(Part part) {
        int next = source.skipToToken(part.end());
        return source.at(next) == ',' ? next + 1 : part.end();
    }

    private void addFirst(Part first, List<String> added) {
        for (String entry : added) {
            edits.insert(first.start(), entry + separator(first));
        }
    }

    private void addBetween(Part before, List<String> added) {
        for (String entry : added) {
            edits.insert(before.end(), separator(before) + entry);
        }
    }

    private void addLines(Part last, List<String> added) {
        int end = endWithComma(last);
        boolean trailingComma = end > last.end();
        if (!trailingComma) {
            edits.insert(end, ",");
        }
        int lineEnd = source.lineEnd(end);
        for (int i = 0; i < added.size(); i++) {
            boolean comma = trailingComma || i < added.size() - 1;
            edits.insert(lineEnd, newLine(last) + added.get(i) + (comma ? "," : ""));
        }
    }

    private String separator(Part part) {
        return source.startsLine(part.start()) ? "," + newLine(part) : text.separator();
    }

    private String newLine(Part part) {
        return block.lineBreak() + source.text().substring(source.lineStart(part.start()), part.start());
    }
}
