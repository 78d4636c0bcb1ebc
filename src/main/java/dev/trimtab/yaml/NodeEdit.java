package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.yaml.AuthorStyle.BlockText;
import dev.trimtab.yaml.AuthorStyle.FlowText;
import dev.trimtab.yaml.ValueEdit.Slot;
import dev.trimtab.yaml.ValueEdit.TextEdits;
import dev.trimtab.yaml.YamlProblem.Unreadable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Walks the nodes beside the trees before and after, and gathers the edits of the text. */
final class NodeEdit {
    private static final int NEW = -1;

    /** How many old items are compared with a new one. Admission moves no items, so few are enough. */
    private static final int AHEAD = 100;

    private final YamlDocument document;
    private final SourceText source;
    private final TextEdits edits = new TextEdits();
    private final BlockText block;
    private final FlowText flow;
    private final ValueEdit values;
    private final BlockPlaces places;
    private final boolean aliases;
    private final int limit;

    /** What each node will read as once the edits are done; its aliases then read the same. */
    private IdentityHashMap<YamlNode, JsonNode> results = new IdentityHashMap<>();

    /** @param limit containers at this depth are not edited but written anew */
    NodeEdit(YamlDocument document, int limit) {
        this.document = document;
        this.source = new SourceText(document.text());
        AuthorStyle style = AuthorStyle.of(source, document.root());
        this.block = style.block();
        this.flow = style.flow();
        this.values = new ValueEdit(source, edits, block, flow);
        this.places = new BlockPlaces(source);
        this.aliases = style.aliases();
        this.limit = limit;
    }

    /** The edited text, or nothing if its shape is too exotic for this limit. */
    Optional<String> apply(JsonNode after) {
        change(Slot.ROOT, document.root(), document.content(), after, 0);
        return edits.apply(document.text());
    }

    private void change(Slot slot, YamlNode node, JsonNode before, JsonNode after, int depth) {
        if (node instanceof YamlNode.Alias alias) {
            JsonNode result = results.get(alias.target());
            if (result == null || !Trees.same(result, after)) {
                values.replace(slot, node, after);
            }
            return;
        }
        boolean same = Trees.same(before, after);
        if (same && !aliases) {
            return;
        }
        boolean done = (same && node instanceof YamlNode.Scalar)
                || ((same || depth < limit) && changeInside(node, before, after, depth));
        if (!done) {
            values.replace(slot, node, after);
        } else if (aliases) {
            results.put(node, after);
        }
    }

    /** False, with no edit done, if the collection has to be written anew. */
    private boolean changeInside(YamlNode node, JsonNode before, JsonNode after, int depth) {
        if (before.isContainerNode() && before.isEmpty() && after.getNodeType() == before.getNodeType()) {
            return after.isEmpty();
        }
        int mark = edits.mark();
        IdentityHashMap<YamlNode, JsonNode> saved = aliases ? new IdentityHashMap<>(results) : results;
        boolean done = changeParts(node, before, after, depth);
        if (!done) {
            edits.reset(mark);
            results = saved;
        }
        return done;
    }

    private boolean changeParts(YamlNode node, JsonNode before, JsonNode after, int depth) {
        if (node instanceof YamlNode.Mapping mapping && after instanceof ObjectNode object) {
            return changeMapping(mapping, before, object, depth);
        }
        return node instanceof YamlNode.Sequence sequence
                && after instanceof ArrayNode array
                && changeSequence(sequence, before, array, depth);
    }

    private boolean changeMapping(YamlNode.Mapping mapping, JsonNode before, ObjectNode after, int depth) {
        List<YamlNode.Entry> entries = mapping.entries();
        PartChanges changes = new PartChanges(entries.stream()
                .map(entry -> new Part(entry.key().start(), entry.value().end()))
                .toList());
        MergedFields merged = new MergedFields(results);
        ObjectNode missing = JsonNodeFactory.instance.objectNode();
        missing.setAll(after);
        for (int i = 0; i < entries.size(); i++) {
            YamlNode.Entry entry = entries.get(i);
            String name = entry.isMerge() ? null : entry.name();
            if (name == null) {
                merged.add(entry.value());
                changes.keep(i);
            } else if (after.has(name)) {
                change(slot(mapping, entry), entry.value(), before.get(name), after.get(name), depth + 1);
                missing.remove(name);
                changes.keep(i);
            }
        }
        if (!changes.keepsAny() || !merged.cover(missing, after)) {
            return false;
        }
        int column = entries.get(0).key().span().column();
        for (Map.Entry<String, JsonNode> field : missing.properties()) {
            changes.add(
                    changes.lastKept(),
                    mapping.flow()
                            ? flow.entry(field.getKey(), field.getValue())
                            : block.entry(field.getKey(), field.getValue(), column));
        }
        changeParts(mapping.flow(), changes, column);
        return true;
    }

    private boolean changeSequence(YamlNode.Sequence sequence, JsonNode before, ArrayNode after, int depth) {
        List<Part> parts = sequence.flow()
                ? sequence.items().stream()
                        .map(item -> new Part(item.start(), item.end()))
                        .toList()
                : places.dashes(sequence);
        if (parts.isEmpty()) {
            return false;
        }
        PartChanges changes = new PartChanges(parts);
        int column = parts.get(0).start() - source.lineStart(parts.get(0).start());
        int[] origin = origins(before, after);
        int last = PartChanges.FRONT;
        for (int i = 0; i < origin.length; i++) {
            if (origin[i] == NEW) {
                changes.add(last, sequence.flow() ? flow.value(after.get(i)) : block.item(after.get(i), column));
            } else {
                last = origin[i];
                Slot slot = sequence.flow()
                        ? new Slot(Slot.Kind.FLOW_ITEM, parts.get(last).start(), 0)
                        : new Slot(Slot.Kind.BLOCK_ITEM, parts.get(last).start() + 1, column);
                change(slot, sequence.items().get(last), before.get(last), after.get(i), depth + 1);
                changes.keep(last);
            }
        }
        if (!changes.keepsAny()) {
            return false;
        }
        changeParts(sequence.flow(), changes, column);
        return true;
    }

    private void changeParts(boolean inFlow, PartChanges changes, int column) {
        if (inFlow) {
            new FlowEdit(source, edits, block, flow).change(changes);
        } else {
            new BlockEdit(source, edits, block).change(changes, column);
        }
    }

    private Slot slot(YamlNode.Mapping mapping, YamlNode.Entry entry) {
        int end = entry.key().end();
        if (mapping.flow()) {
            return new Slot(Slot.Kind.FLOW_ENTRY, end, 0);
        }
        int colon = source.skipToToken(end);
        return new Slot(Slot.Kind.BLOCK_ENTRY, colon + 1, entry.key().span().column());
    }

    /**
     * Returns for each new item the index of the old item it comes from, or {@link #NEW}; ascending. Two items pair up if they
     * are equal or have the same {@code name}, as containers and environment variables do. Items between two pairs are paired
     * by their order.
     */
    private static int[] origins(JsonNode before, JsonNode after) {
        int[] origin = new int[after.size()];
        Arrays.fill(origin, NEW);
        int start = 0;
        int beforeEnd = before.size();
        int afterEnd = after.size();
        while (start < Math.min(beforeEnd, afterEnd) && Trees.same(before.get(start), after.get(start))) {
            origin[start] = start++;
        }
        while (Math.min(beforeEnd, afterEnd) > start
                && Trees.same(before.get(beforeEnd - 1), after.get(afterEnd - 1))) {
            origin[--afterEnd] = --beforeEnd;
        }
        int old = start;
        for (int i = start; i < afterEnd; i++) {
            int end = Math.min(beforeEnd, old + AHEAD);
            for (int j = old; j < end && origin[i] == NEW; j++) {
                origin[i] = isPair(before.get(j), after.get(i)) ? j : NEW;
            }
            old = origin[i] == NEW ? old : origin[i] + 1;
        }
        int next = before.size();
        int[] limit = new int[origin.length];
        for (int i = origin.length - 1; i >= 0; i--) {
            next = origin[i] == NEW ? next : origin[i];
            limit[i] = next;
        }
        old = 0;
        for (int i = 0; i < origin.length; i++) {
            origin[i] = origin[i] == NEW && old < limit[i] ? old : origin[i];
            old = origin[i] == NEW ? old : origin[i] + 1;
        }
        return origin;
    }

    private static boolean isPair(JsonNode left, JsonNode right) {
        JsonNode name = left.path("name");
        return (name.isTextual() && name.equals(right.path("name"))) || Trees.same(left, right);
    }

    /** Which parts of a collection go, and what comes after which of those that stay. */
    static final class PartChanges {
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

    /** One entry or item of a collection in the text: from its key, dash or value to after its last character. */
    record Part(int start, int end) {}

    /** Finds the places in block style that the parser does not tell. */
    record BlockPlaces(SourceText source) {

        /** The items of a block sequence, each from its dash; empty if the text is not of that shape. */
        List<Part> dashes(YamlNode.Sequence sequence) {
            List<Part> parts = new ArrayList<>();
            int from = afterProperties(sequence.start());
            for (YamlNode item : sequence.items()) {
                int dash = source.skipToToken(from);
                if (source.at(dash) != '-') {
                    return List.of();
                }
                parts.add(new Part(dash, item.end()));
                from = item.end();
            }
            return parts;
        }

        /** Anchors and tags are part of a node's place. */
        private int afterProperties(int start) {
            int at = start;
            while (source.at(at) == '&' || source.at(at) == '!') {
                while (at < source.length() && !SourceText.isBlankOrBreak(source.at(at))) {
                    at++;
                }
                at = source.skipToToken(at);
            }
            return at;
        }
    }

    /** Removes and adds entries of block mappings and items of block sequences: whole lines. */
    static final class BlockEdit {
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

    /** Removes and adds entries and items between braces and brackets: the commas go and come with them. */
    static final class FlowEdit {
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
                        changes.part(last).end(),
                        changes.part(changes.size() - 1).end());
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

    /** What the {@code <<} keys of a mapping will bring once the edits are done. */
    static final class MergedFields {
        private final IdentityHashMap<YamlNode, JsonNode> results;
        private final ObjectNode fields = JsonNodeFactory.instance.objectNode();
        private boolean known = true;

        /** @param results what the nodes read so far will read as */
        MergedFields(IdentityHashMap<YamlNode, JsonNode> results) {
            this.results = results;
        }

        void add(YamlNode source) {
            for (YamlNode map : ContentReader.mergeSources(source)) {
                JsonNode value = source instanceof YamlNode.Alias list && !(list.target() instanceof YamlNode.Mapping)
                        ? null
                        : result(map);
                known &= value != null;
                if (value != null) {
                    value.properties().forEach(field -> fields.putIfAbsent(field.getKey(), field.getValue()));
                }
            }
        }

        private JsonNode result(YamlNode map) {
            if (map instanceof YamlNode.Alias alias) {
                return results.get(alias.target());
            }
            try {
                return ContentReader.read(map);
            } catch (Unreadable e) {
                return null;
            }
        }

        /**
         * Takes from the fields that still have to be added those that the merge brings.
         *
         * @return false if the merge would bring a field that must not be there
         */
        boolean cover(ObjectNode missing, ObjectNode after) {
            for (Map.Entry<String, JsonNode> field : fields.properties()) {
                if (!after.has(field.getKey())) {
                    return false;
                }
                if (missing.has(field.getKey()) && Trees.same(missing.get(field.getKey()), field.getValue())) {
                    missing.remove(field.getKey());
                }
            }
            return known;
        }
    }
}
