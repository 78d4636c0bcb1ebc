package dev.trimtab.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads texts with tabs where go-yaml, and so kubectl, takes them for white space and the parser does not: anywhere in flow
 * style and JSON, and in block style after a value, a key or a marker, but never where the indentation stands. Such a tab is
 * read as a space, one for one, so that all places stay what they are.
 */
final class Tabs {
    /** How many characters may be parsed again for the sake of tabs: a manifest has few of them. */
    private static final int MOST_WORK = 50_000_000;

    private final StringBuilder spaced;
    private final List<Unreadable> inIndentation = new ArrayList<>();

    private Tabs(String text) {
        this.spaced = new StringBuilder(text);
    }

    /**
     * As {@link NodeReader#read}.
     *
     * @throws Unreadable if the text is not one YAML document
     */
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

    /** Tab by tab, as the parser comes upon them: only it knows what is in quotes and what is in a block text. */
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

    /** Whether all before it in its line is blanks, and dashes of lists, after which an indentation begins as well. */
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

    /** JSON in one go: it may be indented with tabs all over. The same text if it is not JSON or has no such tab. */
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
