package dev.trimtab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The warnings on docs/for-authors.md are those of the rules: none is missing, and none is there that no rule gives. */
class WarningsPageTest {
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "trimtab");
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
    private static final Pattern SECTION =
            Pattern.compile("(?s)<!-- warnings, compared by WarningsPageTest -->(.*)<!-- end of warnings -->");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (?:\\[?([a-z-]+)[^|]*)?\\| `([^`]+)` \\| ([^|]+) \\|$");

    /** A line of {@code explain}: of the author's object itself, or of what KServe renders for it. */
    private static final Pattern EXPLAINED =
            Pattern.compile("(?m)^ +(?:clamped|refused|warned) +([a-z][a-z-]+) +(.*)$");

    private static final Pattern CALL = Pattern.compile("(?s)\\b(?:warn|clamp|warned)\\((.*?)\\);\\n");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern GAP = Pattern.compile("…|%s|%d|%%");

    private record Row(String rule, String text) {
        boolean matches(Row said) {
            return rule.equals(said.rule) && pattern().matcher(said.text).matches();
        }

        private Pattern pattern() {
            return Pattern.compile(
                    Stream.of(text.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*")) + ".*");
        }
    }

    @Test
    @DisplayName("each clamp, refusal and warning of the golden cases has a row of its rule")
    void given() throws IOException {
        List<Row> rows = rows();
        assertThat(explained().stream()
                        .filter(said -> rows.stream().noneMatch(row -> row.matches(said)))
                        .distinct())
                .isEmpty();
    }

    @Test
    @DisplayName("each text in the code that a rule warns or clamps with is in a row")
    void written() throws IOException {
        List<String> rows = rows().stream().map(row -> fixed(row.text())).toList();
        List<String> missing = new ArrayList<>();
        for (Path source : warningSources()) {
            CALL.matcher(code(source))
                    .results()
                    .flatMap(call -> literals(call.group(1)))
                    .forEach(text -> {
                        boolean known = rows.stream()
                                .anyMatch(row -> row.contains(longest(text)) || text.contains(longest(row)));
                        if (!known) {
                            missing.add(source.getFileName() + ": " + text);
                        }
                    });
        }
        assertThat(missing).isEmpty();
    }

    @Test
    @DisplayName("each row is given by a golden case, or its text is in the code")
    void inCode() throws IOException {
        List<Row> explained = explained();
        StringBuilder code = new StringBuilder();
        for (Path source : warningSources()) {
            code.append(code(source));
        }
        assertThat(rows()).isNotEmpty().allSatisfy(row -> assertThat(
                        explained.stream().anyMatch(row::matches) || code.indexOf(longest(row.text())) >= 0)
                .as(row.toString())
                .isTrue());
    }

    /** What the golden cases say. Knative's own words are the rule {@code knative}. */
    private static List<Row> explained() throws IOException {
        List<Row> said = new ArrayList<>();
        for (Path explain : files(GOLDEN, "explain.txt")) {
            EXPLAINED
                    .matcher(Files.readString(explain))
                    .results()
                    .filter(it -> !it.group(1).equals("knative"))
                    .forEach(it -> said.add(new Row(it.group(1), it.group(2).strip())));
        }
        return said;
    }

    private static List<Row> rows() throws IOException {
        Matcher section = SECTION.matcher(Files.readString(Path.of("docs", "for-authors.md")));
        assertThat(section.find()).isTrue();
        List<Row> rows = new ArrayList<>();
        String rule = "";
        for (MatchResult row : ROW.matcher(section.group(1)).results().toList()) {
            rule = row.group(1) == null ? rule : row.group(1);
            rows.add(new Row(rule, row.group(2)));
        }
        return rows;
    }

    /** Texts that are written in two pieces are one here. */
    private static String code(Path source) throws IOException {
        return Files.readString(source).replaceAll("\"\\s*\\+\\s*\"", "");
    }

    private static Stream<String> literals(String call) {
        return LITERAL.matcher(call)
                .results()
                .map(it -> it.group(1).replace("\\\"", "\""))
                .filter(it -> it.contains(" "))
                .map(WarningsPageTest::fixed);
    }

    private static String fixed(String text) {
        return GAP.matcher(text).replaceAll("…");
    }

    /** The longest part between two gaps. */
    private static String longest(String text) {
        return Stream.of(text.split("…", -1))
                .map(String::strip)
                .reduce("", (one, other) -> other.length() > one.length() ? other : one);
    }

    private static List<Path> warningSources() {
        return Stream.concat(
                        files(SOURCES.resolve("rules"), ".java").stream(),
                        Stream.of(SOURCES.resolve("review/Advice.java")))
                .filter(it -> !it.endsWith("Draft.java"))
                .toList();
    }

    private static List<Path> files(Path folder, String end) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(it -> it.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
