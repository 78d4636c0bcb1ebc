package dev.trimtab.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.yaml.NodeReader.ContentReader;
import dev.trimtab.yaml.NodeReader.Tabs;
import dev.trimtab.yaml.YamlProblem.Unreadable;
import java.util.List;
import java.util.Optional;

/**
 * One document of a source: its text as the author wrote it, and what Kubernetes reads in it.
 *
 * <p>The content is a tree of its own: changing it does not change the text. {@link YamlEdit#apply} does that.
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
     * A byte order mark that begins a document below its {@code ---}, as where files were joined, is no part of it: kubectl
     * reads each document by itself. It is read as a blank at the end of that line, so that all places below stay.
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
     * The slice of the source, with its comments, the {@code ---} line it begins with, if any, and its last line
     * break. All texts joined give the source.
     */
    public String text() {
        return text;
    }

    /**
     * What sigs.k8s.io/yaml reads: YAML 1.1 booleans and numbers, timestamps as texts, aliases and merge keys
     * resolved, keys in their order. Missing for a document of nothing but comments.
     */
    public JsonNode content() {
        return content;
    }

    /** Nothing but comments, or null: what kubectl skips. */
    public boolean isEmpty() {
        return content.isMissingNode() || content.isNull();
    }

    /** Where the value at the pointer begins; empty if the document has no such value. */
    public Optional<Position> positionOf(JsonPointer pointer) {
        return find(pointer)
                .map(node -> new Position(line + node.span().line(), node.span().column() + 1));
    }

    public Optional<Position> positionOf(String pointer) {
        return positionOf(JsonPointer.compile(pointer));
    }

    /** The scalar at the pointer as its author wrote it, without quotes: {@code 1.0} where the content has a number. */
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
