package dev.trimtab.monitoring;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The names in a query, without a parser of the language: what is left when everything else is taken away. */
public final class PromQl {
    private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
    private static final Pattern LABELS =
            Pattern.compile("\\{[^}]*}|\\[[^]]*]|\\b(?:by|without|on|ignoring)\\s*\\([^)]*\\)");
    private static final Pattern FUNCTION = Pattern.compile("\\b[a-z_]+\\s*(?=\\()");
    private static final Pattern NAME = Pattern.compile("\\b[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");
    private static final Pattern PART = Pattern.compile("_(?:bucket|sum|count|max)$");

    private PromQl() {}

    /** Names of metrics; of a histogram that of the whole. */
    public static Set<String> metrics(String query) {
        String rest = query;
        // In this order: a text may have braces in it, and "by (kind)" may stand between a function and its argument.
        for (Pattern noName : List.of(STRING, LABELS, FUNCTION)) {
            rest = noName.matcher(rest).replaceAll(" ");
        }
        Set<String> names = new TreeSet<>();
        NAME.matcher(rest)
                .results()
                .map(it -> it.group())
                .filter(it -> !WORDS.contains(it))
                .forEach(names::add);
        return names;
    }

    /** The name of the histogram or summary whose part this is; the name itself where it is of no other. */
    public static String whole(String name, Set<String> known) {
        String whole = PART.matcher(name).replaceFirst("");
        return known.contains(name) || !known.contains(whole) ? name : whole;
    }
}
