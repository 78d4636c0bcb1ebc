package dev.trimtab.yaml;

import java.util.ArrayList;
import java.util.List;

/** Finds the places in block style that the parser does not tell. */
record BlockPlaces(SourceText source) {

    /** The items of a block sequence, each from its dash; empty if the text is not of that shape. */
    List<Part> dashes(YamlNode.Sequence sequence) {
        List<Part> parts = new ArrayList<>();
        int from = afterProperties(sequence.start());
        for (YamlNode item : sequence.items()) {
            int dash = source.skipToToken(from);
            if (source.at(dash) != '-') {
                return List.of();
            }
            parts.add(new Part(dash, item.end()));
            from = item.end();
        }
        return parts;
    }

    /** Anchors and tags are part of a node's place. */
    private int afterProperties(int start) {
        int at = start;
        while (source.at(at) == '&' || source.at(at) == '!') {
            while (at < source.length() && !SourceText.isBlankOrBreak(source.at(at))) {
                at++;
            }
            at = source.skipToToken(at);
        }
        return at;
    }
}
