package dev.trimtab.cli.help;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.trimtab.cli.Cli;
import dev.trimtab.cli.Verbs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPageTest {
    private static final long DEADLINE_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("there is a page of trimtab and of each verb, but help; the same each time")
    void pages() throws Exception {
        Map<String, String> pages = pages("first");
        List<String> names = new ArrayList<>(List.of("trimtab.1"));
        Verbs.all().keySet().stream()
                .filter(it -> !it.equals("help"))
                .forEach(it -> names.add("trimtab-" + it.replace(' ', '-') + ".1"));

        assertThat(pages.keySet()).containsExactlyInAnyOrderElementsOf(names);
        assertThat(pages("second")).isEqualTo(pages);
    }

    @Test
    @DisplayName("man reads every page without a warning, and shows what the help says")
    void man() throws Exception {
        assumeThat(Path.of("/usr/bin/man")).as("man-db").exists();
        pages("pages");
        Path shown = folder.resolve("shown");
        Path warnings = folder.resolve("warnings");
        for (String name : pages("pages").keySet()) {
            Process man = new ProcessBuilder(
                            "man",
                            "-l",
                            "--warnings=w",
                            folder.resolve("pages/" + name).toString())
                    .redirectError(warnings.toFile())
                    .redirectOutput(shown.toFile())
                    .start();
            assertThat(man.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(warnings).as(name).content().isEmpty();
            assertThat(shown).as(name).content().contains("NAME\n", "SYNOPSIS\n", "OPTIONS\n", "SEE ALSO\n");
        }
    }

    @Test
    @DisplayName("each option, its value and its default are on the page; lines that roff would run are text")
    void check() throws Exception {
        String page = pages("check").get("trimtab-check.1");

        assertThat(page)
                .startsWith(".TH TRIMTAB\\-CHECK 1 \"\" \"trimtab of a working tree, not packaged\" \"Trimtab\"\n")
                .contains("trimtab\\-check \\- Finds what admission would clamp or refuse, including Knative's own"
                        + " refusals\n")
                .contains(".TP\n\\fB\\-f\\fR, \\fB\\-\\-filename\\fR \\fIFILE\\fR...\n")
                .contains("Namespace of objects that name none. Default: default.\n")
                .contains(".SH EXIT STATUS\n0; 1 if something would be clamped")
                .contains(".SH EXAMPLES\n.nf\n.in 0\n  trimtab check \\-k overlays/prod\n");
        assertThat(page.lines().filter(it -> it.startsWith(".")))
                .allMatch(it -> it.matches("\\.(TH|SH|TP|PP|nf|fi|in)( .*)?"));
    }

    @Test
    @DisplayName("a folder that cannot be made is said in one line")
    void cannotBeWritten() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        Cli man = Cli.run("man", file.resolve("man1").toString());
        assertThat(man.code()).isEqualTo(2);
        assertThat(man.errors()).singleElement().asString().startsWith(file + "/man1: cannot be written: ");
    }

    private Map<String, String> pages(String name) throws Exception {
        Path pages = folder.resolve(name);
        assertThat(Cli.run("man", pages.toString())).isEqualTo(new Cli(0, "", ""));
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.list(pages)) {
            for (Path file : files.toList()) {
                texts.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return texts;
    }
}
