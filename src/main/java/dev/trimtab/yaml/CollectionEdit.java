package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.yaml.AuthorStyle.BlockText;
import dev.trimtab.yaml.AuthorStyle.FlowText;
import dev.trimtab.yaml.ValueEdit.TextEdits;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Adds and removes entries and items: lines in block style, text with its comma in flow style. */
final class CollectionEdit {
    private final SourceText source;
    private final TextEdits edits;
    private final BlockText block;
    private final FlowText flow;
    private final IdentityHashMap<YamlNode, List<Part>> parts = new IdentityHashMap<>();

    /** One entry or item in the text. It starts at the key, dash or flow item; {@code end} is exclusive. */
    record Part(int start, int end) {
        boolean contains(YamlNode node) {
            return start <= node.start() && node.end() <= end;
        }
    }

    CollectionEdit(SourceText source, TextEdits edits, BlockText block, FlowText flow) {
        this.source = source;
        this.edits = edits;
        this.block = block;
        this.flow = flow;
    }

    /** Empty for an empty collection, and for a block sequence if a dash is not found. */
    List<Part> parts(YamlNode collection) {
        return parts.computeIfAbsent(collection, this::find);
    }

    private List<Part> find(YamlNode collection) {
        if (collection instanceof YamlNode.Mapping mapping) {
            return mapping.entries().stream()
                    .map(entry -> new Part(entry.key().start(), entry.value().end()))
                    .toList();
        }
        YamlNode.Sequence sequence = (YamlNode.Sequence) collection;
        return sequence.flow()
                ? sequence.items().stream()
                        .map(item -> new Part(item.start(), item.end()))
                        .toList()
                : dashes(sequence);
    }

    private List<Part> dashes(YamlNode.Sequence sequence) {
        List<Part> found = new ArrayList<>();
        int from = afterProperties(sequence.start());
        for (YamlNode item : sequence.items()) {
            int dash = source.skipToToken(from);
            if (source.at(dash) != '-') {
                return List.of();
            }
            found.add(new Part(dash, item.end()));
            from = item.end();
        }
        return found;
    }

    /** Skips anchors and tags, which a node's span includes. */
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

    void add(YamlNode.Mapping mapping, ObjectNode fields) {
        int column = mapping.entries().get(0).key().span().column();
        List<String> texts = fields.properties().stream()
                .map(it -> mapping.flow()
                        ? flow.entry(it.getKey(), it.getValue())
                        : block.entry(it.getKey(), it.getValue(), column))
                .toList();
        if (mapping.flow()) {
            appendToFlow(parts(mapping), texts);
        } else {
            texts.forEach(text -> insertLines(parts(mapping), parts(mapping).size(), column, text));
        }
    }

    void insert(YamlNode.Sequence sequence, int index, JsonNode value) {
        List<Part> items = parts(sequence);
        int start = items.get(0).start();
        int column = start - source.lineStart(start);
        String text = sequence.flow() ? flow.value(value) : block.item(value, column);
        if (index == 0) {
            String separator = sequence.flow() ? separator(items.get(0)) : block.newLine(column);
            edits.insert(start, text + separator);
        } else if (!sequence.flow()) {
            insertLines(items, index, column, text);
        } else if (index == items.size()) {
            appendToFlow(items, List.of(text));
        } else {
            Part before = items.get(index - 1);
            edits.insert(before.end(), separator(before) + text);
        }
    }

    void remove(YamlNode collection, int index) {
        List<Part> all = parts(collection);
        Part part = all.get(index);
        boolean isLast = index == all.size() - 1;
        if (!collection.isBlockCollection()) {
            int from = isLast ? all.get(index - 1).end() : part.start();
            edits.delete(from, isLast ? part.end() : all.get(index + 1).start());
        } else if (index == 0 && !source.startsLine(part.start())) {
            // "- a: 1": the dash before the first key stays.
            edits.delete(part.start(), all.get(1).start());
        } else {
            deleteLines(source.lineStart(part.start()), part.end());
        }
    }

    /** Deletes the line break before the lines too, so that a text without a final line break still has none. */
    private void deleteLines(int lineStart, int end) {
        if (lineStart == 0) {
            edits.delete(0, source.nextLine(end));
        } else {
            edits.delete(source.endOfLineBefore(lineStart), source.lineEnd(end));
        }
    }

    private void insertLines(List<Part> all, int index, int column, String text) {
        int end = source.lineEnd(all.get(index - 1).end());
        if (index == all.size() && column > 0) {
            end = afterComments(end, column);
        }
        edits.insert(end, block.newLine(column) + text);
    }

    /** Comments below the last entry belong to its collection if they are indented at least as deep. */
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

    private void appendToFlow(List<Part> all, List<String> texts) {
        Part last = all.get(all.size() - 1);
        int next = source.skipToToken(last.end());
        boolean trailingComma = source.at(next) == ',';
        int end = trailingComma ? next + 1 : last.end();
        if (!source.startsLine(last.start()) || !source.endsLine(end)) {
            texts.forEach(text -> edits.insert(last.end(), separator(last) + text));
            return;
        }
        // One entry per line, as in pretty-printed JSON.
        if (!trailingComma) {
            edits.insert(end, ",");
        }
        String lines = newLine(last) + String.join("," + newLine(last), texts) + (trailingComma ? "," : "");
        edits.insert(source.lineEnd(end), lines);
    }

    private String separator(Part part) {
        return source.startsLine(part.start()) ? "," + newLine(part) : flow.separator();
    }

    private String newLine(Part part) {
        return block.lineBreak() + source.text().substring(source.lineStart(part.start()), part.start());
    }
}
