package dev.trimtab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * docs/schedules.md shows what {@code schedule preview} prints today. {@code mvn test -Dtest=SchedulesPageTest
 * -Dgolden.update=true} writes it anew; read the difference.
 */
class SchedulesPageTest {
    private static final Path PAGE = Path.of("docs", "schedules.md");
    private static final Pattern SHOWN =
            Pattern.compile("(?s)(```console\n\\$ trimtab )(schedule preview [^\n]+)\n.*?```");

    @Test
    @DisplayName("each preview on the page")
    void previews() throws IOException {
        String page = Files.readString(PAGE);
        assertThat(SHOWN.matcher(page).results()).hasSizeGreaterThan(1);
        String expected = SHOWN.matcher(page).replaceAll((MatchResult it) -> {
            Cli preview = Cli.run(it.group(2).split(" "));
            return Matcher.quoteReplacement(it.group(1) + it.group(2) + "\n" + preview.out() + preview.err() + "```");
        });
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(PAGE).content().isEqualTo(expected);
    }

    @Test
    @DisplayName("the first example is the file beside the page")
    void example() throws IOException {
        String file = Files.readString(Path.of("docs", "examples", "schedules", "weekends-off.yaml"));
        assertThat(PAGE)
                .content()
                .contains("```yaml\n" + file.substring(file.indexOf("apiVersion")) + "```")
                .contains(List.of("nights.yaml", "office-hours.yaml", "demo-day.yaml"));
    }
}
