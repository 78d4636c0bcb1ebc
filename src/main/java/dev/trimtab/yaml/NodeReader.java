package dev.trimtab.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.trimtab.yaml.YamlProblem.Unreadable;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.reader.ReaderException;

/** Reads the text of one document into nodes with their spans. */
final class NodeReader {
    /** In code points: more than any object in etcd (1.5 MiB) or any file of many objects needs. */
    static final int LARGEST_SOURCE = 64 * 1024 * 1024;

    /** Levels of nesting: more than any manifest needs, and safe for the stack. */
    static final int DEEPEST = 500;

    private final String text;
    private final Iterator<Event> events;
    private final CodePoints codePoints;
    private final Map<String, YamlNode> anchors = new HashMap<>();

    private NodeReader(String text) {
        this.text = text;
        this.codePoints = CodePoints.of(text);
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LARGEST_SOURCE);
        this.events = new Yaml(options).parse(new StringReader(text)).iterator();
    }

    /**
     * The root node, or null if the document has no value.
     *
     * @throws Unreadable if the text is not one YAML document
     */
    static YamlNode read(String text) throws Unreadable {
        try {
            return new NodeReader(text).document();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            String reason = e.getContext() == null ? e.getProblem() : e.getProblem() + " (" + e.getContext() + ")";
            throw mark == null
                    ? new Unreadable(0, 0, reason)
                    : new Unreadable(
                            mark.getLine(),
                            mark.getColumn(),
                            CodePoints.of(text).offset(mark.getIndex()),
                            reason);
        } catch (ReaderException e) {
            String reason = "the character U+%04X is not allowed in YAML".formatted(e.getCodePoint());
            throw Unreadable.at(text, text.indexOf(e.getCodePoint()), reason);
        } catch (YAMLException e) {
            throw new Unreadable(0, 0, e.getMessage());
        }
    }

    private YamlNode document() throws Unreadable {
        YamlNode root = null;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof NodeEvent node) {
                if (root != null) {
                    throw unreadable(node, "a second value in one document: put a line with --- between them");
                }
                root = node(node, 0);
            }
        }
        return root;
    }

    private YamlNode node(NodeEvent event, int depth) throws Unreadable {
        if (depth > DEEPEST) {
            throw unreadable(event, "nested deeper than " + DEEPEST + " levels");
        }
        if (event instanceof AliasEvent) {
            YamlNode target = anchors.get(event.getAnchor());
            if (target == null) {
                throw unreadable(event, "the alias *" + event.getAnchor() + " has no finished anchor before it");
            }
            return new YamlNode.Alias(span(event), target);
        }
        YamlNode node = event instanceof ScalarEvent scalar ? scalar(scalar) : collection(event, depth);
        if (event.getAnchor() != null) {
            anchors.put(event.getAnchor(), node);
        }
        return node;
    }

    private YamlNode.Scalar scalar(ScalarEvent event) {
        YamlNode.Span span = span(event);
        String value = event.getValue();
        if (event.isLiteral() || event.isFolded()) {
            value = endsWithTheText(span, value) ? value + "\n" : value;
            span = span.to(endOfBlockScalar(span, event.getValue().endsWith("\n")));
        }
        boolean implicit = event.getTag() == null || (event.getTag().equals("!") && !event.isPlain());
        return new YamlNode.Scalar(span, value, event.getScalarStyle(), implicit ? null : event.getTag());
    }

    /** kubectl adds a line break to a last line without one. {@code -} in the header strips it. */
    private boolean endsWithTheText(YamlNode.Span span, String value) {
        String header = text.substring(span.start(), new SourceText(text).lineEnd(span.start()));
        String indicators = header.split(" #", 2)[0].replaceFirst(".*[|>]", "");
        return span.end() == text.length() && !value.isEmpty() && !value.endsWith("\n") && !indicators.contains("-");
    }

    /** The parser's own end is the start of the next line, or after the blank lines that follow. */
    private int endOfBlockScalar(YamlNode.Span span, boolean endsWithBreak) {
        int end = span.end();
        int header = new SourceText(text).lineEnd(span.start());
        boolean keeps = text.substring(span.start(), header).split("#", 2)[0].contains("+");
        if (keeps && endsWithBreak) {
            return Math.max(end - (text.startsWith("\r\n", end - 2) ? 2 : 1), span.start());
        }
        while (end > span.start() && SourceText.isBlankOrBreak(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private YamlNode collection(NodeEvent event, int depth) throws Unreadable {
        boolean flow = ((CollectionStartEvent) event).isFlow();
        YamlNode.Span span = span(event);
        return event instanceof SequenceStartEvent ? sequence(span, flow, depth) : mapping(span, flow, depth);
    }

    private YamlNode sequence(YamlNode.Span span, boolean flow, int depth) throws Unreadable {
        List<YamlNode> items = new ArrayList<>();
        Event event = events.next();
        while (event instanceof NodeEvent item) {
            items.add(node(item, depth + 1));
            event = events.next();
        }
        int end = flow || items.isEmpty()
                ? end(event)
                : items.get(items.size() - 1).end();
        return new YamlNode.Sequence(span.to(end), flow, List.copyOf(items));
    }

    private YamlNode mapping(YamlNode.Span span, boolean flow, int depth) throws Unreadable {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Event event = events.next();
        while (event instanceof NodeEvent key) {
            YamlNode name = node(key, depth + 1);
            entries.add(new YamlNode.Entry(name, node((NodeEvent) events.next(), depth + 1)));
            event = events.next();
        }
        int end = flow || entries.isEmpty()
                ? end(event)
                : entries.get(entries.size() - 1).value().end();
        return new YamlNode.Mapping(span.to(end), flow, List.copyOf(entries));
    }

    private YamlNode.Span span(Event event) {
        Mark start = event.getStartMark();
        return new YamlNode.Span(codePoints.offset(start.getIndex()), end(event), start.getLine(), start.getColumn());
    }

    private int end(Event event) {
        return codePoints.offset(event.getEndMark().getIndex());
    }

    private static Unreadable unreadable(Event event, String reason) {
        return new Unreadable(
                event.getStartMark().getLine(), event.getStartMark().getColumn(), reason);
    }

    /**
     * Reads texts with tabs that go-yaml, and so kubectl, reads as white space and the parser does not. These may stand
     * anywhere in flow style and JSON. In block style they may stand after a value, a key or a marker, but never in the
     * indentation. Each tab is read as one space, so that all positions stay valid.
     */
    static final class Tabs {
        /** Limit of characters to parse again because of tabs. A manifest has few of them. */
        private static final int MOST_WORK = 50_000_000;

        private final StringBuilder spaced;
        private final List<Unreadable> inIndentation = new ArrayList<>();

        private Tabs(String text) {
            this.spaced = new StringBuilder(text);
        }

        static YamlNode read(String text) throws Unreadable {
            try {
                return NodeReader.read(text);
            } catch (Unreadable problem) {
                if (text.indexOf('\t') < 0) {
                    throw problem;
                }
                String json = json(text);
                return json.equals(text) ? new Tabs(text).repaired(problem) : NodeReader.read(json);
            }
        }

        /** Goes tab by tab as the parser reports them: only the parser knows what is in quotes or block scalars. */
        private YamlNode repaired(Unreadable first) throws Unreadable {
            Unreadable problem = first;
            for (int work = 0; work < MOST_WORK && isTab(problem); work += spaced.length()) {
                blank(problem);
                try {
                    YamlNode root = NodeReader.read(spaced.toString());
                    for (Unreadable tab : inIndentation) {
                        if (!isInFlow(root, tab.offset())) {
                            throw tab;
                        }
                    }
                    return root;
                } catch (Unreadable next) {
                    problem = next;
                }
            }
            throw inIndentation.isEmpty() ? problem : inIndentation.get(0);
        }

        private boolean isTab(Unreadable problem) {
            int at = problem.offset();
            return at >= 0 && at < spaced.length() && spaced.charAt(at) == '\t';
        }

        private void blank(Unreadable problem) {
            int at = problem.offset();
            if (isIndentation(at)) {
                inIndentation.add(new Unreadable(
                        problem.line(), problem.column(), at, "a tab where only spaces may indent: write spaces"));
            }
            for (int i = at; i < spaced.length() && SourceText.isBlank(spaced.charAt(i)); i++) {
                spaced.setCharAt(i, ' ');
            }
        }

        /** Whether only blanks, {@code -} and {@code ?} precede the offset in its line. */
        private boolean isIndentation(int offset) {
            for (int i = offset - 1; i >= 0 && !SourceText.isBreak(spaced.charAt(i)); i--) {
                char c = spaced.charAt(i);
                boolean ends = i + 1 == offset || SourceText.isBlank(spaced.charAt(i + 1));
                boolean indicator = ends && (c == '-' || c == '?');
                if (!SourceText.isBlank(c) && !indicator) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isInFlow(YamlNode node, int offset) {
            if (node == null || offset < node.start() || offset >= node.end()) {
                return false;
            }
            if (node instanceof YamlNode.Mapping mapping) {
                return mapping.flow()
                        || mapping.entries().stream()
                                .anyMatch(it -> isInFlow(it.key(), offset) || isInFlow(it.value(), offset));
            }
            return node instanceof YamlNode.Sequence sequence
                    && (sequence.flow() || sequence.items().stream().anyMatch(it -> isInFlow(it, offset)));
        }

        /** Replaces all tabs outside of strings: JSON may be indented with tabs. Other text stays unchanged. */
        private static String json(String text) {
            int start = new SourceText(text).skipToToken(0);
            if (start == text.length() || "{[".indexOf(text.charAt(start)) < 0) {
                return text;
            }
            StringBuilder result = new StringBuilder(text);
            boolean quoted = false;
            for (int i = start; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '"') {
                    quoted = !quoted;
                } else if (c == '\\' && quoted) {
                    i++;
                } else if (c == '\t' && !quoted) {
                    result.setCharAt(i, ' ');
                }
            }
            return result.toString();
        }
    }

    /** Converts the parser's offsets in code points to offsets in chars: an emoji is one code point and two chars. */
    static final class CodePoints {
        /** Null if both counts agree, as in nearly every manifest. */
        private final int[] offsets;

        private CodePoints(int[] offsets) {
            this.offsets = offsets;
        }

        static CodePoints of(String text) {
            int count = text.codePointCount(0, text.length());
            if (count == text.length()) {
                return new CodePoints(null);
            }
            int[] offsets = new int[count + 1];
            int offset = 0;
            for (int i = 0; i < count; i++) {
                offsets[i] = offset;
                offset += Character.charCount(text.codePointAt(offset));
            }
            offsets[count] = offset;
            return new CodePoints(offsets);
        }

        int offset(int codePoint) {
            return offsets == null ? codePoint : offsets[codePoint];
        }
    }

    /** Converts nodes to the JSON that Kubernetes' own reader (sigs.k8s.io/yaml) makes of them. */
    static final class ContentReader {
        /** Ten lines of aliases to aliases can stand for a billion values. Real manifests stay far below this limit. */
        static final int MOST_VALUES_FROM_ALIASES = 200_000;

        private final JsonNodeFactory json = JsonNodeFactory.instance;
        private int insideAliases;
        private int fromAliases;

        private ContentReader() {}

        static JsonNode read(YamlNode root) throws Unreadable {
            return root == null ? MissingNode.getInstance() : new ContentReader().value(root);
        }

        /** A mapping's key in JSON: {@code on:} gives "true", {@code 8080:} gives "8080". */
        static String key(YamlNode node) throws Unreadable {
            YamlNode key = node instanceof YamlNode.Alias alias ? alias.target() : node;
            if (!(key instanceof YamlNode.Scalar scalar)) {
                throw Unreadable.at(node, "a key must be text, not a list or a map");
            }
            JsonNode value = PlainScalar.read(scalar);
            if (value.isFloatingPointNumber()) {
                return value.decimalValue().stripTrailingZeros().toPlainString();
            }
            return value.asText();
        }

        private JsonNode value(YamlNode node) throws Unreadable {
            if (insideAliases > 0 && ++fromAliases > MOST_VALUES_FROM_ALIASES) {
                throw Unreadable.at(node, "aliases stand for more than " + MOST_VALUES_FROM_ALIASES + " values");
            }
            if (node instanceof YamlNode.Alias alias) {
                insideAliases++;
                JsonNode value = value(alias.target());
                insideAliases--;
                return value;
            }
            if (node instanceof YamlNode.Sequence sequence) {
                ArrayNode array = json.arrayNode();
                for (YamlNode item : sequence.items()) {
                    array.add(value(item));
                }
                return array;
            }
            return node instanceof YamlNode.Mapping mapping
                    ? object(mapping)
                    : PlainScalar.read((YamlNode.Scalar) node);
        }

        private ObjectNode object(YamlNode.Mapping mapping) throws Unreadable {
            ObjectNode object = json.objectNode();
            Set<String> own = new HashSet<>();
            for (YamlNode.Entry entry : mapping.entries()) {
                if (entry.isMerge()) {
                    merge(object, entry.value());
                    continue;
                }
                String key = key(entry.key());
                if (!own.add(key)) {
                    throw Unreadable.at(entry.key(), "the key \"" + key + "\" appears twice");
                }
                object.set(key, value(entry.value()));
            }
            return object;
        }

        /** Existing keys take precedence: the mapping's own, and those of earlier maps in the list. */
        private void merge(ObjectNode object, YamlNode source) throws Unreadable {
            for (YamlNode map : mergeSources(source)) {
                if (!(value(map) instanceof ObjectNode merged)) {
                    throw Unreadable.at(map, "<< takes a map or a list of maps");
                }
                for (Map.Entry<String, JsonNode> field : merged.properties()) {
                    object.putIfAbsent(field.getKey(), field.getValue());
                }
            }
        }

        static List<YamlNode> mergeSources(YamlNode source) {
            YamlNode target = source instanceof YamlNode.Alias alias ? alias.target() : source;
            return target instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(source);
        }

        /**
         * Reads a scalar as sigs.k8s.io/yaml 1.6 does (goyaml.v2, resolve.go): YAML 1.1 words and numbers. It differs
         * from YAML 1.1 as written: no base-60 numbers, {@code 0o17} is octal, and timestamps stay texts.
         */
        static final class PlainScalar {
            private static final Set<String> TRUE =
                    Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
            private static final Set<String> FALSE =
                    Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
            private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");

            private static final Pattern INTEGER =
                    Pattern.compile("([-+]?)(?:(0[xX])([0-9a-fA-F]+)|(0[bB])([01]+)|(0[oO]?)([0-7]+)|(0|[1-9][0-9]*))");
            private static final Pattern FLOAT =
                    Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,9})?");
            private static final Pattern NOT_FINITE = Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

            private static final String TAGS = "tag:yaml.org,2002:";

            private PlainScalar() {}

            static JsonNode read(YamlNode.Scalar scalar) throws Unreadable {
                String text = scalar.value();
                if (scalar.tag() == null) {
                    if (scalar.style() != ScalarStyle.PLAIN) {
                        return TextNode.valueOf(text);
                    }
                    if (NOT_FINITE.matcher(text).matches()) {
                        throw Unreadable.at(scalar, text + " has no form in JSON; put it in quotes to write text");
                    }
                    return resolve(text);
                }
                JsonNode value =
                        switch (scalar.tag()) {
                            case TAGS + "int", TAGS + "float", TAGS + "bool", TAGS + "null" -> resolve(text);
                            case TAGS + "binary" -> binary(scalar);
                            default -> TextNode.valueOf(text);
                        };
                if (!fits(scalar.tag(), value)) {
                    throw Unreadable.at(
                            scalar,
                            "\"" + text + "\" is not a valid !!" + scalar.tag().substring(TAGS.length()));
                }
                return value;
            }

            private static boolean fits(String tag, JsonNode value) {
                return switch (tag) {
                    case TAGS + "int" -> value.isIntegralNumber();
                    case TAGS + "float" -> value.isNumber();
                    case TAGS + "bool" -> value.isBoolean();
                    case TAGS + "null" -> value.isNull();
                    default -> true;
                };
            }

            private static JsonNode binary(YamlNode.Scalar scalar) throws Unreadable {
                try {
                    byte[] bytes = Base64.getMimeDecoder().decode(scalar.value());
                    return TextNode.valueOf(new String(bytes, StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw Unreadable.at(scalar, "!!binary is not base64");
                }
            }

            static JsonNode resolve(String text) {
                if (NULL.contains(text)) {
                    return NullNode.getInstance();
                }
                if (TRUE.contains(text)) {
                    return BooleanNode.TRUE;
                }
                if (FALSE.contains(text)) {
                    return BooleanNode.FALSE;
                }
                char first = text.charAt(0);
                if (first == '.') {
                    return FLOAT.matcher(text).matches() ? floating(text, text) : TextNode.valueOf(text);
                }
                if (first == '+' || first == '-' || (first >= '0' && first <= '9')) {
                    return number(text);
                }
                return TextNode.valueOf(text);
            }

            private static JsonNode number(String text) {
                String digits = text.replace("_", "");
                Matcher integer = INTEGER.matcher(digits);
                if (integer.matches()) {
                    BigInteger value = integer(integer);
                    return value.bitLength() < 64 ? whole(value) : floating(value.toString(), text);
                }
                return FLOAT.matcher(digits).matches() ? floating(digits, text) : TextNode.valueOf(text);
            }

            private static BigInteger integer(Matcher parts) {
                BigInteger magnitude;
                if (parts.group(2) != null) {
                    magnitude = new BigInteger(parts.group(3), 16);
                } else if (parts.group(4) != null) {
                    magnitude = new BigInteger(parts.group(5), 2);
                } else if (parts.group(6) != null) {
                    magnitude = new BigInteger(parts.group(7), 8);
                } else {
                    magnitude = new BigInteger(parts.group(8));
                }
                return parts.group(1).equals("-") ? magnitude.negate() : magnitude;
            }

            private static JsonNode whole(BigInteger value) {
                if (value.bitLength() < 32) {
                    return IntNode.valueOf(value.intValueExact());
                }
                return value.bitLength() < 64
                        ? LongNode.valueOf(value.longValueExact())
                        : BigIntegerNode.valueOf(value);
            }

            /**
             * A float64 as Go writes it into JSON (encoding/json, floatEncoder): below 1e21 without an exponent. So
             * {@code 3.0} and {@code 1e+06} become integers, and Helm writes large integers like that.
             *
             * @param text as its author wrote it; the result if the number is too large for a float64
             */
            private static JsonNode floating(String digits, String text) {
                double number = Double.parseDouble(digits);
                if (Double.isInfinite(number)) {
                    return TextNode.valueOf(text);
                }
                boolean integer = Math.abs(number) < 1e21 && number == Math.rint(number);
                return integer ? whole(BigDecimal.valueOf(number).toBigInteger()) : DoubleNode.valueOf(number);
            }
        }
    }
}
