package dev.trimtab.yaml;

import dev.trimtab.yaml.YamlDocument.Position;
import java.util.Objects;

/**
 * A document that is not YAML, or is YAML that Kubernetes cannot take (a key twice, a list as a key, an infinite
 * number). The message is one line: line, column, reason.
 */
public final class YamlProblem extends RuntimeException {
    private final int document;
    private final Position position;
    private final String reason;
    private final String text;

    YamlProblem(int document, Position position, String reason, String text) {
        super(position.line() + ":" + position.column() + ": " + reason);
        this.document = document;
        this.position = Objects.requireNonNull(position);
        this.reason = reason;
        this.text = text;
    }

    /** The document's number in its source, from 1. */
    public int document() {
        return document;
    }

    public Position position() {
        return position;
    }

    /** Why, in one line and without the place. */
    public String reason() {
        return reason;
    }

    /** The slice of the source that could not be read, for callers that pass it through as it is. */
    public String text() {
        return text;
    }

    /** Why a text could not be read; becomes a {@link YamlProblem} where the document's number is known. */
    static final class Unreadable extends Exception {
        /** Where no offset is known. */
        static final int NOWHERE = -1;

        private final int line;
        private final int column;
        private final int offset;

        /** Line and column from 0, in the document's text. */
        Unreadable(int line, int column, String reason) {
            this(line, column, NOWHERE, reason);
        }

        /** As {@link #Unreadable(int, int, String)}, of which the offset into the text is known too. */
        Unreadable(int line, int column, int offset, String reason) {
            super(reason.replaceAll("\\s+", " ").strip());
            this.line = line;
            this.column = column;
            this.offset = offset;
        }

        static Unreadable at(YamlNode node, String reason) {
            return new Unreadable(node.span().line(), node.span().column(), reason);
        }

        static Unreadable at(String text, int offset, String reason) {
            SourceText source = new SourceText(text);
            int at = Math.max(0, offset);
            int line = 0;
            for (int i = source.nextLine(0); i <= at && i < text.length(); i = source.nextLine(i)) {
                line++;
            }
            return new Unreadable(line, at - source.lineStart(at), at, reason);
        }

        int line() {
            return line;
        }

        int column() {
            return column;
        }

        int offset() {
            return offset;
        }
    }
}
