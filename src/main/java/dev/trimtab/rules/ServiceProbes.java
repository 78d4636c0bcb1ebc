package dev.trimtab.rules;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.trimtab.knative.config.FeaturesConfig;
import dev.trimtab.manifest.Container;
import dev.trimtab.policy.Handler;
import dev.trimtab.policy.Probes;
import java.util.OptionalInt;

/** The probes of a Knative Service, on which Knative's queue-proxy runs the readiness probe. */
final class ServiceProbes {
    private ServiceProbes() {}

    static void fill(Draft draft, Facts facts, Container container, Probes wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        boolean sidecar = !container.getsTraffic();
        if (sidecar && !facts.knative().features().isEnabled(FeaturesConfig.MULTI_CONTAINER_PROBING)) {
            draft.leave(
                    ProbesRule.ID,
                    "%s is a sidecar to Knative: it is probed with multi-container-probing: enabled in config-features"
                            .formatted(container.name()));
            return;
        }
        ProbeShape shape = ProbeShape.forContainer(draft, container);
        OptionalInt startup = AuthorHint.STARTUP.seconds(draft, facts);
        wanted.readiness()
                .filter(it -> hasPort(draft, ProbesRule.READINESS, it, sidecar))
                .ifPresent(it -> ProbesRule.fill(draft, container.field(ProbesRule.READINESS), shape.readiness(it)));
        boolean heldBack = draft.value(container.field(ProbesRule.STARTUP)).isObject();
        if (wanted.startup().isPresent() && !heldBack) {
            draft.leave(
                    ProbesRule.ID, "no startupProbe on a Knative Service: it would switch Knative's fast probing off");
        }
        wanted.liveness()
                .filter(it -> hasPort(draft, ProbesRule.LIVENESS, it, sidecar))
                .ifPresent(it -> {
                    ObjectNode probe = shape.liveness(it, heldBack ? OptionalInt.empty() : startup);
                    ProbesRule.fill(draft, container.field(ProbesRule.LIVENESS), probe);
                });
    }

    /** The port of a sidecar cannot be guessed: 8080 may belong to the container beside it. */
    private static boolean hasPort(Draft draft, String probe, Handler handler, boolean sidecar) {
        boolean named = handler instanceof Handler.Exec
                || (handler instanceof Handler.HttpGet get && get.port().isPresent())
                || (handler instanceof Handler.TcpSocket socket && socket.port().isPresent())
                || (handler instanceof Handler.Grpc grpc && grpc.port().isPresent());
        if (sidecar && !named) {
            draft.leave(
                    ProbesRule.ID, "no %s: of a sidecar to Knative, the policy has to name the port".formatted(probe));
        }
        return named || !sidecar;
    }

    static void warnIfTooLate(Draft draft, Facts facts, Container container) {
        JsonPointer at = container.field(ProbesRule.STARTUP);
        JsonNode probe = draft.value(at);
        if (!probe.isObject()) {
            return;
        }
        // Kubernetes' own defaults, which Knative passes on.
        long longest = number(probe, "initialDelaySeconds", 0)
                + number(probe, "failureThreshold", 3) * number(probe, "periodSeconds", 10);
        long deadline = ProgressDeadlineRule.seconds(draft, facts);
        if (longest > deadline) {
            draft.warn(
                    ProbesRule.ID,
                    at,
                    "startupProbe may take %d s, but Knative gives the revision up after %d s"
                            .formatted(longest, deadline));
        }
    }

    private static long number(JsonNode probe, String field, int otherwise) {
        JsonNode value = probe.path(field);
        return value.canConvertToInt() && value.intValue() > 0 ? value.intValue() : otherwise;
    }
}
