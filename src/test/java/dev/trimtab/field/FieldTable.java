package dev.trimtab.field;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code findings.md}: a heading for each case, what its author expects, and after each command what it says.
 *
 * @param introduction the lines before the first case
 */
record FieldTable(List<String> introduction, List<Section> sections) {
    static final Path FILE = Path.of("src", "test", "resources", "field", "findings.md");
    /** Before a line of standard error. */
    static final String ERROR = "! ";
    /** Before a line that the command did not print. */
    static final String OUTCOME = "=> ";

    private static final String CASE = "## ";
    private static final String INDENT = "    ";
    private static final String COMMAND = INDENT + "$ ";

    /** @param text what stands between the heading and the first command */
    record Section(String name, List<String> text, List<Command> commands) {}

    record Command(String line, List<String> transcript) {}

    static FieldTable read() throws IOException {
        List<String> introduction = new ArrayList<>();
        List<Section> sections = new ArrayList<>();
        for (String line : Files.readAllLines(FILE)) {
            Section section = sections.isEmpty() ? null : sections.get(sections.size() - 1);
            if (line.startsWith(CASE)) {
                sections.add(new Section(line.substring(CASE.length()), new ArrayList<>(), new ArrayList<>()));
            } else if (section == null) {
                introduction.add(line);
            } else if (line.startsWith(COMMAND)) {
                section.commands().add(new Command(line.substring(COMMAND.length()), new ArrayList<>()));
            } else if (section.commands().isEmpty()) {
                section.text().add(line);
            } else if (!line.isEmpty()) {
                List<Command> commands = section.commands();
                commands.get(commands.size() - 1).transcript().add(line.substring(INDENT.length()));
            }
        }
        return new FieldTable(introduction, sections);
    }

    void write() throws IOException {
        List<String> lines = new ArrayList<>(introduction);
        for (Section section : sections) {
            lines.add(CASE + section.name());
            lines.addAll(section.text());
            for (Command command : section.commands()) {
                lines.add(COMMAND + command.line());
                command.transcript().forEach(line -> lines.add(INDENT + line));
                lines.add("");
            }
        }
        Files.write(FILE, lines);
    }
}
