package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Kind;
import dev.trimtab.policy.Probes;

/**
 * Probes the model server itself, not only its port.
 *
 * <p>By default Knative and KServe check only a TCP connection, so a server that opens its port before the model is
 * loaded gets requests too soon. From a profile's {@code probes} this rule fills {@code readinessProbe}, {@code
 * livenessProbe} and {@code startupProbe} of the serving container, each only if the container has none of that kind.
 * The readiness probe that Knative or KServe's Standard mode writes by default counts as none. A handler without a
 * port uses the container's first port, or 8080. {@code {name}} in a path is the name of the InferenceService, or
 * else of the Service.
 *
 * <p>On a Knative Service, readiness has no {@code periodSeconds}: Knative then probes many times a second, so a pod
 * gets its first request at once. A startup probe would switch that off, so the rule fills none there. Instead,
 * {@code livenessProbe} waits for twice the start-up time, if that is known (annotation {@code
 * trimtab.dev/startup-seconds} on the template, or a profile's {@code startupSeconds}). Knative takes a serving
 * container for a sidecar if another container has the port. Such a container gets probes only if {@code
 * multi-container-probing} is enabled in {@code config-features} and the profile names the port.
 *
 * <p>On a Deployment of KServe's Standard mode the rule writes out each field: readiness every 5 seconds, liveness
 * every 10, and a startup probe that allows twice the start-up time, or ten minutes if that is unknown.
 *
 * <p>It leaves what the author wrote. It warns if the author's readiness probe runs only every 10 seconds or less
 * often, and if the author's startup probe on a Knative Service may take longer than the progress deadline.
 *
 * <p>Example: a profile with {@code probes: readiness: httpGet: {path: /health}} gives {@code readinessProbe:
 * {httpGet: {path: /health, port: 8080}, successThreshold: 1}}. Source: Knative 1.23, k8s_validation.go 809-929,
 * revision_defaults.go 134-204; kserve 0.20, deployment_reconciler.go 304-336.
 */
final class ProbesRule implements Rule {
    static final String ID = "probes";
    static final String READINESS = "readinessProbe";
    static final String LIVENESS = "livenessProbe";
    static final String STARTUP = "startupProbe";
    private static final int SLOW = 10;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public void apply(Draft draft, Facts facts) {
        Probes wanted = facts.policy().serving().probes();
        Container.serving(draft.service().root()).ifPresent(container -> {
            if (draft.kind() == Kind.DEPLOYMENT) {
                DeploymentProbes.fill(draft, facts, container, wanted);
                warnIfSlow(draft, container);
            } else {
                ServiceProbes.fill(draft, facts, container, wanted);
                warnIfSlow(draft, container);
                ServiceProbes.warnIfTooLate(draft, facts, container);
            }
        });
    }

    static void fill(Draft draft, JsonPointer at, ObjectNode probe) {
        String because = "the policy's value for models of this kind";
        if (ProbeShape.isShortFor(draft.value(at), probe)) {
            draft.writeOut(ID, at, probe, because);
        } else {
            draft.fillOverNothing(ID, at, probe, "", because);
        }
    }

    private static void warnIfSlow(Draft draft, Container container) {
        JsonPointer at = container.field(READINESS, "periodSeconds");
        JsonNode period = draft.value(at);
        boolean chosen = !DefaultedProbe.isAt(draft.service().root(), container.field(READINESS));
        if (chosen && period.isIntegralNumber() && period.longValue() >= SLOW) {
            draft.warn(
                    ID,
                    at,
                    "readinessProbe asks every %s s: a pod that is ready waits that long for requests"
                            .formatted(period.asText()));
        }
    }
}
