package dev.trimtab.knative.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks probes as Knative does (pkg/apis/serving/k8s_validation.go), after Knative's defaulting. A readiness probe
 * without a handler becomes a TCP probe. With a period it gets failureThreshold 3 and timeoutSeconds 1.
 */
final class ProbeRules {
    private static final List<String> HANDLERS = List.of("httpGet", "tcpSocket", "exec", "grpc");
    private static final List<String> FIELDS = List.of(
            "httpGet",
            "tcpSocket",
            "exec",
            "grpc",
            "initialDelaySeconds",
            "timeoutSeconds",
            "periodSeconds",
            "successThreshold",
            "failureThreshold");
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");

    private ProbeRules() {}

    /**
     * Checks the probes of the container that gets traffic.
     *
     * @param portName "http" if the port has no name
     */
    static List<FieldProblem> serving(JsonNode container, String portName) {
        List<FieldProblem> problems = new ArrayList<>();
        for (String probe : PROBES) {
            if (Fields.has(container, probe)) {
                problems.addAll(FieldProblem.under(probe, servingProbe(probe, container.get(probe), portName)));
            }
        }
        return problems;
    }

    private static List<FieldProblem> servingProbe(String kind, JsonNode probe, String portName) {
        boolean readiness = kind.equals("readinessProbe");
        List<FieldProblem> problems = new ArrayList<>(handlers(probe, readiness));
        for (String handler : List.of("httpGet", "tcpSocket")) {
            String port = Fields.text(Fields.at(probe, handler), "port");
            if (!port.isEmpty() && !port.equals(portName)) {
                problems.add(FieldProblem.invalidValue(port, handler + ".port")
                        .withDetails("Probe port must match container port"));
            }
        }
        if (readiness) {
            problems.addAll(readiness(probe));
        }
        return problems;
    }

    /** Checks the probes of other containers. They may have none, unless the cluster allows it. */
    static List<FieldProblem> sidecar(JsonNode container, boolean allowed) {
        List<FieldProblem> problems = new ArrayList<>();
        for (String probe : PROBES) {
            if (Fields.has(container, probe)) {
                JsonNode node = container.get(probe);
                List<FieldProblem> found = allowed ? sidecarProbe(probe, node) : disallowed(node);
                problems.addAll(FieldProblem.under(probe, found));
            }
        }
        return problems;
    }

    private static List<FieldProblem> disallowed(JsonNode probe) {
        String[] set = FIELDS.stream()
                .filter(field ->
                        HANDLERS.contains(field) ? Fields.has(probe, field) : Fields.integer(probe, field) != 0)
                .toArray(String[]::new);
        return set.length == 0 ? List.of() : List.of(FieldProblem.disallowed(set));
    }

    private static List<FieldProblem> sidecarProbe(String kind, JsonNode probe) {
        List<FieldProblem> problems = new ArrayList<>(handlers(probe, false));
        for (String handler : List.of("httpGet", "tcpSocket")) {
            JsonNode action = Fields.at(probe, handler);
            boolean port = !Fields.text(action, "port").isEmpty() || Fields.integer(action, "port") != 0;
            if (Fields.has(probe, handler) && !port) {
                problems.add(
                        FieldProblem.invalidValue(0, handler + ".port").withDetails("Probe port must be specified"));
            }
        }
        if (kind.equals("readinessProbe")) {
            problems.addAll(readiness(probe));
        }
        return problems;
    }

    private static List<FieldProblem> handlers(JsonNode probe, boolean defaulted) {
        String[] set = HANDLERS.stream()
                .filter(handler -> Fields.has(probe, handler))
                // Knative spells grpc differently if there are several handlers.
                .map(handler -> handler.equals("grpc") ? "gRPC" : handler)
                .toArray(String[]::new);
        if (set.length > 1) {
            return List.of(FieldProblem.of("expected exactly one, got both", set));
        }
        if (set.length == 0 && !defaulted) {
            return List.of(FieldProblem.of("expected exactly one, got neither", HANDLERS.toArray(String[]::new)));
        }
        return List.of();
    }

    private static List<FieldProblem> readiness(JsonNode probe) {
        List<FieldProblem> problems = new ArrayList<>();
        long period = Fields.integer(probe, "periodSeconds");
        atLeast(problems, probe, "periodSeconds", 0);
        atLeast(problems, probe, "initialDelaySeconds", 0);
        if (Fields.integer(probe, "successThreshold") != 0) {
            atLeast(problems, probe, "successThreshold", 1);
        }
        for (String field : List.of("failureThreshold", "timeoutSeconds")) {
            long value = Fields.integer(probe, field);
            if (period == 0 && value != 0) {
                // Without a period Knative decides how often and how long to probe.
                problems.add(FieldProblem.of(field + " is disallowed when periodSeconds is zero", field));
            } else if (value != 0) {
                atLeast(problems, probe, field, 1);
            }
        }
        return problems;
    }

    private static void atLeast(List<FieldProblem> problems, JsonNode probe, String field, int lower) {
        long value = Fields.integer(probe, field);
        if (value < lower) {
            problems.add(FieldProblem.outOfBounds(value, lower, Integer.MAX_VALUE, field));
        }
    }
}
