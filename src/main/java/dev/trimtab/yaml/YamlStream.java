package dev.trimtab.yaml;

import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A text with one or many YAML documents. JSON is YAML, so a JSON document is read by the same way.
 *
 * <p>The documents are cut at the lines that start with {@code ---} or {@code ...}, as kubectl does and as YAML
 * says: such a line ends a document even inside of a block scalar. So one bad document does not hide those after it.
 * JSON objects that follow each other without such a line are documents too.
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
     * The documents of the reader, each read when it is asked for. The reader is not closed.
     *
     * <p>{@link Iterator#next()} throws {@link YamlProblem} for a document that cannot be read; the call after it
     * gives the next document. An {@link java.io.IOException} becomes an {@link java.io.UncheckedIOException}.
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
}
