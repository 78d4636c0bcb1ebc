package dev.trimtab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Makes docs/rules.md from the Javadoc of the rules, in the order of RuleSet. A stale page fails the build; {@code
 * mvn test -Dtest=RulesPageTest -Dgolden.update=true} writes the page.
 */
class RulesPageTest {
    private static final Path RULES = Path.of("src", "main", "java", "dev", "trimtab", "rules");
    private static final Path PAGE = Path.of("docs", "rules.md");
    private static final Pattern ORDER = Pattern.compile("new (\\w+Rule)\\(\\)");
    private static final String HEAD = """
            # The rules

            The rules of Trimtab, in the order in which they run. This page is made from the source: the text of each rule is
            the Javadoc of its class in `src/main/java/dev/trimtab/rules`.

            A **fill** writes a value that the author left out. A **clamp** moves a value that Knative would refuse, or that
            would misbehave, to the nearest value that works, with a warning; [the policy](policy.md#conflicts) can make Trimtab
            warn or refuse instead. Some rules only **warn**, and change nothing. Everything else stays as it is. An update that
            does not change the template gets nothing new: filled values are put back
            ([the stability contract](architecture.md#the-stability-contract)).

            | objects | rules |
            |---|---|
            %s
            The rules of Knative Services do not change an InferenceService or InferenceGraph: warnings tell its author what the
            Services that KServe renders from it will get.
            """;

    @Test
    @DisplayName("the page says what the rules say")
    void page() throws IOException {
        StringBuilder page = new StringBuilder(HEAD.formatted(table()));
        for (String rule : rules()) {
            String source = source(rule);
            page.append("\n## ").append(id(rule)).append("\n\n").append(markdown(javadoc(source, rule)));
        }
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE).content().isEqualTo(page.toString());
    }

    /** Which rules are for which objects, as RuleSet lists them. */
    private static String table() throws IOException {
        return row("ofServices", "Knative Services, hand-written and rendered by KServe")
                + row("ofDeployments", "Deployments of KServe's Standard mode")
                + row("ofComponents", "InferenceServices and InferenceGraphs")
                + row(
                        "ofAuthors",
                        "everything that people write: warnings at CREATE, and at an UPDATE for what it adds");
    }

    private static String row(String list, String objects) throws IOException {
        Matcher matcher = Pattern.compile("(?s) " + list + "\\s+=\\s+List\\.of\\((.*?)\\);\n")
                .matcher(source("RuleSet"));
        assertThat(matcher.find()).as(list).isTrue();
        StringBuilder links = new StringBuilder();
        for (String rule : rules(matcher.group(1))) {
            String id = id(rule);
            links.append(links.isEmpty() ? "" : ", ")
                    .append("[")
                    .append(id)
                    .append("](#")
                    .append(id)
                    .append(")");
        }
        return "| " + objects + " | " + links + " |\n";
    }

    private static String source(String type) throws IOException {
        return Files.readString(RULES.resolve(type + ".java"));
    }

    private static List<String> rules() throws IOException {
        return rules(source("RuleSet"));
    }

    private static List<String> rules(String source) {
        Matcher matcher = ORDER.matcher(source);
        // Once each, though Deployments share some of them.
        Set<String> rules = new LinkedHashSet<>();
        while (matcher.find()) {
            // Some are for both kinds of workload.
            if (!rules.contains(matcher.group(1))) {
                rules.add(matcher.group(1));
            }
        }
        assertThat(rules).isNotEmpty();
        return List.copyOf(rules);
    }

    /** As Rule.id() has it. */
    private static String id(String rule) {
        return rule.replaceFirst("Rule$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }

    private static String javadoc(String source, String rule) {
        Matcher matcher =
                Pattern.compile("(?s)/\\*\\*(.*?)\\*/\\s*final class " + rule).matcher(source);
        assertThat(matcher.find()).as("%s has a Javadoc", rule).isTrue();
        return matcher.group(1);
    }

    /** Paragraphs and code are all the markup that a rule needs. */
    private static String markdown(String javadoc) {
        StringBuilder page = new StringBuilder();
        for (String paragraph : javadoc.replaceAll("(?m)^ \\* ?", "").split("<p>", -1)) {
            String line = paragraph.strip().replaceAll("\\s*\\n\\s*", " ");
            page.append(line.replaceAll("\\{@code\\s+((?:[^{}]|\\{[^{}]*(?:\\{[^{}]*\\})?[^{}]*\\})*)\\}", "`$1`"))
                    .append("\n\n");
        }
        assertThat(page.toString()).as("markup that this page does not know").doesNotContain("{@", "<");
        return page.toString().stripTrailing() + "\n";
    }
}
