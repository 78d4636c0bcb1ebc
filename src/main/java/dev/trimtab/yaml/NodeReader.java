package dev.trimtab.yaml;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
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

/** Reads one document's text into nodes that know their places. */
final class NodeReader {
    /** Above what etcd (1.5 MiB) or any file of many objects needs, and still a bound. */
    static final int LARGEST_SOURCE = 64 * 1024 * 1024;

    /** The API server refuses JSON deeper than this many levels long before; the stack holds more. */
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
     * The root node, or null for a document without any.
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

    /** kubectl reads a last line without a line break as if it had one: so does a block scalar that keeps its own. */
    private boolean endsWithTheText(YamlNode.Span span, String value) {
        String header = text.substring(span.start(), new SourceText(text).lineEnd(span.start()));
        String indicators = header.split(" #", 2)[0].replaceFirst(".*[|>]", "");
        return span.end() == text.length() && !value.isEmpty() && !value.endsWith("\n") && !indicators.contains("-");
    }

    /** The parser ends a block scalar where the next line begins, or after the blank lines that follow. */
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
}
