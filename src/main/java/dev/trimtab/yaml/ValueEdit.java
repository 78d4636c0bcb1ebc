package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.yaml.AuthorStyle.BlockText;
import dev.trimtab.yaml.AuthorStyle.FlowText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

final class ValueEdit {
    private final SourceText source;
    private final TextEdits edits;
    private final BlockText block;
    private final FlowText flow;

    ValueEdit(SourceText source, TextEdits edits, BlockText block, FlowText flow) {
        this.source = source;
        this.edits = edits;
        this.block = block;
        this.flow = flow;
    }

    void replace(Slot slot, YamlNode node, JsonNode after) {
        if (slot.inFlow()) {
            replaceInFlow(slot, node, flowText(node, after));
        } else if (staysFlow(slot, node, after)) {
            edits.replace(node.start(), node.end(), flow.value(after));
        } else if (BlockText.isInline(after)) {
            replaceByInline(slot, node, blockText(node, after));
        } else {
            replaceByBlock(slot, node, after);
        }
    }

    private String flowText(YamlNode node, JsonNode after) {
        boolean scalar = node instanceof YamlNode.Scalar && !after.isContainerNode() && !flow.json();
        return scalar ? ScalarText.like(((YamlNode.Scalar) node).style(), after, true) : flow.value(after);
    }

    private static String blockText(YamlNode node, JsonNode after) {
        return node instanceof YamlNode.Scalar scalar && !after.isContainerNode()
                ? ScalarText.like(scalar.style(), after, false)
                : BlockText.inline(after);
    }

    /**
     * An empty flow collection does not show the author's style: it becomes block style, except at the root of JSON.
     */
    private boolean staysFlow(Slot slot, YamlNode node, JsonNode after) {
        boolean json = slot.kind() == Slot.Kind.ROOT && flow.json();
        if (node instanceof YamlNode.Mapping mapping) {
            return mapping.flow()
                    && after.isObject()
                    && (json || !mapping.entries().isEmpty());
        }
        return node instanceof YamlNode.Sequence sequence
                && sequence.flow()
                && after.isArray()
                && (json || !sequence.items().isEmpty());
    }

    private void replaceInFlow(Slot slot, YamlNode node, String text) {
        if (node.start() < node.end()) {
            edits.replace(node.start(), node.end(), text);
            return;
        }
        int colon = source.skipToToken(slot.after());
        boolean hasColon = source.at(colon) == ':';
        edits.insert(hasColon ? colon + 1 : slot.after(), (hasColon ? " " : ": ") + text);
    }

    private void replaceByInline(Slot slot, YamlNode node, String text) {
        if (node.start() == node.end()) {
            edits.insert(slot.after(), " " + text);
        } else if (slot.kind() == Slot.Kind.BLOCK_ENTRY && node.isBlockCollection()) {
            replaceLines(slot, node, " " + text, "");
        } else {
            edits.replace(node.start(), node.end(), text);
        }
    }

    private void replaceByBlock(Slot slot, YamlNode node, JsonNode after) {
        switch (slot.kind()) {
            case BLOCK_ENTRY -> replaceEntryByBlock(slot, node, block.afterColon(after, slot.column()));
            case BLOCK_ITEM -> {
                if (node.start() == node.end()) {
                    edits.insert(slot.after(), " " + block.value(after, slot.column() + 2));
                } else {
                    edits.replace(
                            node.start(),
                            node.end(),
                            block.value(after, node.span().column()));
                }
            }
            default -> {
                String newLine = source.startsLine(node.start()) ? "" : block.lineBreak();
                edits.replace(node.start(), node.end(), newLine + block.value(after, 0));
            }
        }
    }

    private void replaceEntryByBlock(Slot slot, YamlNode node, String lines) {
        if (node.isBlockCollection()) {
            replaceLines(slot, node, "", lines);
        } else if (source.sameLine(slot.after(), node.end())) {
            // A comment after the old value stays on the line of the key.
            edits.delete(slot.after(), node.end());
            edits.insert(source.lineEnd(node.end()), lines);
        } else {
            edits.replace(slot.after(), node.end(), lines);
        }
    }

    /** Replaces the lines below a key. A comment on the key's line stays if the value begins below that line. */
    private void replaceLines(Slot slot, YamlNode node, String afterColon, String below) {
        int lineEnd = source.lineEnd(slot.after());
        int end = source.lineEnd(node.end());
        if (node.start() < lineEnd) {
            edits.replace(slot.after(), end, afterColon + below);
            return;
        }
        if (!afterColon.isEmpty()) {
            edits.insert(slot.after(), afterColon);
        }
        edits.replace(lineEnd, end, below);
    }

    /**
     * The place of a value in the text.
     *
     * @param after the offset after the colon or dash; in flow style, after the key
     * @param column of the key or dash, from 0; only in block style
     */
    record Slot(Kind kind, int after, int column) {
        enum Kind {
            ROOT,
            BLOCK_ENTRY,
            BLOCK_ITEM,
            FLOW_ENTRY,
            FLOW_ITEM
        }

        static final Slot ROOT = new Slot(Kind.ROOT, 0, 0);

        boolean inFlow() {
            return kind == Kind.FLOW_ENTRY || kind == Kind.FLOW_ITEM;
        }
    }

    /** Collects edits and applies them all at once, so that offsets stay valid. */
    static final class TextEdits {
        private record Edit(int from, int to, String text) {
            boolean isInsertion() {
                return from == to;
            }
        }

        private final List<Edit> edits = new ArrayList<>();

        void replace(int from, int to, String text) {
            edits.add(new Edit(from, to, text));
        }

        /** Several insertions at one offset keep their order. */
        void insert(int at, String text) {
            edits.add(new Edit(at, at, text));
        }

        void delete(int from, int to) {
            edits.add(new Edit(from, to, ""));
        }

        boolean isEmpty() {
            return edits.isEmpty();
        }

        /** Empty if an insertion or replacement overlaps an earlier edit. Deletions may overlap. */
        Optional<String> apply(String text) {
            List<Edit> ordered = new ArrayList<>(edits);
            ordered.sort(Comparator.comparingInt(Edit::from).thenComparing(edit -> !edit.isInsertion()));
            StringBuilder result = new StringBuilder();
            int done = 0;
            for (Edit edit : ordered) {
                boolean overlaps = edit.from() < done;
                if (overlaps && !edit.text().isEmpty()) {
                    return Optional.empty();
                }
                if (!overlaps) {
                    result.append(text, done, edit.from());
                }
                result.append(edit.text());
                done = Math.max(done, edit.to());
            }
            return Optional.of(result.append(text, done, text.length()).toString());
        }
    }
}
