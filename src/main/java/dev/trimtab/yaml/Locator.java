package dev.trimtab.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.List;
import java.util.Optional;

/** Finds the node at a JSON pointer, through aliases and merge keys. */
final class Locator {
    private Locator() {}

    static Optional<YamlNode> find(YamlNode root, JsonPointer pointer) {
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
            } else if (name(entry).equals(segment.getMatchingProperty())) {
                return entry.value();
            }
        }
        return merged;
    }

    /** The document was read, so its keys can be. */
    static String name(YamlNode.Entry entry) {
        try {
            return ContentReader.key(entry.key());
        } catch (Unreadable e) {
            throw new IllegalStateException(e);
        }
    }
}
