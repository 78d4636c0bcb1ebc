package dev.trimtab.yaml;

/** Why a text could not be read; becomes a {@link YamlProblem} where the document's number is known. */
final class Unreadable extends Exception {
    private final int line;
    private final int column;

    /** Line and column from 0, in the document's text. */
    Unreadable(int line, int column, String reason) {
        super(reason.replaceAll("\\s+", " ").strip());
        this.line = line;
        this.column = column;
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
        return new Unreadable(line, at - source.lineStart(at), reason);
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }
}
