package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.yaml.AuthorStyle.BlockText;
import java.util.List;
import java.util.Optional;

/**
 * Changes a document where its content changes, and nowhere else: comments, order, quotes, indentation, blank lines
 * and line breaks stay as the author wrote them.
 *
 * <p>Every result is read again before it is given back. Should an exotic shape not survive its edit, the smallest
 * container around the change is written anew, at worst the whole document.
 */
public final class YamlEdit {
    private YamlEdit() {}

    /**
     * The document's text with the content {@code after}; the text itself if that is the content it has.
     *
     * @throws IllegalArgumentException if {@code after} holds an infinite number, which JSON has no form for
     */
    public static String apply(YamlDocument document, JsonNode after) {
        if (Trees.same(document.content(), after)) {
            return document.text();
        }
        if (hasNoValue(document.root())) {
            return append(document, after).orElseGet(() -> anew(document, after));
        }
        for (int limit = Trees.depth(document.content()) + 1; limit >= 0; limit--) {
            Optional<String> edited = new NodeEdit(document, limit).apply(after).filter(text -> readsAs(text, after));
            if (edited.isPresent()) {
                return edited.get();
            }
        }
        return anew(document, after);
    }

    private static boolean hasNoValue(YamlNode root) {
        return root == null || root.start() == root.end();
    }

    /** To a document of nothing but comments and markers: below them, but above an end marker. */
    private static Optional<String> append(YamlDocument document, JsonNode after) {
        String text = document.text();
        SourceText source = new SourceText(text);
        int lastLine = source.lineStart(text.stripTrailing().length());
        int at = text.startsWith("...", lastLine) ? lastLine : text.length();
        String above = text.substring(0, at);
        boolean open = at > 0 && !SourceText.isBreak(text.charAt(at - 1));
        String edited = above + (open ? source.lineBreak() : "") + text(source, after) + text.substring(at);
        return Optional.of(edited).filter(candidate -> readsAs(candidate, after));
    }

    private static String anew(YamlDocument document, JsonNode after) {
        SourceText source = new SourceText(document.text());
        String marker = document.text().startsWith("---") ? "---" + source.lineBreak() : "";
        return marker + text(source, after);
    }

    private static String text(SourceText source, JsonNode after) {
        return new BlockText(source.lineBreak(), 0, BlockText.MAP_INDENT).value(after, 0) + source.lineBreak();
    }

    private static boolean readsAs(String text, JsonNode after) {
        try {
            List<YamlDocument> read = YamlStream.read(text);
            return read.size() == 1 && Trees.same(read.get(0).content(), after);
        } catch (YamlProblem e) {
            return false;
        }
    }
}
