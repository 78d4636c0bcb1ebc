package dev.trimtab.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

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

    /**
     * At the end of a text without a last line break, {@code |} means what {@code |-} means with lines below it.
     *
     * @return where the minus has to go before something is added below, if the text ends so
     */
    OptionalInt missingChompingIndicator(YamlNode root) {
        YamlNode last = root;
        while (last.isBlockCollection()) {
            last = lastChild(last);
        }
        if (!(last instanceof YamlNode.Scalar scalar) || scalar.end() < source.length()) {
            return OptionalInt.empty();
        }
        boolean block = scalar.style() == ScalarStyle.LITERAL || scalar.style() == ScalarStyle.FOLDED;
        int indicator = afterProperties(scalar.start());
        boolean chomped = source.at(indicator + 1) == '-' || source.at(indicator + 2) == '-';
        return block && !chomped && !scalar.value().endsWith("\n")
                ? OptionalInt.of(indicator + 1)
                : OptionalInt.empty();
    }

    private static YamlNode lastChild(YamlNode collection) {
        if (collection instanceof YamlNode.Mapping mapping) {
            return mapping.entries().get(mapping.entries().size() - 1).value();
        }
        List<YamlNode> items = ((YamlNode.Sequence) collection).items();
        return items.get(items.size() - 1);
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
