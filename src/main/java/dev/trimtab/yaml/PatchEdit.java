package dev.trimtab.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.yaml.CollectionEdit.Part;
import dev.trimtab.yaml.NodeReader.ContentReader;
import dev.trimtab.yaml.ValueEdit.Slot;
import dev.trimtab.yaml.ValueEdit.TextEdits;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Applies one round of JSON Patch operations to the text of a document. All offsets are from before the round. An
 * operation waits for the next round if an earlier one moved its place.
 */
final class PatchEdit {
    private final YamlDocument document;
    private final TextEdits edits = new TextEdits();
    private final CollectionEdit collections;
    private final ValueEdit values;
    private final SourceText source;
    private final int limit;
    private final List<Reference> references = new ArrayList<>();
    private final IdentityHashMap<YamlNode, NewFields> added = new IdentityHashMap<>();
    private final Set<YamlNode> edited = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<YamlNode> closed = Collections.newSetFromMap(new IdentityHashMap<>());

    private record Operation(boolean isRemove, boolean isReplace, JsonPointer path, JsonNode json) {
        static Operation of(JsonNode json) {
            String name = json.path("op").asText();
            JsonPointer path = JsonPointer.compile(json.path("path").asText());
            return new Operation(name.equals("remove"), name.equals("replace"), path, json);
        }

        /** @param rest the operation's path, relative to the value */
        JsonNode on(JsonNode before, JsonPointer rest) {
            if (rest.matches()) {
                return json.path("value");
            }
            ObjectNode relative = json.deepCopy();
            relative.put("path", rest.toString());
            return JsonPatch.apply(JsonNodeFactory.instance.arrayNode().add(relative), before);
        }
    }

    private record Place(Slot slot, YamlNode node, JsonPointer at, int depth) {}

    /** An alias, and the smallest value to rewrite without it: the alias itself, or the mapping that merges it. */
    private record Reference(YamlNode.Alias alias, Place place) {}

    private record NewFields(YamlNode.Mapping mapping, int depth, ObjectNode fields) {}

    /** @param limit from this depth on, containers are written anew instead of edited */
    PatchEdit(YamlDocument document, int limit) {
        this.document = document;
        this.limit = limit;
        this.source = new SourceText(document.text());
        AuthorStyle style = AuthorStyle.of(source, document.root());
        this.collections = new CollectionEdit(source, edits, style.block(), style.flow());
        this.values = new ValueEdit(source, edits, style.block(), style.flow());
        if (style.aliases()) {
            collect(root());
        }
    }

    /** Empty if nothing changed, or if the content is not what the done operations give (not checked with aliases). */
    Optional<YamlDocument> apply(ArrayNode patch) {
        ArrayNode done = JsonNodeFactory.instance.arrayNode();
        for (Operation operation : removalsLast(patch)) {
            if (!isNothing(operation) && change(root(), operation, operation.path())) {
                done.add(operation.json());
            }
            // A change of an anchored value changes its aliases too: the remaining operations may no longer apply.
            if (!references.isEmpty() && !(edits.isEmpty() && added.isEmpty())) {
                break;
            }
        }
        added.values().stream()
                .sorted(Comparator.comparingInt(NewFields::depth).reversed())
                .forEach(it -> collections.add(it.mapping(), it.fields()));
        return edits.apply(document.text())
                .filter(text -> !text.equals(document.text()))
                .flatMap(YamlEdit::read)
                .filter(result -> !references.isEmpty()
                        || Trees.same(result.content(), JsonPatch.apply(done, document.content())));
    }

    /** Puts removals from mappings last: a mapping that is never empty in between keeps its style. */
    private List<Operation> removalsLast(ArrayNode patch) {
        return StreamSupport.stream(patch.spliterator(), false)
                .map(Operation::of)
                .sorted(Comparator.comparing(it ->
                        it.isRemove() && document.content().at(it.path().head()).isObject()))
                .toList();
    }

    /** Whether a replacement keeps the value: a JSON Patch distinguishes 1 and 1.0. */
    private boolean isNothing(Operation operation) {
        return operation.isReplace()
                && Trees.same(
                        document.content().at(operation.path()),
                        operation.json().path("value"));
    }

    private Place root() {
        return new Place(Slot.ROOT, document.root(), JsonPointer.empty(), 0);
    }

    /** Returns whether the operation was done. If not, an alias may have been spelled out for it. */
    private boolean change(Place place, Operation operation, JsonPointer rest) {
        YamlNode node = place.node();
        if (closed.contains(node)) {
            return false;
        }
        boolean done;
        if (rest.matches() || place.depth() >= limit) {
            done = replace(place, operation, rest);
        } else if (node instanceof YamlNode.Mapping mapping
                && !mapping.entries().isEmpty()) {
            done = changeMapping(place, mapping, operation, rest);
        } else if (node instanceof YamlNode.Sequence sequence
                && !collections.parts(sequence).isEmpty()) {
            done = changeSequence(place, sequence, operation, rest);
        } else {
            done = replace(place, operation, rest);
        }
        (done ? edited : closed).add(node);
        return done;
    }

    private boolean changeMapping(Place place, YamlNode.Mapping mapping, Operation operation, JsonPointer rest) {
        String name = rest.getMatchingProperty();
        List<YamlNode.Entry> entries = mapping.entries();
        boolean removes = operation.isRemove() && rest.tail().matches();
        for (int i = 0; i < entries.size(); i++) {
            if (!entries.get(i).isMerge() && entries.get(i).name().equals(name)) {
                return removes
                        ? removePart(place, operation, rest, i)
                        : change(child(place, mapping, entries.get(i)), operation, rest.tail());
            }
        }
        if (removes) {
            return replace(place, operation, rest);
        }
        // The field is absent or comes from a merge. The mapping's own field takes precedence over a merged one.
        JsonNode before = document.content().at(place.at().appendProperty(name));
        NewFields fields = added.computeIfAbsent(
                mapping, it -> new NewFields(mapping, place.depth(), JsonNodeFactory.instance.objectNode()));
        if (fields.fields().has(name)) {
            return false;
        }
        fields.fields().set(name, operation.on(before, rest.tail()));
        return true;
    }

    private boolean changeSequence(Place place, YamlNode.Sequence sequence, Operation operation, JsonPointer rest) {
        int index = rest.getMatchingIndex();
        if (operation.isReplace() || !rest.tail().matches()) {
            return change(child(place, sequence, index), operation, rest.tail());
        }
        if (operation.isRemove()) {
            return removePart(place, operation, rest, index);
        }
        if (edited.contains(sequence)) {
            return false;
        }
        collections.insert(sequence, index, operation.json().path("value"));
        closed.add(sequence);
        return true;
    }

    private boolean removePart(Place place, Operation operation, JsonPointer rest, int index) {
        YamlNode collection = place.node();
        if (edited.contains(collection)) {
            return false;
        }
        List<Part> parts = collections.parts(collection);
        if (parts.size() == 1) {
            return replace(place, operation, rest);
        }
        if (spellsOut(parts.get(index))) {
            return false;
        }
        collections.remove(collection, index);
        closed.add(collection);
        return true;
    }

    private boolean replace(Place place, Operation operation, JsonPointer rest) {
        if (edited.contains(place.node())) {
            return false;
        }
        return replace(place, operation.on(document.content().at(place.at()), rest));
    }

    private boolean replace(Place place, JsonNode value) {
        if (spellsOut(new Part(place.node().start(), place.node().end()))) {
            return false;
        }
        values.replace(place.slot(), place.node(), value);
        closed.add(place.node());
        return true;
    }

    /** Spells out one alias whose anchor is about to be removed. Returns whether there was one. */
    private boolean spellsOut(Part going) {
        Optional<Reference> left = references.stream()
                .filter(it -> going.contains(it.alias().target()) && !going.contains(it.alias()))
                .findFirst();
        left.ifPresent(
                it -> replace(it.place(), document.content().at(it.place().at())));
        return left.isPresent();
    }

    private void collect(Place place) {
        if (place.node() instanceof YamlNode.Alias alias) {
            references.add(new Reference(alias, place));
        } else if (place.node() instanceof YamlNode.Sequence sequence) {
            for (int i = 0; i < collections.parts(sequence).size(); i++) {
                collect(child(place, sequence, i));
            }
        } else if (place.node() instanceof YamlNode.Mapping mapping) {
            for (YamlNode.Entry entry : mapping.entries()) {
                if (!entry.isMerge()) {
                    collect(child(place, mapping, entry));
                } else {
                    ContentReader.mergeSources(entry.value()).stream()
                            .filter(YamlNode.Alias.class::isInstance)
                            .forEach(it -> references.add(new Reference((YamlNode.Alias) it, place)));
                }
            }
        }
    }

    private Place child(Place parent, YamlNode.Mapping mapping, YamlNode.Entry entry) {
        int end = entry.key().end();
        Slot slot = mapping.flow()
                ? new Slot(Slot.Kind.FLOW_ENTRY, end, 0)
                : new Slot(
                        Slot.Kind.BLOCK_ENTRY,
                        source.skipToToken(end) + 1,
                        entry.key().span().column());
        return new Place(slot, entry.value(), parent.at().appendProperty(entry.name()), parent.depth() + 1);
    }

    private Place child(Place parent, YamlNode.Sequence sequence, int index) {
        int start = collections.parts(sequence).get(index).start();
        Slot slot = sequence.flow()
                ? new Slot(Slot.Kind.FLOW_ITEM, start, 0)
                : new Slot(Slot.Kind.BLOCK_ITEM, start + 1, start - source.lineStart(start));
        return new Place(slot, sequence.items().get(index), parent.at().appendIndex(index), parent.depth() + 1);
    }
}
