package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Whether the accounts may do what the shipped Roles allow. */
final class PermissionsCheck implements Check {
    @Override
    public String name() {
        return "permissions";
    }

    @Override
    public String about() {
        return "the accounts `trimtab` and `trimtab-controller` may do what the shipped Roles allow";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        String namespace = cluster.places().trimtab();
        if (cluster.unread(Source.LACKING).isPresent()) {
            return List.of(Finding.unchecked(
                    "ServiceAccounts of namespace " + namespace,
                    cluster.unread(Source.LACKING).get()));
        }
        Map<String, List<JsonNode>> byRole = new TreeMap<>();
        for (JsonNode it : cluster.value(Source.LACKING)) {
            byRole.computeIfAbsent("%s %s".formatted(it.path("account").asText(), place(it)), key -> new ArrayList<>())
                    .add(it);
        }
        if (byRole.isEmpty()) {
            return List.of(
                    Finding.fine("ServiceAccounts of namespace " + namespace, "may do what the shipped Roles allow"));
        }
        List<Finding> findings = new ArrayList<>();
        for (List<JsonNode> lacking : byRole.values()) {
            JsonNode first = lacking.get(0);
            String rules = lacking.stream().map(it -> it.path("right").asText()).collect(Collectors.joining(", "));
            findings.add(Finding.problem(
                    "ServiceAccount %s/%s"
                            .formatted(namespace, first.path("account").asText()),
                    "may not %s: %s".formatted(rules, place(first)),
                    WebhooksCheck.INSTALL));
        }
        return findings;
    }

    private static String place(JsonNode lacking) {
        String namespace = lacking.path("namespace").asText();
        return "%s%s".formatted(lacking.path("role").asText(), namespace.isEmpty() ? "" : " in namespace " + namespace);
    }
}
