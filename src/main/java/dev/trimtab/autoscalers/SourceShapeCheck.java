package dev.trimtab.autoscalers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.autoscalers.Problem.Fault;
import dev.trimtab.knative.golang.GoParsing;
import dev.trimtab.manifest.Pointers;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

final class SourceShapeCheck {
    private static final List<String> TYPES = List.of("pod", "resource", "custom", "external", "domain");
    private static final String WRITE_TYPE = "write pod, resource, external or domain";
    private static final String SOURCES = "/spec/metricsSources";

    private SourceShapeCheck() {}

    /**
     * AIBrix cannot work with the metric sources. Either {@code metricsSources} is missing, which replaces the older
     * {@code spec.targetMetric} and {@code spec.targetValue}, or an entry is wrong: an entry without {@code metricSourceType} or with one that AIBrix does
     * not have; a {@code targetValue} that is no number above 0; a part that its type asks for and that is not there. The schema of
     * the CRD or AIBrix's own webhook refuses these where they run (podautoscaler_types.go, podautoscaler_webhook.go 127-370).
     *
     * <p>Write what the message says. An entry is {@code {metricSourceType: pod, protocolType: http, port: "8000", path: metrics,
     * targetMetric: num_requests_waiting, targetValue: "10"}}.
     */
    static List<Fault> sourceShape(CheckInput input) {
        JsonNode spec = input.autoscaler().spec();
        JsonNode sources = spec.path("metricsSources");
        if (!sources.isArray() && !Pointers.isAbsent(sources)) {
            return List.of();
        }
        if (sources.isEmpty()) {
            return List.of(none(spec));
        }
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            String at = SOURCES + "/" + i;
            JsonNode source = sources.path(i);
            type(source, at, faults);
            missing(source, at, faults);
            number(source, at, faults);
        }
        return faults;
    }

    private static Fault none(JsonNode spec) {
        for (String old : List.of("targetMetric", "targetValue")) {
            if (spec.has(old)) {
                String entry =
                        "{metricSourceType: pod, protocolType: http, port: \"8000\", path: metrics, targetMetric: %s, targetValue: \"%s\"}"
                                .formatted(
                                        written(spec, "targetMetric", "num_requests_waiting"),
                                        written(spec, "targetValue", "10"));
                return new Fault(
                        "/spec/" + old,
                        "no sources",
                        "AIBrix does not read it any more: write metricsSources: [%s]".formatted(entry));
            }
        }
        return new Fault(SOURCES, "no sources", "is missing: AIBrix needs at least one entry");
    }

    private static String written(JsonNode spec, String field, String otherwise) {
        return spec.path(field).asText(otherwise);
    }

    private static void type(JsonNode source, String at, List<Fault> faults) {
        String type = type(source);
        if (!type.isEmpty() && !TYPES.contains(type)) {
            faults.add(fault(at + "/metricSourceType", "AIBrix has no type %s: %s".formatted(type, WRITE_TYPE)));
        }
    }

    /** All missing fields in one line, since people leave out several at once. */
    private static void missing(JsonNode source, String at, List<Fault> faults) {
        List<String> missing = needed(source).stream()
                .filter(field -> Pointers.isAbsent(source.path(field))
                        || source.path(field).asText("x").isEmpty())
                .toList();
        if (missing.isEmpty()) {
            return;
        }
        boolean prometheus =
                source.has("prometheus") || source.path("type").asText("").equalsIgnoreCase("prometheus");
        String why = "a source of type %s needs it".formatted(type(source));
        if (type(source).isEmpty()) {
            why = prometheus
                    ? "AIBrix has no Prometheus source; take pod, which reads the pods' own metrics, or external"
                    : WRITE_TYPE;
        }
        faults.add(fault(at, "lacks %s: %s".formatted(String.join(", ", missing), why)));
    }

    /** The fields that a type needs; without a type, those that all need. */
    private static List<String> needed(JsonNode source) {
        List<String> needed = new ArrayList<>(List.of("metricSourceType"));
        String type = type(source);
        if (type.equals("pod")) {
            needed.addAll(List.of("protocolType", "port", "path"));
        } else if (type.equals("domain") || (type.equals("external") && source.hasNonNull("endpoint"))) {
            needed.addAll(List.of("protocolType", "path"));
        }
        needed.addAll(List.of("targetMetric", "targetValue"));
        return needed;
    }

    private static String type(JsonNode source) {
        return source.path("metricSourceType").asText("");
    }

    private static void number(JsonNode source, String at, List<Fault> faults) {
        JsonNode target = source.path("targetValue");
        if (target.isTextual() && !target.textValue().isEmpty()) {
            OptionalDouble number = GoParsing.float64(target.textValue());
            if (number.isEmpty() || number.getAsDouble() <= 0) {
                faults.add(fault(at + "/targetValue", "\"%s\" is not a number above 0".formatted(target.textValue())));
            }
        }
    }

    private static Fault fault(String path, String message) {
        return new Fault(path, path.replaceAll("/\\d+", "") + " " + message, message);
    }
}
