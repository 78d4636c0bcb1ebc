package dev.trimtab.yaml;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.NoSuchElementException;

/** Cuts a source into the texts of its documents, losing no character. */
final class DocumentSlicer {
    /** A document's text and the number, from 1, of its first line in the source. */
    record Slice(int line, String text) {}

    private static final int END = -1;

    private final Reader reader;
    private final char[] buffer = new char[8192];
    private int position;
    private int limit;

    private String pending;
    private int lines;

    DocumentSlicer(Reader reader) {
        this.reader = reader;
    }

    boolean hasNext() {
        if (pending == null) {
            pending = readLine();
        }
        return !pending.isEmpty();
    }

    Slice next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no document left");
        }
        int first = lines + 1;
        StringBuilder text = new StringBuilder();
        // What stands before the first "---" (comments, directives) is part of the document it introduces.
        boolean begun = false;
        do {
            boolean start = isMarker(pending, "---");
            if (begun && start) {
                break;
            }
            begun |= start || hasContent(pending);
            boolean end = isMarker(pending, "...");
            take(text);
            if (end) {
                break;
            }
        } while (hasNext());
        return new Slice(first, text.toString());
    }

    private void take(StringBuilder text) {
        text.append(pending);
        lines++;
        pending = null;
    }

    private static boolean isMarker(String line, String marker) {
        int from = line.startsWith("\uFEFF") ? 1 : 0;
        int after = from + marker.length();
        return line.startsWith(marker, from)
                && (after == line.length() || SourceText.isBlankOrBreak(line.charAt(after)));
    }

    private static boolean hasContent(String line) {
        if (line.startsWith("%")) {
            return false;
        }
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '#') {
                return false;
            }
            if (!SourceText.isBlankOrBreak(c) && c != '\uFEFF') {
                return true;
            }
        }
        return false;
    }

    /** The next line with its line break, or an empty text at the end. */
    private String readLine() {
        StringBuilder line = new StringBuilder();
        int c = peek();
        while (c != END) {
            line.append((char) c);
            position++;
            if (SourceText.isBreak((char) c)) {
                if (c == '\r' && peek() == '\n') {
                    line.append('\n');
                    position++;
                }
                break;
            }
            c = peek();
        }
        return line.toString();
    }

    private int peek() {
        if (position == limit) {
            try {
                limit = Math.max(0, reader.read(buffer, 0, buffer.length));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            position = 0;
            if (limit == 0) {
                return END;
            }
        }
        return buffer[position];
    }
}
