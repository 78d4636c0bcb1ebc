package dev.trimtab.policy;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.reader.StreamReader;

/** From text to the one YAML document in it, or to the reason why there is none that is safe to read. */
final class YamlText {
    /** Of UTF-8. A ConfigMap holds 1 MiB; a policy of a hundred profiles is a tenth of this. */
    static final int MOST_BYTES = 256 * 1024;
    /** A policy needs 5. */
    static final int DEEPEST = 20;
    /** Enough to share a match between profiles; too few to make a small text large. */
    static final int MOST_ALIASES = 50;

    private final String text;
    private final Problems problems;

    YamlText(String text, Problems problems) {
        this.text = text;
        this.problems = problems;
    }

    /** The document; empty if a problem says why there is none. */
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
            // Without a place. Wide on purpose: the contract is that no text makes load() throw.
            problems.add("", 1, 1, "not valid YAML: " + Quoted.oneLine(String.valueOf(malformed.getMessage())));
        }
        return Optional.empty();
    }

    /** A value that Trimtab itself spells as a policy would. */
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

    /** Looks at the events before any tree is built: neither depth nor aliases can cost more than reading them. */
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
        // The trap of this file format: namespaces: [*-dev]
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
