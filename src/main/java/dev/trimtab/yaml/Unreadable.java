package dev.trimtab.yaml;

/** Why a text could not be read; becomes a {@link YamlProblem} where the document's number is known. */
final class Unreadable extends Exception {
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
