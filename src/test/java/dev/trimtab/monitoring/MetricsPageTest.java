package dev.trimtab.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trimtab.monitoring.MetricsPage.Metric;
import dev.trimtab.monitoring.Shipped.Query;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The page has the metrics of the source, and alerts and dashboard ask for nothing else. What runs: MonitoringTest. */
class MetricsPageTest {
    private static final Pattern METER = Pattern.compile(
            "\\b(Gauge|MultiGauge|Counter|Timer|TimeGauge)\\s*\\.builder\\(\\s*\"(trimtab\\.[a-z.]+)\"");

    @Test
    @DisplayName("each metric that the source makes is on the page with its type, and no other")
    void source() throws IOException {
        Map<String, String> made = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
            files.filter(it -> it.toString().endsWith(".java"))
                    .map(MetricsPageTest::read)
                    .flatMap(text -> METER.matcher(text).results())
                    .forEach(it -> made.put(name(it.group(2), it.group(1)), type(it.group(1))));
        }

        Map<String, String> listed = new TreeMap<>();
        MetricsPage.metrics().forEach((name, metric) -> listed.put(name, metric.type()));
        assertThat(listed).isEqualTo(made);
    }

    @Test
    @DisplayName("each label of a metric has its values on the page")
    void labels() {
        Set<String> labels = new TreeSet<>();
        MetricsPage.metrics().forEach((name, metric) -> metric.labels().forEach(it -> labels.add(name + "." + it)));
        assertThat(MetricsPage.values().keySet()).containsExactlyInAnyOrderElementsOf(labels);
    }

    @Test
    @DisplayName("each query of the alerts and of the dashboard names metrics of the page")
    void queries() {
        Map<String, Metric> known = MetricsPage.metrics();
        Set<String> others = MetricsPage.others();
        Set<String> used = new TreeSet<>();
        Stream.concat(
                        Shipped.alerts().stream().map(it -> it.path("expr").asText()),
                        Shipped.queries().stream().map(Query::text))
                .flatMap(query -> PromQl.metrics(query).stream())
                .map(name -> PromQl.whole(name, known.keySet()))
                .map(name -> PromQl.whole(name, others))
                .forEach(used::add);

        Set<String> listed = new TreeSet<>(known.keySet());
        listed.addAll(others);
        assertThat(listed).containsAll(used);
        assertThat(used).as("metrics of others that nothing uses").containsAll(others);
        assertThat(used).as("metrics that nobody would ever see").containsAll(known.keySet());
    }

    @Test
    @DisplayName("the names in a query")
    void names() {
        assertThat(PromQl.metrics("sum by (kind) (trimtab_services{state=\"unrecorded\"}) > 0"
                        + " and on () count(a_b{x=~\"c{2}\", y=\"d\"} offset 1h) > 2 * max_over_time(sum(e)[1d:5m])"))
                .containsExactly("a_b", "e", "trimtab_services");
        assertThat(PromQl.whole("a_seconds_bucket", Set.of("a_seconds"))).isEqualTo("a_seconds");
        assertThat(PromQl.whole("a_count", Set.of("a_count", "a"))).isEqualTo("a_count");
    }

    /** As Micrometer's registry for Prometheus names it. */
    private static String name(String meter, String builder) {
        String name = meter.replace('.', '_');
        return switch (builder) {
            case "Counter" -> name + "_total";
            case "Timer" -> name + "_seconds";
            default -> name;
        };
    }

    private static String type(String builder) {
        return switch (builder) {
            case "Counter" -> "counter";
            case "Timer" -> "histogram";
            default -> "gauge";
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
