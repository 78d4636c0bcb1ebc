package dev.trimtab.yaml;

/** A document's text, seen as lines. Offsets count chars from the start of the text. */
record SourceText(String text) {

    /** The line breaks of YAML 1.1. The parser counts lines by them. */
    static boolean isBreak(char c) {
        return c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029';
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    static boolean isBlankOrBreak(char c) {
        return isBlank(c) || isBreak(c);
    }

    int length() {
        return text.length();
    }

    char at(int offset) {
        return offset < text.length() ? text.charAt(offset) : '\0';
    }

    /** The line break for added text: that of the first line. */
    String lineBreak() {
        int end = lineEnd(0);
        return end < text.length() && text.charAt(end) == '\r' ? text.substring(end, nextLine(0)) : "\n";
    }

    int lineStart(int offset) {
        int start = offset;
        while (start > 0 && !isBreak(text.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    int lineEnd(int offset) {
        int end = offset;
        while (end < text.length() && !isBreak(text.charAt(end))) {
            end++;
        }
        return end;
    }

    int endOfLineBefore(int lineStart) {
        return text.startsWith("\r\n", lineStart - 2) ? lineStart - 2 : lineStart - 1;
    }

    int nextLine(int offset) {
        int end = lineEnd(offset);
        if (end < text.length() && text.charAt(end) == '\r' && at(end + 1) == '\n') {
            return end + 2;
        }
        return Math.min(end + 1, text.length());
    }

    int skipBlanks(int offset) {
        int at = offset;
        while (at < text.length() && (isBlank(text.charAt(at)) || text.charAt(at) == '\uFEFF')) {
            at++;
        }
        return at;
    }

    /** The first offset, from this one on, that is neither white space nor in a comment. */
    int skipToToken(int offset) {
        int at = offset;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                at = lineEnd(at);
            } else if (isBlankOrBreak(c) || c == '\uFEFF') {
                at++;
            } else {
                break;
            }
        }
        return at;
    }

    /** Whether only blanks precede the offset in its line. */
    boolean startsLine(int offset) {
        return skipBlanks(lineStart(offset)) >= offset;
    }

    /** Whether only blanks or a comment follow the offset in its line. */
    boolean endsLine(int offset) {
        int at = skipBlanks(offset);
        return at == text.length() || isBreak(text.charAt(at)) || (text.charAt(at) == '#' && at > offset);
    }

    boolean sameLine(int first, int second) {
        return lineEnd(first) >= second;
    }
}
