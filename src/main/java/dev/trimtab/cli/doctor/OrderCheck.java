package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Whether KServe's webhooks come before Trimtab's, and Knative's after. The API server calls mutating webhooks sorted by
 * the name of their configuration.
 */
final class OrderCheck implements Check {
    private static final Set<String> GROUPS = Set.of("serving.knative.dev", "serving.kserve.io", "*");
    private static final Set<String> RESOURCES = Set.of("services", "inferenceservices", "inferencegraphs", "*");

    private static final String ORDER_PAGE =
            "give it a name %s trimtab.dev (docs/architecture.md, The stability contract)";

    private static final String LEFT_OUT =
            "change the namespaceSelector, or label these namespaces trimtab.dev/ignore=true";

    /** Who registered a configuration, and on which side of Trimtab it belongs. */
    private enum Owner {
        KSERVE,
        KNATIVE,
        TRIMTAB,
        OTHER;

        static Owner of(JsonNode configuration) {
            List<String> names = new ArrayList<>(List.of(Observed.name(configuration)));
            configuration
                    .path("webhooks")
                    .forEach(it -> names.add(it.path("name").asText()));
            if (has(names, "." + Observed.CONFIGURATION) || names.get(0).equals(Observed.CONFIGURATION)) {
                return TRIMTAB;
            }
            if (has(names, "serving.knative.dev")) {
                return KNATIVE;
            }
            boolean kserve = has(names, "serving.kserve.io")
                    || has(names, "kserve-webhook-server")
                    || has(names, "odh-model-controller");
            return kserve ? KSERVE : OTHER;
        }

        private static boolean has(List<String> names, String part) {
            return names.stream().anyMatch(it -> it.contains(part));
        }
    }

    @Override
    public String name() {
        return "order";
    }

    @Override
    public String about() {
        return "KServe's and odh-model-controller's mutating webhooks come before Trimtab's, Knative's come after, and no"
                + " unknown webhook for the same kinds comes after; KServe's and Knative's leave out no namespace in which"
                + " Trimtab is asked";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        if (cluster.unread(Source.MUTATING).isPresent()) {
            return List.of(Finding.unchecked(
                    "MutatingWebhookConfigurations",
                    cluster.unread(Source.MUTATING).get()));
        }
        List<Finding> findings = new ArrayList<>();
        Set<String> reviewed = reviewed(cluster);
        for (JsonNode configuration : cluster.items(Source.MUTATING)) {
            boolean after = Observed.name(configuration).compareTo(Observed.CONFIGURATION) > 0;
            String where = "MutatingWebhookConfiguration " + Observed.name(configuration);
            switch (Owner.of(configuration)) {
                case KSERVE -> {
                    if (after && concerns(cluster, configuration, reviewed)) {
                        findings.add(Finding.problem(
                                where,
                                "comes after Trimtab's: Trimtab does not see KServe's defaults",
                                ORDER_PAGE.formatted("before")));
                    }
                }
                case KNATIVE -> {
                    if (!after && concerns(cluster, configuration, reviewed)) {
                        findings.add(Finding.problem(
                                where,
                                "comes before Trimtab's: Knative's defaults look like values of the author, so Trimtab"
                                        + " fills nothing in",
                                ORDER_PAGE.formatted("after")));
                    }
                }
                case OTHER -> {
                    if (after && concerns(cluster, configuration, reviewed)) {
                        findings.add(foreign(where));
                    }
                }
                case TRIMTAB -> {}
            }
            leftOut(cluster, configuration, reviewed)
                    .map(it -> Finding.warning(where, it, LEFT_OUT))
                    .ifPresent(findings::add);
        }
        return findings.isEmpty()
                ? List.of(Finding.fine(
                        "MutatingWebhookConfigurations", "KServe's come before Trimtab's, and only Knative's after"))
                : findings;
    }

    private static Finding foreign(String where) {
        return Finding.warning(
                where,
                "comes after Trimtab's for the same kinds: what it changes was not reviewed the first time",
                "look whether it changes model services; if it does, it must give the same answer when it is asked again");
    }

    /** Where Trimtab is asked to fill: the closed door alone is no reason to be there. */
    private static Set<String> reviewed(Observed cluster) {
        return NamespaceSelector.selected(
                cluster,
                Observed.stream(cluster.configuration(Source.MUTATING).path("webhooks"))
                        .filter(it -> !it.path("name").asText().startsWith("recorded"))
                        .filter(OrderCheck::isAboutModels));
    }

    /**
     * Whether the API server asks it about the same kinds, in a namespace in which it asks Trimtab. If it is not known which
     * these are, any namespace counts.
     */
    private static boolean concerns(Observed cluster, JsonNode configuration, Set<String> reviewed) {
        return reviewed.isEmpty()
                ? aboutModels(configuration).findAny().isPresent()
                : NamespaceSelector.selected(cluster, aboutModels(configuration)).stream()
                        .anyMatch(reviewed::contains);
    }

    /** What is missing in namespaces that KServe's or Knative's webhooks leave out. */
    private static Optional<String> leftOut(Observed cluster, JsonNode configuration, Set<String> reviewed) {
        Optional<String> missing =
                switch (Observed.name(configuration)) {
                    case "inferenceservice.serving.kserve.io" -> Optional.of("Trimtab does not see KServe's defaults");
                    case "webhook.serving.knative.dev" -> Optional.of("Knative writes no defaults");
                    default -> Optional.empty();
                };
        Set<String> left = new TreeSet<>(reviewed);
        left.removeAll(NamespaceSelector.selected(cluster, aboutModels(configuration)));
        return missing.filter(it -> !left.isEmpty())
                .map(it -> "leaves out %s by its namespaceSelector, where Trimtab reviews: %s there"
                        .formatted(String.join(", ", left), it));
    }

    private static Stream<JsonNode> aboutModels(JsonNode configuration) {
        return Observed.stream(configuration.path("webhooks")).filter(OrderCheck::isAboutModels);
    }

    private static boolean isAboutModels(JsonNode entry) {
        return Observed.stream(entry.path("rules"))
                .anyMatch(it -> any(it.path("apiGroups"), GROUPS) && any(it.path("resources"), RESOURCES));
    }

    private static boolean any(JsonNode list, Set<String> wanted) {
        return Observed.stream(list)
                .anyMatch(it -> wanted.contains(it.asText()) || it.asText().equals("*/*"));
    }
}
