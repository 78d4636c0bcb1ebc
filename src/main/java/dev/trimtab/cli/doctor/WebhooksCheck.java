package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether Trimtab is registered, once, under the name that decides the order. */
final class WebhooksCheck implements Check {
    static final String INSTALL = "kubectl apply -k deploy/webhook (docs/getting-started.md)";

    @Override
    public String name() {
        return "webhooks";
    }

    @Override
    public String about() {
        return "both webhook configurations `trimtab.dev` exist with every entry, and neither has a second copy";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        List<Finding> findings = new ArrayList<>();
        for (Source kind : List.of(Source.MUTATING, Source.VALIDATING)) {
            String kindName = Shipped.kindName(kind);
            if (cluster.unread(kind).isPresent()) {
                findings.add(
                        Finding.unchecked(kindName + "s", cluster.unread(kind).get()));
                continue;
            }
            List<Finding> found = new ArrayList<>();
            JsonNode ours = cluster.configuration(kind);
            String where = kindName + " " + Observed.CONFIGURATION;
            if (ours.isMissingNode()) {
                found.add(Finding.problem(where, "is missing: the API server does not ask Trimtab", INSTALL));
            } else {
                missing(cluster, kind, ours)
                        .forEach(it -> found.add(Finding.problem(where, "has no entry %s".formatted(it), INSTALL)));
            }
            cluster.items(kind).stream()
                    .filter(it -> !Observed.name(it).equals(Observed.CONFIGURATION) && isCopy(it, cluster.places()))
                    .forEach(it -> found.add(copy(kindName, it)));
            findings.addAll(
                    found.isEmpty()
                            ? List.of(Finding.fine(where, "exists with every entry, and has no second copy"))
                            : found);
        }
        return findings;
    }

    private static List<String> missing(Observed cluster, Source kind, JsonNode ours) {
        List<String> there = Observed.stream(ours.path("webhooks"))
                .map(it -> it.path("name").asText())
                .toList();
        return cluster.shipped().entries(kind).stream()
                .map(it -> it.path("name").asText())
                .filter(it -> !there.contains(it))
                .toList();
    }

    private static boolean isCopy(JsonNode configuration, Places places) {
        return Observed.stream(configuration.path("webhooks")).anyMatch(it -> {
            JsonNode service = it.at("/clientConfig/service");
            return it.path("name").asText().endsWith("." + Observed.CONFIGURATION)
                    || (service.path("name").asText().equals(Source.SERVICE)
                            && service.path("namespace").asText().equals(places.trimtab()));
        });
    }

    private static Finding copy(String kindName, JsonNode copy) {
        return Finding.problem(
                kindName + " " + Observed.name(copy),
                "is a second copy of Trimtab's configuration: each write is reviewed twice, and this copy's name gives it"
                        + " another place in the order",
                "kubectl delete %s %s".formatted(kindName.toLowerCase(Locale.ROOT), Observed.name(copy)));
    }
}
