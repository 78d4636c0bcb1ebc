package dev.trimtab.knative;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What Knative accepts in {@code spec.traffic} of a Service; without any, all of it goes to the latest revision. */
final class TrafficRules {
    private TrafficRules() {}

    static List<FieldProblem> check(JsonNode spec) {
        List<JsonNode> targets = Fields.list(spec, "traffic");
        if (targets.isEmpty()) {
            return List.of();
        }
        List<FieldProblem> problems = new ArrayList<>();
        long sum = 0;
        for (int i = 0; i < targets.size(); i++) {
            long percent = Fields.integer(targets.get(i), "percent");
            sum += percent;
            if (percent < 0 || percent > 100) {
                problems.add(FieldProblem.outOfBounds(percent, 0, 100, "traffic[" + i + "].percent"));
            }
            if (!Fields.text(targets.get(i), "configurationName").isEmpty()) {
                problems.add(FieldProblem.disallowed("traffic[" + i + "].configurationName"));
            }
        }
        if (sum != 100) {
            problems.add(FieldProblem.of("Traffic targets sum to " + sum + ", want 100", "traffic"));
        }
        return problems;
    }
}
