package dev.trimtab.yaml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.trimtab.yaml.YamlStream.DocumentSlicer.Slice;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads a text with one or many YAML documents. JSON is read in the same way, because JSON is YAML.
 *
 * <p>Documents are cut at lines that start with {@code ---} or {@code ...}, as in kubectl and the YAML specification.
 * Such a line ends a document even inside a block scalar. So a broken document does not hide those after it. JSON
 * objects that follow each other without such a line are documents too.
 */
public final class YamlStream {
    private YamlStream() {}

    /**
     * All documents of the text, in order. The {@link YamlDocument#text() texts} joined give the source again.
     *
     * @throws YamlProblem for the first document that cannot be read
     */
    public static List<YamlDocument> read(String text) {
        return stream(new StringReader(text)).toList();
    }

    /**
     * Reads the documents one by one, on demand. The reader is not closed.
     *
     * <p>{@link Iterator#next()} throws {@link YamlProblem} if a document cannot be read. The call after that returns
     * the next document. An {@link java.io.IOException} becomes an {@link java.io.UncheckedIOException}.
     */
    public static Iterator<YamlDocument> iterate(Reader reader) {
        return new DocumentIterator(new DocumentSlicer(reader));
    }

    /** As {@link #iterate}, for callers that stop at the first problem. */
    public static Stream<YamlDocument> stream(Reader reader) {
        int shape = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterate(reader), shape), false);
    }

    private static final class DocumentIterator implements Iterator<YamlDocument> {
        private final DocumentSlicer slicer;
        private final Deque<DocumentSlicer.Slice> cut = new ArrayDeque<>();
        private int index;

        DocumentIterator(DocumentSlicer slicer) {
            this.slicer = slicer;
        }

        @Override
        public boolean hasNext() {
            return !cut.isEmpty() || slicer.hasNext();
        }

        @Override
        public YamlDocument next() {
            if (cut.isEmpty()) {
                cut.addAll(JsonSequence.split(slicer.next()));
            }
            DocumentSlicer.Slice slice = cut.removeFirst();
            index++;
            return YamlDocument.parse(index, slice.line(), slice.text());
        }
    }

    /** Cuts a source into the texts of its documents. The texts joined give the source. */
    static final class DocumentSlicer {
        /** @param line number of the first line in the source, from 1 */
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
            // Comments and directives before the first "---" belong to the document that follows.
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

        /** The next line with its line break. Empty at the end. */
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

    /**
     * Splits JSON objects that follow each other without a separator, as {@code jq} or a loop of {@code kubectl get -o
     * json} prints them. That is not YAML, but kubectl accepts it.
     */
    static final class JsonSequence {
        private static final JsonFactory JSON = new JsonFactory();

        private JsonSequence() {}

        /** The whole slice if it has fewer than two objects, or anything but JSON objects. */
        static List<Slice> split(Slice slice) {
            SourceText source = new SourceText(slice.text());
            if (source.at(source.skipToToken(0)) != '{') {
                return List.of(slice);
            }
            List<Integer> ends = ends(slice.text());
            if (ends.size() < 2) {
                return List.of(slice);
            }
            List<Slice> slices = new ArrayList<>();
            int line = slice.line();
            int from = 0;
            for (int i = 0; i < ends.size(); i++) {
                int to = i == ends.size() - 1 ? source.length() : lineEndAfter(source, ends.get(i));
                String text = slice.text().substring(from, to);
                slices.add(new Slice(line, text));
                line += breaks(text);
                from = to;
            }
            return slices;
        }

        private static int breaks(String text) {
            SourceText source = new SourceText(text);
            int breaks = 0;
            for (int at = source.lineEnd(0); at < text.length(); at = source.lineEnd(source.nextLine(at))) {
                breaks++;
            }
            return breaks;
        }

        /** The start of the next line if only blanks follow the object, else the object's end. */
        private static int lineEndAfter(SourceText source, int end) {
            int at = source.skipBlanks(end);
            return SourceText.isBreak(source.at(at)) ? source.nextLine(at) : end;
        }

        /** The offset after each object. Empty if the text has anything but JSON objects. */
        private static List<Integer> ends(String text) {
            List<Integer> ends = new ArrayList<>();
            try (JsonParser parser = JSON.createParser(text)) {
                while (parser.nextToken() != null) {
                    if (parser.currentToken() != JsonToken.START_OBJECT) {
                        return List.of();
                    }
                    parser.skipChildren();
                    ends.add((int) parser.currentLocation().getCharOffset());
                }
                return ends;
            } catch (IOException noJson) {
                return List.of();
            }
        }
    }
}
