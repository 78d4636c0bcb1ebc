package dev.trimtab.knative.validation;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.types.TypeCheck.TypeProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One reason why Knative refuses a document, in Knative's words (apis.FieldError of knative.dev/pkg).
 *
 * @param message without the place
 * @param paths such as {@code spec.template.spec.timeoutSeconds}; may be empty
 * @param details a second line, or empty
 */
public record FieldProblem(String message, List<String> paths, String details) {
    /** Go's order of strings, except for characters above U+FFFF. */
    private static final Comparator<FieldProblem> KNATIVE_ORDER =
            Comparator.comparing(FieldProblem::message).thenComparing(FieldProblem::details);

    public FieldProblem {
        paths = List.copyOf(paths);
    }

    static FieldProblem of(String message, String... paths) {
        return new FieldProblem(message, List.of(paths), "");
    }

    /** Knative's own message names Go types: "cannot decode incoming new object: json: …". */
    static List<FieldProblem> of(List<TypeProblem> types) {
        return types.stream().map(it -> of(it.message(), it.path())).toList();
    }

    FieldProblem withDetails(String text) {
        return new FieldProblem(message, paths, text);
    }

    static FieldProblem invalidValue(Object value, String path) {
        return of("invalid value: " + value, path);
    }

    static FieldProblem invalidKey(String key) {
        return of("invalid key name " + GoParsing.quote(key), "");
    }

    static FieldProblem outOfBounds(Object value, Object lower, Object upper, String path) {
        return of("expected " + lower + " <= " + value + " <= " + upper, path);
    }

    static FieldProblem missing(String... paths) {
        return of("missing field(s)", paths);
    }

    static FieldProblem disallowed(String... paths) {
        return of("must not set the field(s)", paths);
    }

    static List<FieldProblem> under(String prefix, Collection<FieldProblem> problems) {
        return problems.stream().map(problem -> problem.under(prefix)).toList();
    }

    private FieldProblem under(String prefix) {
        return new FieldProblem(
                message, paths.stream().map(path -> join(prefix, path)).toList(), details);
    }

    /** An index such as "[0]" needs no dot. */
    private static String join(String prefix, String path) {
        if (path.isEmpty()) {
            return prefix;
        }
        String first = path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
        boolean index = first.startsWith("[") && first.endsWith("]");
        return prefix + (index ? "" : ".") + path;
    }

    /** Merges problems with the same message and details, and sorts them by message. */
    static List<FieldProblem> merged(Collection<FieldProblem> problems) {
        Map<List<String>, FieldProblem> merged = new LinkedHashMap<>();
        for (FieldProblem problem : problems) {
            merged.merge(List.of(problem.message, problem.details), problem, FieldProblem::withPathsOf);
        }
        List<FieldProblem> sorted = new ArrayList<>();
        for (FieldProblem problem : merged.values()) {
            sorted.add(problem.withPathsOf(problem));
        }
        sorted.sort(KNATIVE_ORDER);
        return List.copyOf(sorted);
    }

    private FieldProblem withPathsOf(FieldProblem other) {
        TreeSet<String> all = new TreeSet<>(paths);
        all.addAll(other.paths);
        return new FieldProblem(message, List.copyOf(all), details);
    }

    public String text() {
        String line = message + ": " + String.join(", ", paths);
        return details.isEmpty() ? line : line + "\n" + details;
    }

    /** One message, as Knative answers; may be empty. */
    public static String text(Collection<FieldProblem> problems) {
        return merged(problems).stream().map(FieldProblem::text).collect(Collectors.joining("\n"));
    }

    /** Finds places in Knative's notation in a document, such as {@code spec.template.spec.containers[0].image}. */
    public static final class KnativePath {
        private KnativePath() {}

        /**
         * The deepest existing place on a path. Keys of maps may contain dots, which Knative does not escape.
         *
         * @param path without spaces, as in {@link FieldProblem#paths()}
         */
        public static JsonPointer deepest(JsonNode document, String path) {
            List<String> words = new ArrayList<>(Arrays.asList(path.split("[.\\[\\]]+")));
            JsonPointer at = JsonPointer.empty();
            JsonNode node = document;
            while (!words.isEmpty()) {
                int taken = longestKey(node, words);
                if (taken == 0) {
                    return at;
                }
                String key = String.join(".", words.subList(0, taken));
                at = node.isArray() ? at.appendIndex(Integer.parseInt(key)) : at.appendProperty(key);
                node = node.isArray() ? node.get(Integer.parseInt(key)) : node.get(key);
                words.subList(0, taken).clear();
            }
            return at;
        }

        /** How many of the first words form an existing key; 0 if there is none. */
        private static int longestKey(JsonNode node, List<String> words) {
            if (node.isArray()) {
                String first = words.get(0);
                boolean index = first.matches("\\d{1,9}");
                return index && node.has(Integer.parseInt(first)) ? 1 : 0;
            }
            for (int count = words.size(); count > 0; count--) {
                if (node.has(String.join(".", words.subList(0, count)))) {
                    return count;
                }
            }
            return 0;
        }
    }
}
