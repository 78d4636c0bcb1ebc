package dev.trimtab.yaml;

import dev.trimtab.yaml.NodeReader.ContentReader;
import dev.trimtab.yaml.YamlProblem.Unreadable;
import java.util.List;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;

/**
 * A value with its place in the text.
 *
 * <p>Not the parser's own nodes: those give an alias the place of its anchor, and end a block collection only where
 * the next token begins, after comments that are not part of it.
 */
sealed interface YamlNode {
    Span span();

    /**
     * From the first character (anchors and tags included) to after the last one that belongs to the value, without
     * the line break, trailing comments and blank lines.
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

    /** {@code tag} is null without an explicit one. */
    record Scalar(Span span, String value, ScalarStyle style, String tag) implements YamlNode {}

    record Mapping(Span span, boolean flow, List<Entry> entries) implements YamlNode {
        @Override
        public boolean isBlockCollection() {
            return !flow;
        }
    }

    record Entry(YamlNode key, YamlNode value) {
        /** The key as JSON has it. The document was read, so the key can be read. */
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
