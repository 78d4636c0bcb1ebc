package dev.trimtab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.review.Requests;
import dev.trimtab.review.Reviewer;
import dev.trimtab.snapshot.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * docs/gallery.md shows what {@code preview} makes of docs/examples/gallery today. {@code mvn test
 * -Dtest=GalleryPageTest -Dgolden.update=true} writes the page and the files anew; read the difference.
 */
class GalleryPageTest {
    private static final Path PAGE = Path.of("docs", "gallery.md");
    private static final Path FOLDER = Path.of("docs", "examples", "gallery");
    private static final String NAMESPACE = "chat-eu";
    private static final Pattern SECTION = Pattern.compile("(?s)<!-- ([a-z-]+) -->\n(.*?)<!-- end -->");
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Said(String out, String err) {}

    @Test
    @DisplayName("the page shows each example, with the difference and the warnings of today")
    void page() throws IOException {
        String page = Files.readString(PAGE);
        List<String> shown = new ArrayList<>();
        String expected = SECTION.matcher(page).replaceAll((MatchResult it) -> {
            shown.add(it.group(1));
            return Matcher.quoteReplacement(
                    "<!-- %s -->\n%s<!-- end -->".formatted(it.group(1), difference(it.group(1))));
        });
        assertThat(shown).containsExactlyInAnyOrderElementsOf(examples());
        written(PAGE, expected);
    }

    @Test
    @DisplayName("after.yaml is what preview prints, and Trimtab has nothing to add to it")
    void after() throws IOException {
        for (String example : examples()) {
            Path after = FOLDER.resolve(example).resolve("after.yaml");
            written(after, preview(example, "before.yaml", "yaml").out());
            assertThat(preview(example, "after.yaml", "diff").out()).as(example).isEmpty();
        }
    }

    @Test
    @DisplayName("the AdmissionReview for curl gets the response that is shown")
    void admissionReview() throws IOException {
        Path folder = FOLDER.resolve("admission-review");
        ObjectNode review = (ObjectNode) JSON.readTree(Files.readString(folder.resolve("request.json")));
        ObjectNode response = Requests.send(new Reviewer(Reviewer.PLATFORM_NAMESPACES), review, Settings.DEFAULTS)
                .toJson();
        written(
                folder.resolve("response.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(response) + "\n");
    }

    private static List<String> examples() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.filter(it -> Files.exists(it.resolve("before.yaml")))
                    .map(it -> it.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static String difference(String example) {
        Said said = preview(example, "before.yaml", "diff");
        String diff = said.out().replaceFirst("^--- .*\n\\+\\+\\+ .*\n", "");
        String block = diff.isEmpty() ? "" : "```diff\n%s```\n\n".formatted(diff);
        return block + (said.err().isEmpty() ? "" : "```text\n%s```\n".formatted(said.err()));
    }

    private static Said preview(String example, String file, String format) {
        Path folder = FOLDER.resolve(example);
        List<String> arguments = new ArrayList<>(List.of(
                "preview",
                "-n",
                NAMESPACE,
                "-o",
                format,
                "-f",
                folder.resolve(file).toString()));
        if (Files.exists(folder.resolve("policy.yaml"))) {
            arguments.addAll(List.of("--policy", folder.resolve("policy.yaml").toString()));
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = TrimtabCommand.run(
                arguments.toArray(String[]::new),
                InputStream.nullInputStream(),
                new PrintWriter(out),
                new PrintWriter(err));
        assertThat(code).as(err.toString()).isZero();
        return new Said(out.toString(), err.toString());
    }

    private static void written(Path file, String expected) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, expected);
        }
        assertThat(file).content().isEqualTo(expected);
    }
}
