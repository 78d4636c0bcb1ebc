package dev.trimtab.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.yaml.NodeReader.ContentReader;
import dev.trimtab.yaml.NodeReader.Tabs;
import dev.trimtab.yaml.YamlProblem.Unreadable;
import java.util.List;
import java.util.Optional;

/**
 * One document of a source: the author's text, and the content that Kubernetes reads from it.
 *
 * <p>A change of the content tree does not change the text; {@link YamlEdit#apply} does.
 */
public final class YamlDocument {
    private final int index;
    private final int line;
    private final String text;
    private final YamlNode root;
    private final JsonNode content;

    private YamlDocument(int index, int line, String text, YamlNode root, JsonNode content) {
        this.index = index;
        this.line = line;
        this.text = text;
        this.root = root;
        this.content = content;
    }

    static YamlDocument parse(int index, int line, String text) {
        try {
            YamlNode root = Tabs.read(markBeforeBreak(text));
            return new YamlDocument(index, line, text, root, ContentReader.read(root));
        } catch (Unreadable e) {
            Position position = new Position(line + e.line(), e.column() + 1);
            throw new YamlProblem(index, position, e.getMessage(), text);
        }
    }

    /**
     * Ignores a byte order mark in the line after {@code ---}, as joined files have it: kubectl reads each document by
     * itself. The mark becomes a space at the end of the {@code ---} line, so that all positions below stay valid.
     */
    private static String markBeforeBreak(String text) {
        SourceText source = new SourceText(text);
        int next = source.nextLine(0);
        if (!text.startsWith("---") || source.at(next) != '\uFEFF') {
            return text;
        }
        int end = source.lineEnd(0);
        return text.substring(0, end) + " " + text.substring(end, next) + text.substring(next + 1);
    }

    /** The document's number in its source, from 1; empty documents count. */
    public int index() {
        return index;
    }

    public int line() {
        return line;
    }

    /**
     * The slice of the source, with comments, the {@code ---} line and the last line break. All slices joined give the
     * source.
     */
    public String text() {
        return text;
    }

    /**
     * The content as sigs.k8s.io/yaml reads it: YAML 1.1 booleans and numbers, timestamps as texts, aliases and merge
     * keys resolved, keys in their order. A missing node if the document has only comments.
     */
    public JsonNode content() {
        return content;
    }

    /** Whether the document has only comments or null. kubectl skips such documents. */
    public boolean isEmpty() {
        return content.isMissingNode() || content.isNull();
    }

    /** The start of the value at the pointer. Empty if the document has no such value. */
    public Optional<Position> positionOf(JsonPointer pointer) {
        return find(pointer)
                .map(node -> new Position(line + node.span().line(), node.span().column() + 1));
    }

    public Optional<Position> positionOf(String pointer) {
        return positionOf(JsonPointer.compile(pointer));
    }

    /** The scalar at the pointer as its author wrote it, without quotes. Empty if there is none. */
    public Optional<String> sourceOf(JsonPointer pointer) {
        return find(pointer)
                .map(node -> node instanceof YamlNode.Alias alias ? alias.target() : node)
                .filter(YamlNode.Scalar.class::isInstance)
                .map(scalar -> ((YamlNode.Scalar) scalar).value());
    }

    YamlNode root() {
        return root;
    }

    private Optional<YamlNode> find(JsonPointer pointer) {
        YamlNode node = root;
        for (JsonPointer at = pointer; node != null && !at.matches(); at = at.tail()) {
            node = child(node, at);
        }
        return Optional.ofNullable(node);
    }

    private static YamlNode child(YamlNode parent, JsonPointer segment) {
        if (parent instanceof YamlNode.Alias alias) {
            return child(alias.target(), segment);
        }
        if (parent instanceof YamlNode.Sequence sequence) {
            List<YamlNode> items = sequence.items();
            int index = segment.getMatchingIndex();
            return index >= 0 && index < items.size() ? items.get(index) : null;
        }
        return parent instanceof YamlNode.Mapping mapping ? field(mapping, segment) : null;
    }

    private static YamlNode field(YamlNode.Mapping mapping, JsonPointer segment) {
        YamlNode merged = null;
        for (YamlNode.Entry entry : mapping.entries()) {
            if (entry.isMerge()) {
                for (YamlNode source : ContentReader.mergeSources(entry.value())) {
                    merged = merged == null ? child(source, segment) : merged;
                }
            } else if (entry.name().equals(segment.getMatchingProperty())) {
                return entry.value();
            }
        }
        return merged;
    }

    /**
     * A place in a YAML source.
     *
     * @param line from 1, counted from the start of the whole source, not of the document
     * @param column from 1, in characters
     */
    public record Position(int line, int column) {
        @Override
        public String toString() {
            return "line " + line + ", column " + column;
        }
    }
}
