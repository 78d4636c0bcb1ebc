package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** In which namespaces the API server asks an entry of a webhook configuration. Which objects it asks about there is unknown. */
record NamespaceSelector(JsonNode selector) {
    private static final String NAME = "kubernetes.io/metadata.name";

    static NamespaceSelector of(JsonNode entry) {
        return new NamespaceSelector(entry.path("namespaceSelector"));
    }

    /** The names of those of the cluster's namespaces in which one of these entries is asked. */
    static Set<String> selected(Observed cluster, Stream<JsonNode> entries) {
        Set<NamespaceSelector> selectors = entries.map(NamespaceSelector::of).collect(Collectors.toSet());
        return cluster.items(Source.NAMESPACES).stream()
                .filter(namespace -> selectors.stream().anyMatch(it -> it.matches(namespace)))
                .map(Observed::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** As apimachinery's {@code labels.Requirement.Matches}. Without a selector all namespaces match. */
    boolean matches(JsonNode namespace) {
        return selector.path("matchLabels").properties().stream()
                        .allMatch(it -> it.getValue().asText().equals(label(namespace, it.getKey())))
                && Observed.stream(selector.path("matchExpressions")).allMatch(it -> matches(it, namespace));
    }

    private static boolean matches(JsonNode term, JsonNode namespace) {
        String value = label(namespace, term.path("key").asText());
        boolean listed =
                Observed.stream(term.path("values")).anyMatch(it -> it.asText().equals(value));
        return switch (term.path("operator").asText()) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            // The API server takes no other.
            default -> true;
        };
    }

    /** @return null without the label; the API server itself sets the one with the name */
    private static String label(JsonNode namespace, String key) {
        return key.equals(NAME)
                ? Observed.name(namespace)
                : namespace.path("metadata").path("labels").path(key).textValue();
    }
}
