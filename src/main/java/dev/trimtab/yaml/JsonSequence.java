package dev.trimtab.yaml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.trimtab.yaml.DocumentSlicer.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * JSON objects one after the other with nothing between them, as {@code jq} and {@code kubectl get -o json} in a loop
 * print them. YAML has no such thing, but kubectl takes it.
 */
final class JsonSequence {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonSequence() {}

    /** The slice cut after each object; as it is where it holds anything but JSON objects, or only one. */
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

    /** With the line break, where nothing else stands before it. */
    private static int lineEndAfter(SourceText source, int end) {
        int at = source.skipBlanks(end);
        return SourceText.isBreak(source.at(at)) ? source.nextLine(at) : end;
    }

    /** Where each object ends; empty where the text is no sequence of them. */
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
