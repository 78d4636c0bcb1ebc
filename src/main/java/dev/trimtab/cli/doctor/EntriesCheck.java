package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Whether each entry is as shipped: address, rules and policies. {@link ClosedDoorCheck} judges the failurePolicy of the
 * closed door, {@link NamespacesCheck} the namespaces.
 */
final class EntriesCheck implements Check {
    private static final List<String> PLAIN =
            List.of("timeoutSeconds", "matchPolicy", "reinvocationPolicy", "sideEffects");
    private static final String SHIPPED =
            "deploy/webhook/%s says why the shipped value is what it is; put it back with " + WebhooksCheck.INSTALL;

    @Override
    public String name() {
        return "entries";
    }

    @Override
    public String about() {
        return "each entry has the shipped address, rules, conditions, timeout, `failurePolicy`, `reinvocationPolicy`,"
                + " `sideEffects` and `objectSelector`";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        List<Finding> findings = new ArrayList<>();
        for (Source kind : List.of(Source.MUTATING, Source.VALIDATING)) {
            String where = Shipped.kindName(kind) + " " + Observed.CONFIGURATION;
            JsonNode ours = cluster.configuration(kind);
            if (cluster.unread(kind).isPresent()) {
                findings.add(Finding.unchecked(where, cluster.unread(kind).get()));
            } else if (!ours.isMissingNode()) {
                List<Finding> found = compared(cluster, kind, ours, where);
                findings.addAll(found.isEmpty() ? List.of(Finding.fine(where, "is as shipped")) : found);
            }
        }
        return findings;
    }

    private static List<Finding> compared(Observed cluster, Source kind, JsonNode ours, String where) {
        List<Finding> findings = new ArrayList<>();
        for (JsonNode shipped : cluster.shipped().entries(kind)) {
            String entry = shipped.path("name").asText();
            for (JsonNode stored : ours.path("webhooks")) {
                if (stored.path("name").asText().equals(entry)) {
                    differences(stored, shipped, cluster.places())
                            .forEach(it -> findings.add(
                                    Finding.warning(where, entry + ": " + it, SHIPPED.formatted(file(kind)))));
                    strict(stored, shipped).forEach(it -> findings.add(Finding.fine(where, entry + ": " + it)));
                }
            }
        }
        return findings;
    }

    private static String file(Source kind) {
        return Shipped.FILES.get(kind == Source.MUTATING ? 3 : 4);
    }

    private static List<String> differences(JsonNode stored, JsonNode shipped, Places places) {
        List<String> differences = new ArrayList<>();
        for (String field : PLAIN) {
            String is = stored.path(field).asText("unset");
            String should = shipped.path(field).asText("unset");
            if (shipped.has(field) && !is.equals(should)) {
                differences.add("%s is %s, not %s".formatted(field, is, should));
            }
        }
        String policy = stored.path("failurePolicy").asText("unset");
        if (!isDoor(shipped) && !Set.of("Ignore", "Fail").contains(policy)) {
            differences.add("failurePolicy is " + policy);
        }
        if (!conditions(stored).equals(conditions(shipped)) && !isDoor(shipped)) {
            differences.add("matchConditions are not the shipped ones");
        }
        if (!rules(stored).equals(rules(shipped))) {
            differences.add("rules are %s, not %s".formatted(rules(stored), rules(shipped)));
        }
        if (!selector(stored).equals(selector(shipped))) {
            differences.add("objectSelector is not the shipped one");
        }
        String address = address(stored);
        String expected = "Service %s/%s, port %d, path %s"
                .formatted(
                        places.trimtab(),
                        Source.SERVICE,
                        shipped.at("/clientConfig/service/port").asInt(443),
                        shipped.at("/clientConfig/service/path").asText());
        if (!address.equals(expected)) {
            differences.add("the API server calls %s, not %s".formatted(address, expected));
        }
        return differences;
    }

    /** An admin may choose Fail: components/fail-closed. */
    private static List<String> strict(JsonNode stored, JsonNode shipped) {
        boolean stricter = shipped.path("failurePolicy").asText().equals("Ignore")
                && stored.path("failurePolicy").asText().equals("Fail");
        return stricter
                ? List.of("failurePolicy is Fail: without Trimtab these writes are refused (components/fail-closed)")
                : List.of();
    }

    static boolean isDoor(JsonNode entry) {
        return entry.path("failurePolicy").asText().equals("Fail");
    }

    /** Name and expression of each, without line breaks. */
    static Set<String> conditions(JsonNode entry) {
        return Observed.stream(entry.path("matchConditions"))
                .map(it -> it.path("name").asText() + ": "
                        + it.path("expression").asText().strip().replaceAll("\\s+", " "))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> rules(JsonNode entry) {
        return Observed.stream(entry.path("rules"))
                .map(it -> "%s %s/%s %s"
                        .formatted(
                                sorted(it.path("operations")),
                                sorted(it.path("apiGroups")),
                                sorted(it.path("apiVersions")),
                                sorted(it.path("resources"))))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> selector(JsonNode entry) {
        Set<String> terms = new TreeSet<>();
        JsonNode selector = entry.path("objectSelector");
        selector.path("matchLabels").properties().forEach(it -> terms.add(it.getKey() + "=" + it.getValue()));
        selector.path("matchExpressions")
                .forEach(it -> terms.add("%s %s %s"
                        .formatted(it.path("key").asText(), it.path("operator").asText(), sorted(it.path("values")))));
        return terms;
    }

    private static String sorted(JsonNode list) {
        return Observed.stream(list).map(JsonNode::asText).sorted().collect(Collectors.joining(","));
    }

    private static String address(JsonNode entry) {
        JsonNode service = entry.at("/clientConfig/service");
        return service.isObject()
                ? "Service %s/%s, port %d, path %s"
                        .formatted(
                                service.path("namespace").asText(),
                                service.path("name").asText(),
                                service.path("port").asInt(443),
                                service.path("path").asText("/"))
                : entry.at("/clientConfig/url").asText("nothing");
    }
}
