package dev.trimtab.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Whether KServe's webhooks come before Trimtab's, and Knative's after. The API server calls mutating webhooks sorted by
 * the name of their configuration.
 */
final class OrderCheck implements Check {
    private static final Set<String> GROUPS = Set.of("serving.knative.dev", "serving.kserve.io", "*");
    private static final Set<String> RESOURCES = Set.of("services", "inferenceservices", "inferencegraphs", "*");

    private static final String ORDER_PAGE =
            "give it a name %s trimtab.dev (docs/architecture.md, The stability contract)";

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
                + " unknown webhook for the same kinds comes after";
    }

    @Override
    public List<Finding> of(Observed cluster) {
        if (cluster.unread(Source.MUTATING).isPresent()) {
            return List.of(Finding.unchecked(
                    "MutatingWebhookConfigurations",
                    cluster.unread(Source.MUTATING).get()));
        }
        List<Finding> findings = new ArrayList<>();
        for (JsonNode configuration : cluster.items(Source.MUTATING)) {
            boolean after = Observed.name(configuration).compareTo(Observed.CONFIGURATION) > 0;
            String where = "MutatingWebhookConfiguration " + Observed.name(configuration);
            switch (Owner.of(configuration)) {
                case KSERVE -> {
                    if (after && concerns(configuration)) {
                        findings.add(Finding.problem(
                                where,
                                "comes after Trimtab's: Trimtab does not see KServe's defaults",
                                ORDER_PAGE.formatted("before")));
                    }
                }
                case KNATIVE -> {
                    if (!after && concerns(configuration)) {
                        findings.add(Finding.problem(
                                where,
                                "comes before Trimtab's: Knative's defaults look like values of the author, so Trimtab"
                                        + " fills nothing in",
                                ORDER_PAGE.formatted("after")));
                    }
                }
                case OTHER -> {
                    if (after && concerns(configuration)) {
                        findings.add(foreign(where));
                    }
                }
                case TRIMTAB -> {}
            }
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

    private static boolean concerns(JsonNode configuration) {
        return Observed.stream(configuration.path("webhooks"))
                .flatMap(it -> Observed.stream(it.path("rules")))
                .anyMatch(it -> any(it.path("apiGroups"), GROUPS) && any(it.path("resources"), RESOURCES));
    }

    private static boolean any(JsonNode list, Set<String> wanted) {
        return Observed.stream(list)
                .anyMatch(it -> wanted.contains(it.asText()) || it.asText().equals("*/*"));
    }
}
