package dev.trimtab.monitoring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code docs/metrics.md}, and the same facts as an endpoint has them. */
public final class MetricsPage {
    private static final Path PAGE = Path.of("docs", "metrics.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    private MetricsPage() {}

    /** @param labels without {@code le} */
    public record Metric(String type, Set<String> labels) {}

    public static String text() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Trimtab's own metrics as the page lists them, by name. */
    public static Map<String, Metric> metrics() {
        Map<String, Metric> metrics = new TreeMap<>();
        for (List<String> row : rows("trimtab_")) {
            if (row.size() == 5) {
                metrics.put(codes(row.get(0)).get(0), new Metric(row.get(1), new TreeSet<>(codes(row.get(3)))));
            }
        }
        return metrics;
    }

    /** The metrics of others that the alerts and the dashboard use. */
    public static Set<String> others() {
        Set<String> names = new TreeSet<>();
        for (String prefix : List.of("apiserver_", "jvm_", "process_", "up")) {
            rows(prefix).forEach(row -> names.addAll(codes(row.get(0))));
        }
        return names;
    }

    /** Values of each label, where the page lists all of them; the key is {@code metric.label}. */
    public static Map<String, Set<String>> values() {
        Map<String, Set<String>> values = new LinkedHashMap<>();
        for (List<String> row : rows("trimtab_")) {
            String metric = codes(row.get(0)).get(0);
            if (row.size() == 3) {
                values.put(metric + "." + codes(row.get(1)).get(0), Set.copyOf(codes(row.get(2))));
            }
        }
        return values;
    }

    /** The rows of all tables that begin with a name in code. A row of metrics has five cells, one of labels three. */
    private static List<List<String>> rows(String prefix) {
        return text().lines()
                .filter(line -> line.startsWith("| `" + prefix))
                .map(line -> Arrays.stream(line.substring(1).split("(?<!\\\\)\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
    }

    private static List<String> codes(String cell) {
        return CODE.matcher(cell).results().map(it -> it.group(1)).toList();
    }

    /** What an endpoint has in the text format, of the names with a prefix; a part of a histogram belongs to the whole. */
    public record Exposed(Map<String, Metric> metrics, Map<String, Set<String>> values) {
        private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
        private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+");
        private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

        public static Exposed of(String endpoint, String prefix) {
            Map<String, String> types = new TreeMap<>();
            Map<String, Metric> metrics = new TreeMap<>();
            Map<String, Set<String>> values = new TreeMap<>();
            endpoint.lines().filter(line -> line.startsWith("# TYPE " + prefix)).forEach(line -> {
                Matcher type = TYPE.matcher(line);
                if (type.matches()) {
                    types.put(type.group(1), type.group(2));
                }
            });
            endpoint.lines().filter(line -> line.startsWith(prefix)).forEach(line -> {
                Matcher sample = SAMPLE.matcher(line);
                if (!sample.matches()) {
                    throw new AssertionError("no sample: " + line);
                }
                String name = PromQl.whole(sample.group(1), types.keySet());
                // OpenMetrics names a counter's family without the end that its samples have.
                String type = types.getOrDefault(name, types.get(name.replaceFirst("_total$", "")));
                Metric metric = metrics.computeIfAbsent(name, it -> new Metric(type, new TreeSet<>()));
                LABEL.matcher(sample.group(2) == null ? "" : sample.group(2))
                        .results()
                        .forEach(label -> {
                            if (!label.group(1).equals("le")) {
                                boolean unused = metric.labels().add(label.group(1));
                                values.computeIfAbsent(name + "." + label.group(1), it -> new TreeSet<>())
                                        .add(label.group(2));
                            }
                        });
            });
            return new Exposed(metrics, values);
        }
    }
}
