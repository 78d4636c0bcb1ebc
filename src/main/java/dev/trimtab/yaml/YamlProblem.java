package dev.trimtab.yaml;

import dev.trimtab.yaml.YamlDocument.Position;
import java.util.Objects;

/**
 * A document that is not YAML, or that Kubernetes cannot take: a duplicate key, a list as a key, an infinite number.
 * The message is one line: line, column, reason.
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

    public int document() {
        return document;
    }

    public Position position() {
        return position;
    }

    /** One line, without the place. */
    public String reason() {
        return reason;
    }

    /** The slice of the source that could not be read. Some callers pass it through unchanged. */
    public String text() {
        return text;
    }

    /** {@link YamlDocument} adds the document's number and makes it a {@link YamlProblem}. */
    static final class Unreadable extends Exception {
        static final int NOWHERE = -1;

        private final int line;
        private final int column;
        private final int offset;

        /** Line and column count from 0, in the document's text. */
        Unreadable(int line, int column, String reason) {
            this(line, column, NOWHERE, reason);
        }

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
