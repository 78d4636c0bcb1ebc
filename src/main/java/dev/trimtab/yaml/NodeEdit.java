package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Walks the nodes beside the trees before and after, and gathers the edits of the text. */
final class NodeEdit {
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
            String name = entry.isMerge() ? null : Locator.name(entry);
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
        int[] origin = ListAlignment.of(before, after);
        int last = PartChanges.FRONT;
        for (int i = 0; i < origin.length; i++) {
            if (origin[i] == ListAlignment.NEW) {
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
}
