package dev.trimtab.yaml;

import dev.trimtab.yaml.NodeReader.ContentReader;
import dev.trimtab.yaml.YamlProblem.Unreadable;
import java.util.List;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

/**
 * A value with its span in the text.
 *
 * <p>The parser's own nodes do not fit. They give an alias the place of its anchor. They end a block collection at the
 * next token, after comments that are not part of it.
 */
sealed interface YamlNode {
    Span span();

    /**
     * The range of a value. The start includes anchors and tags. The end is exclusive, before the line break, trailing
     * comments and blank lines.
     *
     * @param line from 0, in the document
     * @param column from 0
     */
    record Span(int start, int end, int line, int column) {
        Span to(int newEnd) {
            return new Span(start, newEnd, line, column);
        }
    }

    default int start() {
        return span().start();
    }

    default int end() {
        return span().end();
    }

    default boolean isBlockCollection() {
        return false;
    }

    /** @param tag null if the document has no explicit tag */
    record Scalar(Span span, String value, ScalarStyle style, String tag) implements YamlNode {}

    record Mapping(Span span, boolean flow, List<Entry> entries) implements YamlNode {
        @Override
        public boolean isBlockCollection() {
            return !flow;
        }
    }

    record Entry(YamlNode key, YamlNode value) {
        /** The key in JSON. It can be read, because the whole document was read before. */
        String name() {
            try {
                return ContentReader.key(key);
            } catch (Unreadable e) {
                throw new IllegalStateException(e);
            }
        }

        boolean isMerge() {
            return key instanceof Scalar scalar
                    && scalar.value().equals("<<")
                    && ((scalar.style() == ScalarStyle.PLAIN && scalar.tag() == null)
                            || "tag:yaml.org,2002:merge".equals(scalar.tag()));
        }
    }

    record Sequence(Span span, boolean flow, List<YamlNode> items) implements YamlNode {
        @Override
        public boolean isBlockCollection() {
            return !flow;
        }
    }

    record Alias(Span span, YamlNode target) implements YamlNode {}
}
