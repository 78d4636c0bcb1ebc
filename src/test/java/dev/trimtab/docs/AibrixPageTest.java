package dev.trimtab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.policy.AibrixCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The checks on docs/aibrix.md are made from the Javadoc of their methods, in the order of Checks. A stale page fails the
 * build; {@code mvn test -Dtest=AibrixPageTest -Dgolden.update=true} makes them anew.
 */
class AibrixPageTest {
    private static final Path CHECKS = Path.of("src", "main", "java", "dev", "trimtab", "autoscalers");
    private static final Path PAGE = Path.of("docs", "aibrix.md");
    private static final String BEGIN = "<!-- checks, made by AibrixPageTest -->\n";
    private static final Pattern ORDER = Pattern.compile("\\(AibrixCheck\\.(\\w+), (\\w+)::(\\w+)\\)");

    @Test
    @DisplayName("the page says what the checks say, and what each does unless the policy sets it")
    void page() throws IOException {
        StringBuilder checks = new StringBuilder();
        Matcher order = ORDER.matcher(Files.readString(CHECKS.resolve("Checks.java")));
        int count = 0;
        while (order.find()) {
            AibrixCheck check = AibrixCheck.valueOf(order.group(1));
            String source = Files.readString(CHECKS.resolve(order.group(2) + ".java"));
            count++;
            assertThat(check.term()).as("in the order of their numbers").isEqualTo("A" + count);
            checks.append("\n### ")
                    .append(check.term())
                    .append(": ")
                    .append(check.unlessSet().term())
                    .append("\n\n")
                    .append(markdown(source, order.group(3)));
        }
        assertThat(count).as("all checks").isEqualTo(AibrixCheck.values().length);
        String page = Files.readString(PAGE);
        String expected = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + checks;
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(PAGE).content().isEqualTo(expected);
    }

    private static String markdown(String source, String method) {
        int end = source.indexOf(" static List<Fault> " + method + "(CheckInput ");
        String javadoc = source.substring(source.lastIndexOf("/**", end) + 3, source.lastIndexOf("*/", end));
        StringBuilder page = new StringBuilder();
        for (String paragraph : javadoc.replaceAll("(?m)^ *\\* ?", "").split("<p>", -1)) {
            String text =
                    paragraph.strip().replaceAll("\\{@code\\s+([^}]*)}", "`$1`").replaceAll("\\s+", " ");
            page.append(text).append("\n\n");
        }
        return page.substring(0, page.length() - 1);
    }
}
