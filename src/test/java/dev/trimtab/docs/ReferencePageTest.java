package dev.trimtab.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.cli.TrimtabCommand;
import dev.trimtab.cluster.TrimtabConfig;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * docs/reference.md names all that is in the code and in the manifests, and nothing else. {@code mvn test
 * -Dtest=ReferencePageTest -Dgolden.update=true} writes the table of exit codes anew.
 */
class ReferencePageTest {
    private static final Path PAGE = Path.of("docs", "reference.md");
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    @DisplayName(
            "environment variables: TrimtabConfig with its defaults, what the code asks for, manifests, scripts and"
                    + " image")
    void variables() throws IOException {
        Map<String, String> settings = settings(TrimtabConfig.class, "TRIMTAB");
        Set<String> variables = new TreeSet<>(settings.keySet());
        String code = text(MAIN, ".java");
        variables.addAll(found(code, "getenv\\(\\)?[^;\"]*\"([A-Z_]+)\""));
        variables.addAll(found(code, "\\b((?:TRIMTAB|QUARKUS)_[A-Z_]*[A-Z])\\b"));
        variables.addAll(found(code, "ConfigProperty\\(name = \"(trimtab[a-z.]+)\"").stream()
                .map(ReferencePageTest::variable)
                .toList());
        variables.addAll(found(text(Path.of("deploy"), ".yaml"), "(?m)- name: ((?:TRIMTAB|QUARKUS)_[A-Z_]+)$"));
        variables.addAll(found(Files.readString(Path.of("Dockerfile")), "(?m)^ENV (\\w+)="));
        variables.addAll(found(Files.readString(Path.of("plugin", "kubectl-trimtab")), "\\$\\{([A-Z_]+):-"));
        variables.addAll(found(Files.readString(Path.of("plugin", "github-action")), "\\$\\{?(TRIMTAB_[A-Z_]*[A-Z])"));
        // What serve sets for a process of its own.
        variables.remove("TRIMTAB_STORE_PASSWORD");
        // Of a log category: the page on performance says how.
        variables.add("QUARKUS_LOG_CATEGORY__DEV_TRIMTAB_REVIEW__LEVEL");

        assertThat(firstColumn("variables")).containsExactlyInAnyOrderElementsOf(variables);
        String table = section("variables");
        settings.forEach((variable, value) -> assertThat(table)
                .contains("| `" + variable + "` | " + (value.isEmpty() ? "" : "`" + value + "` ") + "|"));
    }

    @Test
    @DisplayName("properties of the server have the values of application.properties")
    void properties() throws IOException {
        Properties shipped = new Properties();
        try (InputStream file = Files.newInputStream(Path.of("src/main/resources/application.properties"))) {
            shipped.load(file);
        }
        Map<String, String> rows = new TreeMap<>();
        Pattern.compile("(?m)^\\| `([a-z.-]+)` \\| `(\\w+)` \\|$")
                .matcher(section("properties"))
                .results()
                .forEach(it -> rows.put(it.group(1), it.group(2)));
        assertThat(rows).isNotEmpty().allSatisfy((key, value) -> assertThat(
                        Optional.ofNullable(shipped.getProperty("%prod." + key)).orElse(shipped.getProperty(key)))
                .as(key)
                .isEqualTo(value));
    }

    @Test
    @DisplayName("keys of annotations, labels and finalizers: all that the code and the manifests have")
    void keys() throws IOException {
        Set<String> keys = new TreeSet<>(found(text(MAIN, ".java"), "= \"((?:[a-z]+\\.)?trimtab\\.dev/[a-z-]*)\";"));
        keys.addAll(found(text(MAIN, ".java"), "[A-Z]\\(\"(trimtab\\.dev/[a-z-]+)\"\\)"));
        keys.addAll(found(text(Path.of("deploy", "webhook"), ".yaml"), "(?m)^ +(trimtab\\.dev/[a-z-]+): "));
        keys.removeIf(it -> it.endsWith("v"));
        assertThat(firstColumn("keys")).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    @DisplayName("Events: the reason of each note in the code")
    void events() throws IOException {
        Set<String> reasons = new TreeSet<>();
        String all = text(MAIN, ".java");
        for (Path source : files(MAIN, ".java")) {
            String code = Files.readString(source);
            Matcher note = Pattern.compile(
                            "EventNote(?:\\.normal|\\.warning)?\\(\\s*(?:true, |false, |warning, )?([\\w.]+|\"\\w+\"),")
                    .matcher(code);
            while (note.find()) {
                reasons.addAll(reasons(note.group(1), code, all));
            }
        }
        assertThat(reasons).contains("Released", "Stopping", "PodAutoscalerConflict", "PolicyInvalid");
        assertThat(firstColumn("events")).containsExactlyInAnyOrderElementsOf(reasons);
    }

    @Test
    @DisplayName("exit codes: what the help of each verb says")
    void exitCodes() throws IOException {
        StringBuilder table = new StringBuilder("\n| verb | exit codes |\n|---|---|\n");
        for (String verb : found(help(), "(?m)^  ([a-z]+) +[A-Z]")) {
            if (!verb.equals("help")) {
                table.append("| `")
                        .append(verb)
                        .append("` | ")
                        .append(exitCodes(verb))
                        .append(" |\n");
            }
        }
        String page = Files.readString(PAGE);
        String mark = "<!-- exit codes, made by ReferencePageTest -->";
        String expected = page.replace(mark + section("exit codes"), mark + table);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(PAGE, expected);
        }
        assertThat(PAGE).content().isEqualTo(expected);
        assertThat(List.of(TrimtabCommand.NOT_DONE, TrimtabCommand.FOUND, TrimtabCommand.TROUBLE))
                .containsExactly(1, 1, 2);
    }

    @Test
    @DisplayName("ports, paths and files: those of the manifests and of the routes")
    void portsAndFiles() throws IOException {
        String deploy = text(Path.of("deploy", "webhook"), ".yaml");
        assertThat(found(section("ports"), "(?m)^\\| (\\d+), "))
                .containsExactlyInAnyOrderElementsOf(found(deploy, "containerPort: (\\d+)"));
        Set<String> paths = new TreeSet<>(found(text(MAIN, ".java"), "serve\\(router, \"(/[a-z]+)\""));
        paths.addAll(found(deploy, "path: \"?(/q/[a-z/]+)\"?"));
        paths.addAll(found(deploy, "prometheus.io/path: (/q/[a-z/]+)"));
        assertThat(found(section("ports"), "`(/[a-z/]+)`")).containsExactlyInAnyOrderElementsOf(paths);
        Set<String> mounts = new TreeSet<>(found(deploy, "mountPath: (\\S+)"));
        mounts.addAll(found(Files.readString(Path.of("Dockerfile")), "(?m)^WORKDIR (/opt\\S+)"));
        assertThat(firstColumn("files")).containsExactlyInAnyOrderElementsOf(mounts);
    }

    /** By variable, with the default; a text that is empty if there is none. */
    private static Map<String, String> settings(Class<?> group, String prefix) {
        Map<String, String> settings = new TreeMap<>();
        for (Method method : group.getDeclaredMethods()) {
            String name = prefix + "_" + method.getName().toUpperCase(Locale.ROOT);
            if (method.getReturnType().isInterface() && !method.getReturnType().equals(List.class)) {
                settings.putAll(settings(method.getReturnType(), name));
            } else {
                WithDefault byDefault = method.getAnnotation(WithDefault.class);
                settings.put(name, byDefault == null ? "" : byDefault.value());
            }
        }
        return settings;
    }

    private static String variable(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /** A text, a constant of any class, or, for a variable, all texts of the file that look like a reason. */
    private static Set<String> reasons(String argument, String file, String all) {
        if (argument.startsWith("\"")) {
            return Set.of(argument.replace("\"", ""));
        }
        String constant = argument.substring(argument.lastIndexOf('.') + 1);
        if (constant.matches("[A-Z_]+")) {
            return found(all, "String " + constant + " = \"([A-Z][A-Za-z]+)\";").stream()
                    .limit(1)
                    .collect(Collectors.toSet());
        }
        return argument.equals("reason") ? found(file, "String [A-Z_]+ = \"([A-Z][A-Za-z]+)\";") : Set.of();
    }

    private static String help(String... verb) {
        StringWriter out = new StringWriter();
        String[] arguments =
                Stream.concat(Arrays.stream(verb), Stream.of("--help")).toArray(String[]::new);
        TrimtabCommand.run(arguments, InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(out));
        return out.toString();
    }

    private static String exitCodes(String verb) {
        Matcher codes = Pattern.compile("(?s)Exit codes: (.*?)\\R\\s*(?:\\R|$)").matcher(help(verb));
        assertThat(codes.find()).as("%s --help", verb).isTrue();
        return codes.group(1).replaceAll("\\s+", " ").strip();
    }

    private static Set<String> firstColumn(String name) throws IOException {
        return section(name)
                .lines()
                .filter(it -> it.startsWith("| `"))
                .map(it -> it.split("\\|", -1)[1])
                .flatMap(cell -> CODE.matcher(cell).results())
                .map(it -> it.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The lines between the marks. */
    private static String section(String name) throws IOException {
        Matcher section = Pattern.compile(
                        "(?s)<!-- %s, (?:compared|made) by ReferencePageTest -->(.*?)<!-- end of %s -->"
                                .formatted(name, name))
                .matcher(Files.readString(PAGE));
        assertThat(section.find()).as(name).isTrue();
        return section.group(1);
    }

    private static Set<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult it) -> it.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(Path folder, String end) {
        StringBuilder all = new StringBuilder();
        files(folder, end).forEach(it -> {
            try {
                all.append(Files.readString(it)).append('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return all.toString();
    }

    private static List<Path> files(Path folder, String end) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(it -> it.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
