package dev.trimtab.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.trimtab.field.FieldTable.Command;
import dev.trimtab.field.FieldTable.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What real people wrote (the corpus's folder {@code field}), and what they are told: {@code
 * src/test/resources/field/findings.md}. {@code -Dgolden.update=true} writes what the commands in it say anew; read the
 * difference.
 */
class FieldCasesTest {
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");

    @TempDir
    private Path folder;

    private Path field;

    @BeforeEach
    void corpus() {
        String corpus = System.getProperty("corpus.dir", "");
        assumeThat(corpus).as("no manifests to test on: set -Dcorpus.dir").isNotBlank();
        field = Path.of(corpus, "field");
    }

    @TestFactory
    Stream<DynamicTest> said() throws IOException {
        FieldTable table = FieldTable.read();
        FieldTable now = new FieldTable(table.introduction(), new ArrayList<>());
        for (Section section : table.sections()) {
            now.sections().add(new Section(section.name(), section.text(), run(section)));
        }
        if (UPDATE) {
            now.write();
            return Stream.empty();
        }
        return Stream.iterate(0, i -> i < table.sections().size(), i -> i + 1)
                .map(i -> dynamicTest(table.sections().get(i).name(), () -> assertThat(
                                text(now.sections().get(i)))
                        .isEqualTo(text(table.sections().get(i)))));
    }

    @Test
    @DisplayName("each case of the corpus is in the table, in order, and each of its files in a command")
    void complete() throws IOException {
        List<Section> sections = FieldTable.read().sections();
        assertThat(sections.stream().map(Section::name)).isEqualTo(names(field));
        for (Section section : sections) {
            String commands = String.join(
                    "\n", section.commands().stream().map(Command::line).toList());
            assertThat(names(field.resolve(section.name())))
                    .as(section.name())
                    .allMatch(file -> commands.contains(file) || commands.contains(" ."));
        }
    }

    private List<Command> run(Section section) throws IOException {
        List<Command> commands = new ArrayList<>();
        for (Command command : section.commands()) {
            Path copy = Files.createTempDirectory(folder, "case");
            FieldRun run = new FieldRun(field.resolve(section.name()), copy);
            commands.add(new Command(command.line(), run.transcript(command.line())));
        }
        return commands;
    }

    private static String text(Section section) {
        StringBuilder text = new StringBuilder();
        for (Command command : section.commands()) {
            text.append("$ ").append(command.line()).append('\n');
            command.transcript().forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }
}
