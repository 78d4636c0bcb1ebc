package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.golang.GoValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Knative's CRD has once only: the API server refuses a second one before Knative is asked. */
final class Duplicates {
    private Duplicates() {}

    /** Paths are relative to the pod spec. */
    static List<FieldProblem> check(JsonNode pod) {
        List<FieldProblem> problems = new ArrayList<>(of(pod, "imagePullSecrets", "name", ""));
        List<JsonNode> containers = Fields.list(pod, "containers");
        for (int i = 0; i < containers.size(); i++) {
            String container = "containers[" + i + "].";
            problems.addAll(of(containers.get(i), "env", "name", container));
            problems.addAll(of(containers.get(i), "volumeMounts", "mountPath", container));
        }
        return problems;
    }

    private static List<FieldProblem> of(JsonNode parent, String list, String key, String lead) {
        List<FieldProblem> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<JsonNode> elements = Fields.list(parent, list);
        for (int i = 0; i < elements.size(); i++) {
            String value = Fields.text(elements.get(i), key);
            if (!value.isEmpty() && !seen.add(value)) {
                problems.add(
                        FieldProblem.of("duplicate " + key + " " + GoValues.quote(value), lead + list + "[" + i + "]"));
            }
        }
        return problems;
    }
}
