package dev.trimtab.field;

import dev.trimtab.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Runs a command of the table over a copy of the files of its case.
 *
 * @param files the case's own
 * @param copy an empty folder
 */
record FieldRun(Path files, Path copy) {
    /** @param command {@code trimtab …}; a word that names a file of the case, or {@code .}, is taken for that file */
    List<String> transcript(String command) throws IOException {
        Map<String, byte[]> before = contents(files);
        for (Map.Entry<String, byte[]> file : before.entrySet()) {
            Path target = copy.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
        String[] words = command.split(" ");
        List<String> arguments = new ArrayList<>();
        for (String word : List.of(words).subList(1, words.length)) {
            arguments.add(
                    Files.exists(copy.resolve(word))
                            ? copy.resolve(word).normalize().toString()
                            : word);
        }
        Cli run = Cli.run(arguments.toArray(String[]::new));
        List<String> lines = new ArrayList<>();
        run.out().lines().filter(line -> !line.isBlank()).forEach(line -> lines.add(named(line)));
        run.errors().forEach(line -> lines.add(FieldTable.ERROR + named(line)));
        changed(before).forEach(file -> lines.add(FieldTable.OUTCOME + "changed " + file));
        lines.add(FieldTable.OUTCOME + "exit code " + run.code());
        return lines;
    }

    private String named(String line) {
        // A diff has the name after a/ and b/.
        return line.replace(" a" + copy, " a")
                .replace(" b" + copy, " b")
                .replace(copy + "/", "")
                .replace(copy.toString(), ".");
    }

    private List<String> changed(Map<String, byte[]> before) throws IOException {
        Map<String, byte[]> after = contents(copy);
        return after.keySet().stream()
                .filter(file -> !Arrays.equals(after.get(file), before.get(file)))
                .toList();
    }

    private static Map<String, byte[]> contents(Path folder) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }
}
