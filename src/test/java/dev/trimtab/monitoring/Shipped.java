package dev.trimtab.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of {@code deploy/monitoring}. */
public final class Shipped {
    private static final Path FOLDER = Path.of("deploy", "monitoring");
    private static final ObjectMapper JSON = new ObjectMapper();

    private Shipped() {}

    static JsonNode yaml(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            return JSON.valueToTree(new Yaml(new SafeConstructor(options)).load(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The spec of the PrometheusRule, which is a file of rules as Prometheus reads it. */
    public static ObjectNode rules() {
        return (ObjectNode) yaml(FOLDER.resolve("prometheusrule.yaml")).path("spec");
    }

    public static List<JsonNode> alerts() {
        return stream(rules().path("groups"))
                .flatMap(group -> stream(group.path("rules")))
                .toList();
    }

    /** One query of a panel. */
    public record Query(String panel, String text) {
        @Override
        public String toString() {
            return panel + ": " + text;
        }
    }

    static JsonNode dashboard() {
        try {
            return JSON.readTree(Files.readString(FOLDER.resolve("dashboard.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The queries of all panels, in the order in which they are seen. */
    public static List<Query> queries() {
        List<Query> queries = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            panel.path("targets")
                    .forEach(it -> queries.add(new Query(
                            panel.path("title").asText(), it.path("expr").asText())));
        }
        return queries;
    }

    static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
