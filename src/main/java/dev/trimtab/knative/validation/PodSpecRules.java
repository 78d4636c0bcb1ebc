package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.trimtab.knative.config.FeaturesConfig;
import dev.trimtab.knative.golang.GoParsing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks {@code spec.template.spec} as Knative does. The API server drops fields that are not in Knative's CRD. */
final class PodSpecRules {
    private final JsonNode pod;
    private final FeaturesConfig features;
    private final Map<String, JsonNode> volumes;

    private PodSpecRules(JsonNode pod, FeaturesConfig features) {
        this.pod = pod;
        this.features = features;
        this.volumes = VolumeRules.byName(pod);
    }

    /** Paths are relative to the pod spec. */
    static List<FieldProblem> check(JsonNode pod, FeaturesConfig features) {
        PodSpecRules rules = new PodSpecRules(pod, features);
        List<FieldProblem> problems = new ArrayList<>(rules.gates());
        problems.addAll(Duplicates.check(pod));
        problems.addAll(VolumeRules.check(pod, features));
        problems.addAll(rules.initContainers());
        problems.addAll(rules.portCount());
        problems.addAll(rules.containers());
        return problems;
    }

    private List<FieldProblem> gates() {
        List<String> disallowed =
                new ArrayList<>(FeatureGates.closedFields(pod, features).keySet());
        if (Fields.isTrue(pod, "automountServiceAccountToken")) {
            disallowed.add("automountServiceAccountToken");
        }
        return disallowed.isEmpty() ? List.of() : List.of(FieldProblem.disallowed(disallowed.toArray(String[]::new)));
    }

    private List<FieldProblem> initContainers() {
        List<JsonNode> containers = Fields.list(pod, "initContainers");
        if (containers.isEmpty()) {
            return List.of();
        }
        if (!features.isEnabled(FeaturesConfig.INIT_CONTAINERS)) {
            return List.of(FieldProblem.of("pod spec support for init-containers is off, but found " + containers.size()
                    + " init containers"));
        }
        List<FieldProblem> problems = new ArrayList<>();
        for (int i = 0; i < containers.size(); i++) {
            List<FieldProblem> found = new ArrayList<>();
            for (String field : List.of("livenessProbe", "readinessProbe", "startupProbe", "lifecycle")) {
                if (Fields.has(containers.get(i), field)) {
                    found.add(FieldProblem.of("field not allowed in an init container", field));
                }
            }
            found.addAll(ContainerRules.check(containers.get(i), false, volumes, features));
            // Knative reports init containers under the path of the other containers.
            problems.addAll(FieldProblem.under("containers[" + i + "]", found));
        }
        return problems;
    }

    private List<FieldProblem> portCount() {
        List<JsonNode> containers = Fields.list(pod, "containers");
        int count = containers.stream()
                .mapToInt(container -> Fields.list(container, "ports").size())
                .sum();
        if (count == 0 && containers.size() > 1) {
            return List.of(FieldProblem.missing("containers[*].ports"));
        }
        return count > 1
                ? List.of(FieldProblem.of("more than one container port is set", "containers[*].ports")
                        .withDetails("Only a single port is allowed across all containers"))
                : List.of();
    }

    private List<FieldProblem> containers() {
        List<JsonNode> containers = Fields.list(pod, "containers");
        if (containers.isEmpty()) {
            return List.of(FieldProblem.missing("containers"));
        }
        if (containers.size() > 1 && !features.isEnabled(FeaturesConfig.MULTI_CONTAINER)) {
            return List.of(FieldProblem.of("multi-container is off, but found " + containers.size() + " containers"));
        }
        List<FieldProblem> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < containers.size(); i++) {
            String name = Fields.text(containers.get(i), "name");
            List<FieldProblem> found = new ArrayList<>();
            // Knative gives each container without a name a name of its own.
            if (!name.isEmpty() && !names.add(name)) {
                found.add(FieldProblem.of("duplicate container name " + GoParsing.quote(name), "name"));
            }
            found.addAll(container(containers.get(i), containers.size()));
            problems.addAll(FieldProblem.under("containers[" + i + "]", found));
        }
        return problems;
    }

    private List<FieldProblem> container(JsonNode container, int count) {
        List<JsonNode> ports = Fields.list(container, "ports");
        boolean serving = count == 1 || !ports.isEmpty();
        String portName = ports.isEmpty() ? "" : Fields.text(ports.get(0), "name");
        List<FieldProblem> problems = new ArrayList<>(
                serving
                        ? ProbeRules.serving(container, portName.isEmpty() ? "http" : portName)
                        : ProbeRules.sidecar(container, features.isEnabled(FeaturesConfig.MULTI_CONTAINER_PROBING)));
        problems.addAll(ContainerRules.check(container, serving, volumes, features));
        return problems;
    }

    /** The API server refuses duplicates before Knative is asked. */
    static final class Duplicates {
        private Duplicates() {}

        static List<FieldProblem> check(JsonNode pod) {
            List<FieldProblem> problems = new ArrayList<>(of(pod, "imagePullSecrets", "name", ""));
            List<JsonNode> containers = Fields.list(pod, "containers");
            for (int i = 0; i < containers.size(); i++) {
                String container = "containers[" + i + "].";
                problems.addAll(of(containers.get(i), "env", "name", container));
                problems.addAll(of(containers.get(i), "volumeMounts", "mountPath", container));
            }
            return problems;
        }

        private static List<FieldProblem> of(JsonNode parent, String list, String key, String lead) {
            List<FieldProblem> problems = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            List<JsonNode> elements = Fields.list(parent, list);
            for (int i = 0; i < elements.size(); i++) {
                String value = Fields.text(elements.get(i), key);
                if (!value.isEmpty() && !seen.add(value)) {
                    problems.add(FieldProblem.of(
                            "duplicate " + key + " " + GoParsing.quote(value), lead + list + "[" + i + "]"));
                }
            }
            return problems;
        }
    }
}
