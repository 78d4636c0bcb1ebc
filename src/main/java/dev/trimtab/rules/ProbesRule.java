package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.FeaturesConfig;
import dev.trimtab.manifest.Container;
import dev.trimtab.manifest.Kind;
import dev.trimtab.manifest.KnativeService;
import dev.trimtab.manifest.Manifest;
import dev.trimtab.policy.Handler;
import dev.trimtab.policy.Probes;
import java.util.OptionalInt;

/**
 * Asks the model server itself whether it is ready, alive and started, not only its port.
 *
 * <p>A server that opens its port before the model is loaded gets requests too soon: Knative and KServe ask for no more
 * than a TCP connection. From a profile's {@code probes} this rule fills {@code readinessProbe}, {@code livenessProbe}
 * and {@code startupProbe} of the serving container, each only where there is none of that kind; the readiness probe
 * that Knative or KServe's Standard mode writes by default counts as none. A handler without a port asks the
 * container's first port, else 8080; {@code {name}} in a path is the name of the InferenceService, else of the Service.
 *
 * <p>On a Knative Service, readiness has no {@code periodSeconds}: Knative then asks many times a second, so that a pod
 * gets its first request at once. A startup probe would switch that off, so none is filled there. Instead {@code
 * livenessProbe} waits for twice the start-up time, where that is known (annotation {@code trimtab.dev/startup-seconds}
 * on the template, or a profile's {@code startupSeconds}). A serving container that Knative takes for a sidecar, since
 * another one has the port, is probed only if {@code multi-container-probing} is enabled in {@code config-features} and
 * the profile names the port.
 *
 * <p>On a Deployment of KServe's Standard mode, each field is written out: readiness every 5 seconds, liveness every 10,
 * and a startup probe that allows twice the start-up time, or ten minutes where that is not known.
 *
 * <p>It leaves whatever the author wrote. It warns where an author's readiness probe asks only every 10 seconds or less
 * often, and where an author's startup probe on a Knative Service may take longer than the progress deadline.
 *
 * <p>Example: profile with {@code probes: readiness: httpGet: {path: /health}}: {@code readinessProbe: {httpGet: {path:
 * /health, port: 8080}, successThreshold: 1}}. Source: Knative 1.23, k8s_validation.go 809-929,
 * revision_defaults.go 134-204; kserve 0.20, deployment_reconciler.go 304-336.
 */
final class ProbesRule implements Rule {
    private static final String READINESS = "readinessProbe";
    private static final String LIVENESS = "livenessProbe";
    private static final String STARTUP = "startupProbe";
    /** KServe's name for what computes for a multi-node model, in a Deployment of its own. */
    private static final String WORKER = "worker-container";

    private static final int SLOW = 10;
    private static final String BECAUSE = "the policy's value for models of this kind";

    @Override
    public String id() {
        return "probes";
    }

    @Override
    public void apply(Draft draft, Facts facts) {
        ObjectNode root = draft.service().root();
        Container.serving(root).ifPresent(container -> {
            fill(draft, facts, container);
            warnIfSlow(draft, container);
            warnIfTooLate(draft, facts, container);
        });
    }

    private void fill(Draft draft, Facts facts, Container container) {
        Probes wanted = facts.policy().serving().probes();
        boolean deployment = draft.kind() == Kind.DEPLOYMENT;
        boolean sidecar = !deployment && !container.getsTraffic();
        if (wanted.readiness().isEmpty()
                && wanted.liveness().isEmpty()
                && wanted.startup().isEmpty()) {
            return;
        }
        if (container.name().equals(WORKER)) {
            draft.leave(id(), "a worker of a multi-node model answers no requests");
            return;
        }
        if (sidecar && !facts.knative().features().isEnabled(FeaturesConfig.MULTI_CONTAINER_PROBING)) {
            draft.leave(
                    id(),
                    "%s is a sidecar to Knative: it is probed with multi-container-probing: enabled in config-features"
                            .formatted(container.name()));
            return;
        }
        ProbeShape shape =
                new ProbeShape(deployment, name(draft), container.firstPort().orElse(Container.DEFAULT_PORT));
        OptionalInt startup = Promised.STARTUP.seconds(draft, facts);
        wanted.readiness().filter(it -> hasPort(draft, READINESS, it, sidecar)).ifPresent(it -> {
            fill(draft, container.field(READINESS), shape.readiness(it));
        });
        if (deployment) {
            wanted.startup().ifPresent(it -> {
                fill(draft, container.field(STARTUP), shape.startup(it, startup));
            });
        } else if (wanted.startup().isPresent()) {
            draft.leave(id(), "no startupProbe on a Knative Service: it would switch Knative's fast probing off");
        }
        boolean heldBack = draft.value(container.field(STARTUP)).isObject();
        wanted.liveness().filter(it -> hasPort(draft, LIVENESS, it, sidecar)).ifPresent(it -> {
            ObjectNode probe = shape.liveness(it, heldBack ? OptionalInt.empty() : startup);
            fill(draft, container.field(LIVENESS), probe);
        });
    }

    private void fill(Draft draft, JsonPointer at, ObjectNode probe) {
        if (ProbeShape.isShortFor(draft.value(at), probe)) {
            draft.writeOut(id(), at, probe, BECAUSE);
        } else {
            draft.fillOverNothing(id(), at, probe, "", BECAUSE);
        }
    }

    /** The InferenceService's where KServe renders it: its Services have a suffix that the model server does not know. */
    private static String name(Draft draft) {
        Manifest manifest = new Manifest(draft.service().root());
        return manifest.labels().getOrDefault(KnativeService.INFERENCE_SERVICE_LABEL, manifest.name());
    }

    /** The port of a sidecar cannot be guessed: 8080 is as likely that of the container beside it. */
    private boolean hasPort(Draft draft, String probe, Handler handler, boolean sidecar) {
        boolean named = handler instanceof Handler.Exec
                || (handler instanceof Handler.HttpGet get && get.port().isPresent())
                || (handler instanceof Handler.TcpSocket socket && socket.port().isPresent())
                || (handler instanceof Handler.Grpc grpc && grpc.port().isPresent());
        if (sidecar && !named) {
            draft.leave(id(), "no %s: of a sidecar to Knative, the policy has to name the port".formatted(probe));
        }
        return named || !sidecar;
    }

    private void warnIfSlow(Draft draft, Container container) {
        JsonNode period = draft.value(container.field(READINESS, "periodSeconds"));
        boolean chosen = !DefaultedProbe.isAt(draft.service().root(), container.field(READINESS));
        if (chosen && period.isIntegralNumber() && period.longValue() >= SLOW) {
            draft.warn(
                    id(),
                    "readinessProbe asks every %s s: a pod that is ready waits that long for requests"
                            .formatted(period.asText()));
        }
    }

    private void warnIfTooLate(Draft draft, Facts facts, Container container) {
        JsonNode probe = draft.value(container.field(STARTUP));
        if (draft.kind() == Kind.DEPLOYMENT || !probe.isObject()) {
            return;
        }
        // Kubernetes' own defaults, which Knative passes on.
        long longest = number(probe, "initialDelaySeconds", 0)
                + number(probe, "failureThreshold", 3) * number(probe, "periodSeconds", 10);
        long deadline = ProgressDeadlineRule.seconds(draft, facts);
        if (longest > deadline) {
            draft.warn(
                    id(),
                    "startupProbe may take %d s, but Knative gives the revision up after %d s"
                            .formatted(longest, deadline));
        }
    }

    private static long number(JsonNode probe, String field, int otherwise) {
        JsonNode value = probe.path(field);
        return value.canConvertToInt() && value.intValue() > 0 ? value.intValue() : otherwise;
    }
}
