package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.golang.GoValues;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What Knative accepts in {@code spec.traffic} of a Service; without any, all of it goes to the latest revision. */
final class TrafficRules {
    private TrafficRules() {}

    static List<FieldProblem> check(JsonNode spec) {
        List<JsonNode> targets = Fields.list(spec, "traffic");
        if (targets.isEmpty()) {
            return List.of();
        }
        List<FieldProblem> problems = new ArrayList<>();
        Map<String, Integer> tags = new HashMap<>();
        long sum = 0;
        for (int i = 0; i < targets.size(); i++) {
            sum += Fields.integer(targets.get(i), "percent");
            problems.addAll(FieldProblem.under("traffic[" + i + "]", target(targets.get(i))));
            String tag = Fields.text(targets.get(i), "tag");
            Integer first = tag.isEmpty() ? null : tags.putIfAbsent(tag, i);
            if (first != null) {
                problems.add(FieldProblem.of(
                        "Multiple definitions for " + GoValues.quote(tag),
                        "traffic[" + i + "].tag",
                        "traffic[" + first + "].tag"));
            }
        }
        if (sum != 100) {
            problems.add(FieldProblem.of("Traffic targets sum to " + sum + ", want 100", "traffic"));
        }
        return problems;
    }

    private static List<FieldProblem> target(JsonNode target) {
        List<FieldProblem> problems = new ArrayList<>();
        String revision = Fields.text(target, "revisionName");
        boolean latest = Fields.isTrue(target, "latestRevision");
        if (Fields.has(target, "latestRevision") && latest != revision.isEmpty()) {
            problems.add(FieldProblem.of(
                    "may not set revisionName %s when latestRevision is %s".formatted(GoValues.quote(revision), latest),
                    "latestRevision"));
        }
        if (!Fields.text(target, "configurationName").isEmpty()) {
            problems.add(FieldProblem.disallowed("configurationName"));
        } else if (!revision.isEmpty()) {
            QualifiedName.objection(revision)
                    .ifPresent(it ->
                            problems.add(FieldProblem.of("invalid key name " + GoValues.quote(revision), "revisionName")
                                    .withDetails(it)));
        }
        long percent = Fields.integer(target, "percent");
        if (percent < 0 || percent > 100) {
            problems.add(FieldProblem.outOfBounds(percent, 0, 100, "percent"));
        }
        if (!Fields.text(target, "url").isEmpty()) {
            problems.add(FieldProblem.disallowed("url"));
        }
        String tag = Fields.text(target, "tag");
        if (!tag.isEmpty()) {
            DnsLabel.objection(tag)
                    .ifPresent(it -> problems.add(FieldProblem.invalidValue("not a DNS 1035 label: " + it, "tag")));
        }
        return problems;
    }
}
