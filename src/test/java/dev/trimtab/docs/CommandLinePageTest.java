package dev.trimtab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.Verbs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The reference at the end of docs/command-line.md is made from the options themselves. A stale page fails the build;
 * {@code mvn test -Dtest=CommandLinePageTest -Dgolden.update=true} writes it.
 */
class CommandLinePageTest {
    private static final Path PAGE = Path.of("docs", "command-line.md");
    private static final String BEGIN = "<!-- made by CommandLinePageTest -->\n";

    @Test
    @DisplayName("each argument and option of each verb, with what its help says")
    void reference() throws IOException {
        StringBuilder reference = new StringBuilder();
        Verbs.all().forEach((name, verb) -> {
            if (!name.equals("help")) {
                reference.append(section(name, verb));
            }
        });
        String page = Files.readString(PAGE);
        String expected = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + reference;
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(PAGE).content().isEqualTo(expected);
    }

    private static String section(String name, CommandLine verb) {
        String rows = Stream.concat(
                        verb.getCommandSpec().positionalParameters().stream(), verb.getCommandSpec().options().stream())
                .filter(it -> !isStandard(it))
                .map(CommandLinePageTest::row)
                .collect(Collectors.joining());
        String summary = String.join(" ", verb.getCommandSpec().usageMessage().description());
        String table = rows.isEmpty() ? "" : "\n| argument | meaning |\n|---|---|\n" + rows;
        return "\n### trimtab " + name + "\n\n" + summary + "\n" + table;
    }

    private static boolean isStandard(ArgSpec argument) {
        return argument instanceof OptionSpec option && (option.usageHelp() || option.versionHelp());
    }

    private static String row(ArgSpec argument) {
        String label =
                argument.arity().max() == 0 ? "" : argument.paramLabel() + (argument.isMultiValue() ? "..." : "");
        String name = argument instanceof OptionSpec option
                ? Stream.of(option.names()).map(it -> "`" + it + "`").collect(Collectors.joining(", "))
                        + (label.isEmpty() ? "" : " " + label)
                : label;
        return "| " + name + " | " + String.join(" ", argument.description()).replace("|", "\\|") + " |\n";
    }
}
