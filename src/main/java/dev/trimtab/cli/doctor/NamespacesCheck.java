package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether the platform's namespaces are left out, wherever they are, and which others are. */
final class NamespacesCheck implements Check {
    private static final String NAME = "kubernetes.io/metadata.name";

    @Override
    public String name() {
        return "namespaces";
    }

    @Override
    public String about() {
        return "every entry leaves out kube-system and the namespaces of Trimtab, KServe and Knative, and no others, by name;"
                + " the webhook reads the configuration of KServe and Knative where they are; which namespaces have the label"
                + " `trimtab.dev/ignore`";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        List<Finding> findings = new ArrayList<>(ignored(cluster));
        for (Source kind : List.of(Source.MUTATING, Source.VALIDATING)) {
            JsonNode ours = cluster.configuration(kind);
            String where = Shipped.kindName(kind) + " " + Observed.CONFIGURATION;
            if (cluster.unread(kind).isPresent()) {
                findings.add(Finding.unchecked(where, cluster.unread(kind).get()));
            } else if (!ours.isMissingNode()) {
                findings.addAll(selectors(cluster, kind, ours, where));
            }
        }
        settings(cluster, findings);
        return findings;
    }

    private static List<Finding> ignored(Observed cluster) {
        if (cluster.unread(Source.NAMESPACES).isPresent()) {
            return List.of(Finding.unchecked(
                    "namespaces", cluster.unread(Source.NAMESPACES).get()));
        }
        List<String> ignored = cluster.items(Source.NAMESPACES).stream()
                .filter(it -> it.path("metadata")
                        .path("labels")
                        .path(Manifest.IGNORE)
                        .asText()
                        .equals("true"))
                .map(Observed::name)
                .sorted()
                .toList();
        String which = ignored.isEmpty() ? "none" : String.join(", ", ignored);
        return List.of(
                Finding.fine("namespaces", "switched off by the label %s: %s".formatted(Manifest.IGNORE, which)));
    }

    private List<Finding> selectors(Observed cluster, Source kind, JsonNode ours, String where) {
        List<Finding> findings = new ArrayList<>();
        Set<String> platform = platform(cluster);
        for (JsonNode shipped : cluster.shipped().entries(kind)) {
            for (JsonNode stored : ours.path("webhooks")) {
                if (stored.path("name").equals(shipped.path("name"))) {
                    selector(cluster, stored, shipped, platform)
                            .ifPresent(it -> findings.add(Finding.warning(
                                    where,
                                    stored.path("name").asText() + ": " + it,
                                    "change the namespaceSelector, or put the shipped one back with "
                                            + WebhooksCheck.INSTALL)));
                }
            }
        }
        return findings.isEmpty()
                ? List.of(Finding.fine(where, "leaves out " + String.join(", ", platform)))
                : findings;
    }

    private static Optional<String> selector(
            Observed cluster, JsonNode stored, JsonNode shipped, Set<String> platform) {
        if (!terms(stored).equals(terms(shipped))) {
            return Optional.of("namespaceSelector has the terms %s, not %s".formatted(terms(stored), terms(shipped)));
        }
        Set<String> is = names(stored);
        if (names(shipped).size() == 1) {
            // The two entries for policies.
            boolean ours = is.equals(Set.of(cluster.places().trimtab()));
            return ours ? Optional.empty() : Optional.of("namespaceSelector names " + is);
        }
        Set<String> missing = new TreeSet<>(platform);
        missing.removeAll(is);
        if (!missing.isEmpty()) {
            return Optional.of("does not leave out %s, which the platform uses".formatted(String.join(", ", missing)));
        }
        Set<String> more = new TreeSet<>(is);
        more.removeAll(platform);
        names(shipped).forEach(more::remove);
        more.removeIf(it -> !exists(cluster, it));
        return more.isEmpty()
                ? Optional.empty()
                : Optional.of("leaves out %s by name: no service is filled there".formatted(String.join(", ", more)));
    }

    private static boolean exists(Observed cluster, String namespace) {
        return cluster.items(Source.NAMESPACES).stream()
                .anyMatch(it -> Observed.name(it).equals(namespace));
    }

    /** Where Trimtab must review nothing. KServe and Knative count where their Deployments are. */
    private static Set<String> platform(Observed cluster) {
        Set<String> platform =
                new TreeSet<>(Set.of("kube-system", cluster.places().trimtab()));
        for (Source source : List.of(Source.KSERVE, Source.KNATIVE)) {
            cluster.items(source).forEach(it -> platform.add(Observed.namespace(it)));
        }
        return platform;
    }

    private static Set<String> terms(JsonNode entry) {
        return Observed.stream(entry.at("/namespaceSelector/matchExpressions"))
                .map(it -> it.path("key").asText()
                        + " "
                        + it.path("operator").asText()
                        + (it.path("key").asText().equals(NAME) ? "" : " " + it.path("values")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(JsonNode entry) {
        return Observed.stream(entry.at("/namespaceSelector/matchExpressions"))
                .filter(it -> it.path("key").asText().equals(NAME))
                .flatMap(it -> Observed.stream(it.path("values")))
                .map(JsonNode::asText)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The Deployments name the namespaces in which they read the configuration of KServe and Knative. */
    private static void settings(Observed cluster, List<Finding> findings) {
        record Setting(Source of, String product, String variable) {}
        for (Setting it : List.of(
                new Setting(Source.KSERVE, "KServe", "TRIMTAB_KSERVE_NAMESPACE"),
                new Setting(Source.KNATIVE, "Knative", "TRIMTAB_KNATIVE_NAMESPACE"))) {
            Set<String> places = cluster.items(it.of()).stream()
                    .map(Observed::namespace)
                    .collect(Collectors.toCollection(TreeSet::new));
            for (Source deployment : List.of(Source.WEBHOOK, Source.CONTROLLER)) {
                Optional<String> set = variable(cluster.value(deployment), it.variable());
                if (set.isPresent() && !places.isEmpty() && !places.contains(set.get())) {
                    findings.add(Finding.problem(
                            "Deployment %s/%s"
                                    .formatted(cluster.places().trimtab(), Observed.name(cluster.value(deployment))),
                            "%s is %s, but %s is in %s: Trimtab does not read its configuration"
                                    .formatted(it.variable(), set.get(), it.product(), String.join(", ", places)),
                            "set %s, and the namespace of the Role for it".formatted(it.variable())));
                }
            }
        }
    }

    static Optional<String> variable(JsonNode deployment, String name) {
        return Observed.stream(deployment.at("/spec/template/spec/containers"))
                .flatMap(it -> Observed.stream(it.path("env")))
                .filter(it -> it.path("name").asText().equals(name)
                        && it.path("value").isTextual())
                .map(it -> it.path("value").asText())
                .findFirst();
    }
}
