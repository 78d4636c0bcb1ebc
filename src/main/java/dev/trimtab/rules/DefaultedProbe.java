package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.manifest.Pointers;
import java.util.Optional;
import java.util.Set;

/**
 * A readiness probe that nobody chose. It counts as none: a fill replaces it, and a write that sends it instead of a
 * filled probe is no change.
 *
 * <p>Knative writes {@code tcpSocket: {}} into the container with the traffic (Knative 1.23, revision_defaults.go
 * 160-192). KServe's Standard mode writes a TCP probe of the first port into its Deployments, at each reconcile (kserve
 * 0.20, deployment_reconciler.go 304-336).
 */
public final class DefaultedProbe {
    private static final String READINESS = "readinessProbe";
    private static final Set<String> OF_KNATIVE = Set.of("tcpSocket", "successThreshold");

    /** KServe gives a probe to these two containers only. */
    private static final Set<String> PROBED_BY_KSERVE = Set.of("kserve-container", "transformer-container");

    private DefaultedProbe() {}

    /** Whether such a probe is at this place of a Service or Deployment. */
    public static boolean isAt(ObjectNode workload, JsonPointer at) {
        if (at.matches() || !READINESS.equals(at.last().getMatchingProperty())) {
            return false;
        }
        boolean deployment = new Manifest(workload).kind() == Kind.DEPLOYMENT;
        return Container.of(workload).stream()
                .filter(container -> container.field(READINESS).equals(at))
                .anyMatch(container -> deployment ? isOfKserve(container) : isOfKnative(container));
    }

    private static boolean isOfKnative(Container container) {
        JsonNode probe = container.node().path(READINESS);
        if (!container.getsTraffic() || !probe.isObject()) {
            return false;
        }
        boolean nothingElse = probe.properties().stream().allMatch(field -> OF_KNATIVE.contains(field.getKey()));
        JsonNode success = probe.path("successThreshold");
        JsonNode socket = probe.path("tcpSocket");
        // Typed clients write an unset port as 0.
        boolean anyPort = Pointers.isAbsent(socket) || (socket.size() == 1 && isNumber(socket.path("port"), 0));
        return nothingElse
                && anyPort
                && (socket.isObject() || probe.isEmpty())
                && (success.isMissingNode() || isNumber(success, 0) || isNumber(success, 1));
    }

    private static boolean isOfKserve(Container container) {
        return ofKserve(container)
                .filter(probe -> probe.equals(container.node().path(READINESS)))
                .isPresent();
    }

    /** KServe's own probe in Standard mode, for a container without one. */
    public static Optional<ObjectNode> ofKserve(Container container) {
        ObjectNode probe = JsonNodeFactory.instance.objectNode();
        probe.putObject("tcpSocket").put("port", container.firstPort().orElse(Container.DEFAULT_PORT));
        probe.put("timeoutSeconds", 1).put("periodSeconds", 10);
        probe.put("successThreshold", 1).put("failureThreshold", 3);
        return Optional.of(probe).filter(it -> PROBED_BY_KSERVE.contains(container.name()));
    }

    private static boolean isNumber(JsonNode node, int value) {
        return node.isIntegralNumber() && node.longValue() == value;
    }
}
