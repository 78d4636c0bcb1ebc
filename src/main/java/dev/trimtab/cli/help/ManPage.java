package dev.trimtab.cli.help;

import dev.trimtab.cli.print.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The help of one command as a manual page: the macros of man(7), which every man program reads. picocli's own
 * generator writes AsciiDoc, and needs Ruby to make a page of it.
 */
final class ManPage {
    private static final String EXIT_CODES = "Exit codes: ";

    private final CommandSpec command;
    private final StringBuilder page = new StringBuilder();

    ManPage(CommandSpec command) {
        this.command = command;
    }

    String name() {
        return command.qualifiedName("-");
    }

    /** The page has no date, so the same build writes the same page. */
    String roff() {
        page.setLength(0);
        line(".TH " + escaped(name().toUpperCase(Locale.ROOT)) + " 1 \"\" \"trimtab " + Version.text()
                + "\" \"Trimtab\"");
        section("NAME");
        line(escaped(name()) + " \\- " + escaped(summary()));
        section("SYNOPSIS");
        verbatim(Help.synopsis(command));
        section("DESCRIPTION");
        line(escaped(String.join(" ", command.usageMessage().description())));
        List<String> footer = List.of(command.usageMessage().footer());
        int end = (int)
                footer.stream().takeWhile(it -> !it.startsWith(EXIT_CODES)).count();
        text(footer.subList(0, end));
        arguments();
        verbs();
        text(footer.subList(end, footer.size()));
        section("SEE ALSO");
        line(seeAlso());
        return page.toString();
    }

    private String summary() {
        String text = String.join(" ", command.usageMessage().description());
        return text.replaceAll("(?<=[^.])\\.( .*)?$", "");
    }

    private void arguments() {
        if (!command.positionalParameters().isEmpty()) {
            section("ARGUMENTS");
            command.positionalParameters().forEach(it -> argument(label(it), it));
        }
        section("OPTIONS");
        for (OptionSpec option : command.options()) {
            String names = Stream.of(option.names())
                    .map(it -> "\\fB" + escaped(it) + "\\fR")
                    .collect(Collectors.joining(", "));
            boolean takesValue = option.arity().max() > 0;
            argument(names + (takesValue ? " " + label(option) : ""), option);
        }
    }

    private static String label(ArgSpec argument) {
        return "\\fI" + escaped(argument.paramLabel()) + "\\fR" + (argument.isMultiValue() ? "..." : "");
    }

    private void argument(String heading, ArgSpec argument) {
        line(".TP");
        line(heading);
        line(escaped(Help.description(argument)));
    }

    private void verbs() {
        if (command.subcommands().isEmpty()) {
            return;
        }
        section("VERBS");
        command.subcommands().forEach((name, verb) -> {
            line(".TP");
            line("\\fB" + escaped(name) + "\\fR");
            line(escaped(String.join(" ", verb.getCommandSpec().usageMessage().description())));
        });
    }

    /** Lines of the end of the help: paragraphs, exit codes, examples. */
    private void text(List<String> lines) {
        List<String> paragraph = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(EXIT_CODES)) {
                flush(paragraph);
                section("EXIT STATUS");
                paragraph.add(line.substring(EXIT_CODES.length()));
            } else if (line.startsWith("Example")) {
                flush(paragraph);
                section("EXAMPLES");
            } else if (line.startsWith("  ")) {
                flush(paragraph);
                verbatim(line);
            } else if (line.isEmpty()) {
                flush(paragraph);
            } else {
                paragraph.add(line);
            }
        }
        flush(paragraph);
    }

    private void flush(List<String> paragraph) {
        if (!paragraph.isEmpty()) {
            if (!page.toString().endsWith("STATUS\n")) {
                line(".PP");
            }
            line(escaped(String.join(" ", paragraph)));
            paragraph.clear();
        }
    }

    private String seeAlso() {
        Stream<String> above = Stream.ofNullable(command.parent()).map(it -> it.qualifiedName("-"));
        Stream<String> verbs = command.subcommands().keySet().stream()
                .filter(it -> !it.equals(ManCommand.HELP))
                .map(it -> name() + "-" + it);
        return Stream.concat(above, verbs)
                .map(it -> "\\fB" + escaped(it) + "\\fR(1)")
                .collect(Collectors.joining(", "));
    }

    private void section(String title) {
        line(".SH " + title);
    }

    /** Lines as they are, from the left edge: the help is laid out for 80 columns. */
    private void verbatim(String text) {
        line(".nf");
        line(".in 0");
        text.lines().forEach(it -> line(escaped(it)));
        line(".in");
        line(".fi");
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    /** A dot or an apostrophe at the begin of a line would be a request, and a hyphen be set as a typographic one. */
    private static String escaped(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    /** The parts of picocli's help that both a manual page and the reference in the docs have. */
    static final class Help {
        private Help() {}

        static String synopsis(CommandSpec command) {
            String text = new CommandLine.Help(command, CommandLine.Help.defaultColorScheme(Ansi.OFF)).synopsis(0);
            return text.stripTrailing();
        }

        static String description(ArgSpec argument) {
            return String.join(" ", argument.description());
        }
    }
}
