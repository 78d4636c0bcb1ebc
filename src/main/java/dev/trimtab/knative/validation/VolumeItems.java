package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What Knative wants of the files that a volume makes of Secrets, ConfigMaps and the pod's own fields. */
final class VolumeItems {
    private static final List<String> SOURCES = List.of("secret", "configMap", "serviceAccountToken", "downwardAPI");

    private VolumeItems() {}

    /** Paths are relative to the volume; Knative leaves the kind of the volume out of them. */
    static List<FieldProblem> check(JsonNode volume) {
        List<FieldProblem> problems = new ArrayList<>();
        for (String kind : List.of("secret", "configMap")) {
            problems.addAll(files(Fields.at(volume, kind), "key", "path"));
        }
        List<JsonNode> sources = Fields.list(Fields.at(volume, "projected"), "sources");
        for (int i = 0; i < sources.size(); i++) {
            problems.addAll(FieldProblem.under("projected[" + i + "]", source(sources.get(i))));
        }
        return problems;
    }

    private static List<FieldProblem> source(JsonNode source) {
        List<FieldProblem> problems = new ArrayList<>();
        for (String kind : List.of("secret", "configMap")) {
            if (Fields.has(source, kind)) {
                List<FieldProblem> found = new ArrayList<>(missing(source.get(kind), "name"));
                found.addAll(files(source.get(kind), "key", "path"));
                problems.addAll(FieldProblem.under(kind, found));
            }
        }
        if (Fields.has(source, "serviceAccountToken")) {
            problems.addAll(
                    FieldProblem.under("serviceAccountToken", missing(source.get("serviceAccountToken"), "path")));
        }
        problems.addAll(FieldProblem.under("downwardAPI", files(Fields.at(source, "downwardAPI"), "path")));
        String[] set = SOURCES.stream().filter(kind -> Fields.has(source, kind)).toArray(String[]::new);
        if (set.length != 1) {
            problems.add(
                    set.length == 0
                            ? FieldProblem.of("expected exactly one, got neither", SOURCES.toArray(String[]::new))
                            : FieldProblem.of("expected exactly one, got both", set));
        }
        return problems;
    }

    private static List<FieldProblem> files(JsonNode parent, String... required) {
        List<FieldProblem> problems = new ArrayList<>();
        List<JsonNode> items = Fields.list(parent, "items");
        for (int i = 0; i < items.size(); i++) {
            problems.addAll(FieldProblem.under("items[" + i + "]", missing(items.get(i), required)));
        }
        return problems;
    }

    private static List<FieldProblem> missing(JsonNode node, String... required) {
        List<FieldProblem> problems = new ArrayList<>();
        for (String field : required) {
            if (Fields.text(node, field).isEmpty()) {
                problems.add(FieldProblem.missing(field));
            }
        }
        return problems;
    }
}
