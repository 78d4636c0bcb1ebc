package dev.trimtab.policy;

import dev.trimtab.policy.PolicyProblem.Problems;
import dev.trimtab.policy.PolicyProblem.Quoted;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * A value in the policy's text, with its place. Readers return the value, or empty after they add a problem.
 *
 * @param path as in {@link PolicyProblem#path}
 * @param key place of the value's key; in a list, of the value itself
 */
record YamlValue(String path, Mark key, Node node, Problems problems) {
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");

    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");
    /** No value of a policy needs more, and a number of a hundred thousand digits costs time. */
    private static final int LONGEST_NUMBER = 20;

    private static final Map<Tag, String> NAMES = Map.of(
            Tag.MAP, "a map",
            Tag.SEQ, "a list",
            Tag.NULL, "nothing",
            Tag.STR, "the text",
            Tag.INT, "the number",
            Tag.FLOAT, "the number",
            Tag.BOOL, "the boolean",
            Tag.TIMESTAMP, "the date");

    static YamlValue root(Node node, Problems problems) {
        return new YamlValue("", node.getStartMark(), node, problems);
    }

    void refuse(String message) {
        problems.add(path, node.getStartMark(), message);
    }

    void refuseKey(String message) {
        problems.add(path, key, message);
    }

    boolean isNothing() {
        return node.getTag().equals(Tag.NULL);
    }

    boolean isEmpty() {
        return node instanceof CollectionNode<?> collection
                && collection.getValue().isEmpty();
    }

    /** The same place, with the path of a missing key. */
    YamlValue child(String name) {
        return new YamlValue(pathTo(name), key, node, problems);
    }

    /** A map. Keys that are not {@code known} are problems. {@code misplaced} has messages for some of them. */
    Optional<Map<String, YamlValue>> fields(List<String> known, Map<String, String> misplaced) {
        Optional<Map<String, YamlValue>> fields = map();
        fields.orElse(Map.of()).forEach((name, field) -> {
            if (misplaced.containsKey(name)) {
                field.refuseKey(misplaced.get(name));
            } else if (!known.contains(name)) {
                field.refuseKey("unknown key; "
                        + nearest(name, known)
                                .map(near -> "did you mean " + near + "?")
                                .orElse("known here: " + String.join(", ", known)));
            }
        });
        return fields;
    }

    /** A map with any keys. If a key appears twice, the first one counts. */
    Optional<Map<String, YamlValue>> map() {
        if (!(node instanceof MappingNode map) || !node.getTag().equals(Tag.MAP)) {
            return wrongType("a map");
        }
        Map<String, YamlValue> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            Node keyNode = tuple.getKeyNode();
            Mark place = keyNode.getStartMark();
            if (!(keyNode instanceof ScalarNode scalar) || !keyNode.getTag().equals(Tag.STR)) {
                problems.add(path, place, keyFlaw(keyNode));
                continue;
            }
            String name = scalar.getValue();
            YamlValue entry = new YamlValue(pathTo(name), place, tuple.getValueNode(), problems);
            YamlValue first = entries.putIfAbsent(name, entry);
            if (first != null) {
                entry.refuseKey("is already on line " + (first.key.getLine() + 1) + "; keep one of the two");
            }
        }
        return Optional.of(entries);
    }

    private static String keyFlaw(Node key) {
        return key.getTag().equals(Tag.MERGE)
                ? "merge keys (<<) are not read; write the keys themselves"
                : "expected text as a key, found " + found(key);
    }

    Optional<List<YamlValue>> list() {
        if (!(node instanceof SequenceNode list) || !node.getTag().equals(Tag.SEQ)) {
            return wrongType("a list");
        }
        List<YamlValue> entries = new ArrayList<>();
        for (Node entry : list.getValue()) {
            entries.add(new YamlValue(path + "[" + entries.size() + "]", entry.getStartMark(), entry, problems));
        }
        return Optional.of(entries);
    }

    /** {@code true} or {@code false}. Other booleans of YAML 1.1, such as {@code yes}, are refused. */
    Optional<Boolean> bool() {
        String written = node instanceof ScalarNode scalar ? scalar.getValue() : "";
        boolean fits = written.equals("true") || written.equals("false");
        if (fits && node.getTag().equals(Tag.BOOL)) {
            return Optional.of(written.equals("true"));
        }
        return wrongType("true or false", fits && node.getTag().equals(Tag.STR) ? "; leave out the quotes" : "");
    }

    /** A text. Numbers and booleans, such as {@code 1} or {@code yes}, are refused with the advice to quote them. */
    Optional<String> text() {
        if (node instanceof ScalarNode scalar && node.getTag().equals(Tag.STR)) {
            return Optional.of(scalar.getValue());
        }
        return wrongType("text");
    }

    Optional<String> text(Function<String, Optional<String>> flaw) {
        return text().filter(text -> {
            Optional<String> found = flaw.apply(text);
            found.ifPresent(what -> refuse(Quoted.of(text) + " " + what));
            return found.isEmpty();
        });
    }

    Optional<String> oneOf(List<String> terms) {
        String expected = (terms.size() == 1 ? "" : "one of ") + String.join(", ", terms);
        if (!(node instanceof ScalarNode) || !node.getTag().equals(Tag.STR)) {
            return wrongType(expected);
        }
        return text().filter(written -> {
            if (!terms.contains(written)) {
                refuse(Quoted.of(written) + " is not " + expected
                        + nearest(written, terms)
                                .map(near -> "; did you mean " + near + "?")
                                .orElse(""));
            }
            return terms.contains(written);
        });
    }

    private Optional<String> nearest(String written, List<String> known) {
        return problems.isFull() ? Optional.empty() : ClosestWord.to(written, known);
    }

    private <T> Optional<T> wrongType(String expected) {
        boolean quotable = expected.equals("text")
                && node instanceof ScalarNode
                && !node.getTag().equals(Tag.NULL);
        return wrongType(expected, quotable ? "; put it in quotes" : "");
    }

    <T> Optional<T> wrongType(String expected, String advice) {
        refuse("expected " + expected + ", found " + found(node) + advice);
        return Optional.empty();
    }

    /**
     * A number in plain digits. YAML 1.1 also reads {@code 010} as 8 and {@code 1:30} as 90, and YAML 1.2 reads both
     * differently.
     *
     * @param expected "a number", or "a whole number" for one without decimals
     */
    Optional<String> digits(String expected) {
        if (!(node instanceof ScalarNode scalar)) {
            return wrongType(expected, "");
        }
        String written = scalar.getValue();
        Pattern digits = expected.equals("a number") ? NUMBER : WHOLE;
        boolean fits =
                written.length() <= LONGEST_NUMBER && digits.matcher(written).matches();
        if (!isNumber()) {
            return wrongType(expected, fits ? "; leave out the quotes" : "");
        }
        if (fits) {
            return Optional.of(written);
        }
        if (written.length() > LONGEST_NUMBER) {
            return wrongType(expected + " of at most " + LONGEST_NUMBER + " characters", "");
        }
        return wrongType(expected + (NUMBER.matcher(written).matches() ? "" : " in plain digits"), "");
    }

    /** A text such as {@code 90s} or {@code 12Gi} that {@code fits}. */
    Optional<String> withUnit(String expected, Predicate<String> fits) {
        if (isNumber() || !node.getTag().equals(Tag.STR)) {
            return wrongType(expected, isNumber() ? "; add the unit" : "");
        }
        return text(it -> fits.test(it) ? Optional.empty() : Optional.of("is not " + expected));
    }

    private boolean isNumber() {
        return node.getTag().equals(Tag.INT) || node.getTag().equals(Tag.FLOAT);
    }

    private static String found(Node node) {
        String name = NAMES.get(node.getTag());
        if (name == null) {
            return "a value tagged " + Quoted.of(node.getTag().getValue());
        }
        return node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)
                ? name + " " + Quoted.of(scalar.getValue())
                : name;
    }

    private String pathTo(String name) {
        if (!PLAIN_KEY.matcher(name).matches()) {
            return path + "[" + Quoted.of(name) + "]";
        }
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Reads the single YAML document of a text, or adds the problem why it cannot be read safely. */
    static final class YamlText {
        /** In UTF-8. A ConfigMap holds 1 MiB. A policy of a hundred profiles is a tenth of this limit. */
        static final int MOST_BYTES = 256 * 1024;
        /** Levels of nesting. A policy needs 5. */
        static final int DEEPEST = 20;
        /** Enough to share a match between profiles; too few to make a small text large. */
        static final int MOST_ALIASES = 50;

        private final String text;
        private final Problems problems;

        YamlText(String text, Problems problems) {
            this.text = text;
            this.problems = problems;
        }

        Optional<YamlValue> root() {
            if (tooLarge()) {
                problems.add("", 1, 1, "the policy is larger than 256 KiB");
                return Optional.empty();
            }
            if (!readable()) {
                return Optional.empty();
            }
            try {
                return oneSmallDocument()
                        ? Optional.of(YamlValue.root(yaml().compose(new StringReader(text)), problems))
                        : Optional.empty();
            } catch (MarkedYAMLException malformed) {
                problems.add("", place(malformed), "not valid YAML: " + reason(malformed));
            } catch (RuntimeException malformed) {
                // These have no place. All exceptions are caught on purpose: load() must not throw for any text.
                problems.add("", 1, 1, "not valid YAML: " + Quoted.oneLine(String.valueOf(malformed.getMessage())));
            }
            return Optional.empty();
        }

        /** A value that Trimtab itself spells like a policy. */
        static YamlValue value(String text) {
            return YamlValue.root(yaml().compose(new StringReader(text)), new Problems());
        }

        private boolean tooLarge() {
            return text.length() > MOST_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES;
        }

        /** SnakeYAML refuses these as well, but does not say on which line. */
        private boolean readable() {
            int line = 1;
            int column = 1;
            for (int at = 0, c; at < text.length(); at += Character.charCount(c)) {
                c = text.codePointAt(at);
                if (!StreamReader.isPrintable(c)) {
                    problems.add("", line, column, String.format("character U+%04X has no place in YAML", c));
                    return false;
                }
                line += c == '\n' ? 1 : 0;
                column = c == '\n' ? 1 : column + 1;
            }
            return true;
        }

        /** Checks the parser's events before any tree is built, so that depth and aliases cost little. */
        private boolean oneSmallDocument() {
            int documents = 0;
            int depth = 0;
            int aliases = 0;
            for (Event event : yaml().parse(new StringReader(text))) {
                if (event instanceof DocumentStartEvent && ++documents > 1) {
                    return refuse(event, "a second document starts here; a policy is one");
                } else if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                    return refuse(event, "nested deeper than " + DEEPEST + " levels");
                } else if (event instanceof CollectionEndEvent) {
                    depth--;
                } else if (event instanceof AliasEvent && ++aliases > MOST_ALIASES) {
                    return refuse(event, "more than " + MOST_ALIASES + " aliases");
                }
            }
            return documents == 1 || refuseEmpty();
        }

        private boolean refuse(Event event, String message) {
            problems.add("", event.getStartMark(), message);
            return false;
        }

        private boolean refuseEmpty() {
            problems.add(
                    "",
                    1,
                    1,
                    "the policy is empty; it needs at least apiVersion: " + PolicyKeys.VERSION + " and kind: "
                            + PolicyKeys.POLICY);
            return false;
        }

        private static Mark place(MarkedYAMLException malformed) {
            return malformed.getProblemMark() != null ? malformed.getProblemMark() : malformed.getContextMark();
        }

        private static String reason(MarkedYAMLException malformed) {
            String context = malformed.getContext() == null ? "" : malformed.getContext() + ", ";
            String reason = Quoted.oneLine(context + malformed.getProblem());
            // A common mistake: namespaces: [*-dev]
            return reason.contains("alias") ? reason + "; a text that starts with * must be in quotes" : reason;
        }

        private static Yaml yaml() {
            LoaderOptions options = new LoaderOptions();
            options.setCodePointLimit(MOST_BYTES);
            options.setNestingDepthLimit(DEEPEST);
            options.setMaxAliasesForCollections(MOST_ALIASES);
            return new Yaml(options);
        }
    }
}
