package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
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
        for (int limit = Trees.depthOfDifference(document.content(), after); limit >= 0; limit--) {
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

    private static Optional<String> append(YamlDocument document, JsonNode after) {
        SourceText source = new SourceText(document.text());
        int at = source.length();
        int lastLine = source.lineStart(Math.max(0, at - 1));
        if (document.text().startsWith("...", source.lineStart(lineWithContent(source)))) {
            at = source.lineStart(lineWithContent(source));
        } else if (lastLine < at && source.lineEnd(lastLine) == at) {
            return Optional.of(document.text() + source.lineBreak() + text(source, after))
                    .filter(text -> readsAs(text, after));
        }
        String edited = document.text().substring(0, at)
                + text(source, after)
                + document.text().substring(at);
        return Optional.of(edited).filter(text -> readsAs(text, after));
    }

    /** The last character that is not part of a trailing line break. */
    private static int lineWithContent(SourceText source) {
        int at = source.length();
        while (at > 0 && SourceText.isBlankOrBreak(source.at(at - 1))) {
            at--;
        }
        return at;
    }

    private static String anew(YamlDocument document, JsonNode after) {
        SourceText source = new SourceText(document.text());
        String marker = document.text().startsWith("---") ? "---" + source.lineBreak() : "";
        return marker + text(source, after);
    }

    private static String text(SourceText source, JsonNode after) {
        return new BlockText(source.lineBreak(), 0).value(after, 0) + source.lineBreak();
    }

    private static boolean readsAs(String text, JsonNode after) {
        try {
            DocumentSlicer slicer = new DocumentSlicer(new java.io.StringReader(text));
            String only = slicer.next().text();
            return !slicer.hasNext()
                    && Trees.same(YamlDocument.parse(1, 1, only).content(), after);
        } catch (YamlProblem e) {
            return false;
        }
    }
}
