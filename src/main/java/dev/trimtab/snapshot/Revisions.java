package dev.trimtab.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.Revision;
import dev.trimtab.manifest.Namespaced;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The Revisions of a cluster, by Knative Service, then by name. */
public record Revisions(Namespaced<Map<String, Revision>> byService) {
    public static final Revisions UNKNOWN = new Revisions(Namespaced.empty());

    /**
     * Running pods of all Revisions with traffic. Empty if there are none, or if one has no count yet: part of the sum
     * would start too few pods.
     */
    public OptionalInt runningPods(String namespace, String service) {
        List<Revision> routed = of(namespace, service).values().stream()
                .filter(Revision::isRouted)
                .toList();
        if (routed.isEmpty()
                || routed.stream().anyMatch(it -> it.actualReplicas().isEmpty())) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(
                routed.stream().mapToInt(it -> it.actualReplicas().getAsInt()).sum());
    }

    public Optional<JsonNode> podSpec(String namespace, String service, String name) {
        return Optional.ofNullable(of(namespace, service).get(name)).flatMap(Revision::podSpec);
    }

    public Revisions with(String namespace, Revision revision) {
        Map<String, Revision> siblings = new HashMap<>(of(namespace, revision.service()));
        if (revision.equals(siblings.put(revision.name(), revision))) {
            return this;
        }
        return new Revisions(byService.with(namespace, revision.service(), Map.copyOf(siblings)));
    }

    /** Looks through the services of the namespace: the watch keeps only the name of each Revision. */
    public Revisions without(String namespace, String name) {
        for (var siblings : byService.in(namespace).entrySet()) {
            if (siblings.getValue().containsKey(name)) {
                Map<String, Revision> left = new HashMap<>(siblings.getValue());
                left.remove(name);
                return new Revisions(
                        left.isEmpty()
                                ? byService.without(namespace, siblings.getKey())
                                : byService.with(namespace, siblings.getKey(), Map.copyOf(left)));
            }
        }
        return this;
    }

    private Map<String, Revision> of(String namespace, String service) {
        return byService.find(namespace, service).orElse(Map.of());
    }
}
