package dev.trimtab.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The values that Knative writes into an incomplete probe (Knative 1.23, revision_defaults.go 172-204). */
final class ProbeDefaults {
    private static final List<String> PROBES = List.of("readinessProbe", "livenessProbe", "startupProbe");

    private ProbeDefaults() {}

    static void fillIn(ObjectNode container) {
        for (String name : PROBES) {
            if (container.path(name) instanceof ObjectNode probe && !probe.isEmpty()) {
                fillIn(probe, name.equals("readinessProbe"));
            }
        }
    }

    /** @param readiness for which Knative has its own numbers */
    static void fillIn(ObjectNode probe, boolean readiness) {
        if (probe.path("grpc") instanceof ObjectNode grpc && !grpc.hasNonNull("service")) {
            grpc.put("service", "");
        }
        if (readiness) {
            orElse(probe, "successThreshold", 1);
            if (probe.path("periodSeconds").asInt() != 0) {
                orElse(probe, "failureThreshold", 3);
                orElse(probe, "timeoutSeconds", 1);
            }
        }
    }

    private static void orElse(ObjectNode probe, String field, int value) {
        if (probe.path(field).asInt() == 0) {
            probe.put(field, value);
        }
    }
}
